"""AsyncSession: awaited commits and closes count, in finally and before each return."""
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from team.db import get_async_session
from team.models import Member

router = APIRouter()
SessionDep = Annotated[AsyncSession, Depends(get_async_session)]


@router.get("/members")
async def list_members(session: SessionDep, role: str = "any"):
    members = (await session.scalars(select(Member.name))).all()
    if role == "any":
        await session.commit()
        await session.close()
        return members
    await session.close()
    return [name for name in members if name.endswith(role)]


@router.post("/members")
async def add_member(name: str, session: SessionDep):
    try:
        session.add(Member(name=name))
        await session.commit()
    except IntegrityError:
        await session.rollback()
        await session.close()
        return {"created": False}
    await session.close()
    return {"created": True}


@router.delete("/members/{member_id}")
async def remove_member(member_id: int, session: SessionDep):
    try:
        member = await session.get(Member, member_id)
        if member is None:
            raise HTTPException(404)
        if member.owner:
            return {"removed": False}
        await session.delete(member)
        await session.commit()
        return {"removed": True}
    finally:
        await session.close()
