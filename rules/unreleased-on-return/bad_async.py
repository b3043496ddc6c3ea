"""AsyncSession, a service that is given the session, and a commit followed by a refresh."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from team.db import get_async_session
from team.models import Member
from team.services import MemberExists, member_service

router = APIRouter()


@router.get("/members/{member_id}")
async def read_member(member_id: int, session: AsyncSession = Depends(get_async_session)):
    member = await session.get(Member, member_id)
    if member is None:
        return {"member": None}  # expect: unreleased-on-return
    name = member.name
    await session.commit()
    await session.close()
    return {"member": name}


@router.put("/members/{member_id}")
async def rename(member_id: int, name: str, session: AsyncSession = Depends(get_async_session)):
    try:
        result = await member_service.rename(session, member_id, name)
        await session.commit()
        await session.close()
        return result
    except MemberExists as error:
        return {"error": str(error)}  # expect: unreleased-on-return
    except ValueError:
        return {"error": "bad name"}


@router.post("/members")
async def add_member(name: str, short: bool = False, session: AsyncSession = Depends(get_async_session)):
    member = Member(name=name)
    session.add(member)
    await session.commit()
    if not short:
        await session.refresh(member)
        return {"name": member.name}  # expect: unreleased-on-return
    await session.close()
    return {}


@router.get("/members")
async def list_members(after: int = 0, session: AsyncSession = Depends(get_async_session)):
    async for row in await session.stream_scalars(select(Member)):
        if row.id == after:
            break
    else:
        await session.close()
        return {"found": False}
    return {"found": True}  # expect: unreleased-on-return
