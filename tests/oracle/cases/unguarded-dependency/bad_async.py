"""An async dependency without try, and a handler that fails."""
# request: GET /items/0
# also: unreleased-on-raise
import os

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

app = FastAPI()
engine = create_async_engine(os.environ["ASYNC_DATABASE_URL"])


async def get_session():
    session = AsyncSession(engine)
    yield session
    await session.close()


@app.get("/items/{item_id}")
async def item(item_id: int, session: AsyncSession = Depends(get_session)):
    found = await session.execute(text("select name from items where id = :id"), {"id": item_id})
    name = found.scalar()
    if name is None:
        raise HTTPException(404)
    return {"name": name}
