# options: --policy=explicit
"""Explicit asks for no commit and close on a session that nobody uses: this note is all there is to say."""
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from status.db import get_db
from status.health import check_disk, check_queue

router = APIRouter()


@router.get("/health")
def health(db: Session = Depends(get_db)):  # expect: unused-session
    if not check_disk():
        return {"ok": False}
    if not check_queue():
        raise HTTPException(503)
    return {"ok": True}


def make_router(prefix: str) -> APIRouter:
    nested = APIRouter(prefix=prefix)

    @nested.get("/ready")
    async def ready(session: Session = Depends(get_db)):  # expect: unused-session
        return {"ready": check_queue()}

    return nested
