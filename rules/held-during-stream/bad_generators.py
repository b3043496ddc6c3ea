"""The stream's own session stays in a transaction while something else makes the chunks."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from orchard.db import AsyncSessionLocal
from orchard.models import Story, Tree
from orchard.upstream import narrate

router = APIRouter()


async def told():
    async with AsyncSessionLocal() as session:
        name = await session.scalar(select(Tree.name))
        async for word in narrate(name):
            yield word  # expect: held-during-stream "while it yields"


@router.get("/told")
async def stream():
    return StreamingResponse(told())


@router.get("/saved")
async def nested(tree_id: int):
    async def generate():
        async with AsyncSessionLocal() as session:
            tree = await session.get(Tree, tree_id)
            text = ""
            async for word in narrate(tree.name):
                text += word
                yield word  # expect: held-during-stream
            session.add(Story(text=text))
            await session.commit()

    return StreamingResponse(generate())
