"""AsyncSession: the same, and a close that is not awaited closes nothing."""
import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from radio.models import Episode, Show

engine = create_async_engine("postgresql+asyncpg:///radio")
async_session_maker = async_sessionmaker(engine, expire_on_commit=False)


async def episodes(show_id: int) -> list[str]:
    session = async_session_maker()  # expect: session-not-closed "`session`"
    rows = await session.scalars(select(Episode.title).where(Episode.show_id == show_id))
    return rows.all()


async def latest(show_id: int) -> str | None:
    session = AsyncSession(engine)  # expect: session-not-closed
    episode = await session.scalar(select(Episode).where(Episode.show_id == show_id).limit(1))
    if episode is None:
        return None
    await session.close()
    return episode.title


async def publish(episode_id: int) -> None:
    session = async_session_maker()  # expect: session-not-closed
    episode = await session.get(Episode, episode_id)
    episode.public = True
    await asyncio.sleep(1)
    await session.commit()
    await session.close()


async def poll() -> None:
    while True:
        session = async_session_maker()  # expect: session-not-closed
        for show in await session.scalars(select(Show)):
            if show.stale:
                continue
        await asyncio.sleep(60)
