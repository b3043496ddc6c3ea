# Receivers that nothing is known of: some methods are known by name.
from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from inn.db import get_async_session
from inn.graphs import graph_for
from inn.models import Guest

router = APIRouter()


@router.get("/plan/{guest}")
async def plan(guest: int, session: AsyncSession = Depends(get_async_session)):
    found = await session.get(Guest, guest)
    graph = graph_for(found.language)
    return await graph.ainvoke({"name": found.name})  # expect: held-during-external-call


@router.get("/history/{guest}")
async def history(guest: int, session: AsyncSession = Depends(get_async_session)):
    found = await session.get(Guest, guest)
    graph = graph_for(found.language)
    return [s async for s in graph.aget_state_history(found.thread)]  # expect: held-during-external-call


@router.get("/near/{guest}")
async def near(request: Request, guest: int, session: AsyncSession = Depends(get_async_session)):
    found = await session.get(Guest, guest)
    return await request.app.state.llm.embed_text(found.notes)  # expect: held-during-external-call
