"""A dependency this version cannot see into is counted as unknown, never guessed."""
from fastapi import APIRouter, Depends

from depot.dependencies import Storage, current_unit_of_work, gateway, repository

router = APIRouter()


@router.get("/parts/{part_id}")
def read_part(part_id: int, parts=Depends(repository)):
    part = parts.get(part_id)
    if part is None:
        return {"part": None}
    parts.commit()
    parts.close()
    return {"part": part}


@router.post("/parts")
async def add_part(name: str, work=Depends(current_unit_of_work)):
    async with work:
        if await work.parts.find(name):
            return {"added": False}
        await work.parts.add(name)
        await work.commit()
    return {"added": True}


@router.get("/stock")
def stock(store: Storage = Depends(gateway("main"))):
    level = store.query("stock")
    if not level:
        return 0
    store.close()
    return level


@router.get("/stock/all")
def all_stock(store: Storage = Depends()):
    if not store.query("stock"):
        return []
    store.close()
    return [1]
