from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
import httpx

engine = create_async_engine("postgresql+asyncpg://localhost/shop")
maker = async_sessionmaker(engine)
app = FastAPI()


async def get_session():
    async with maker() as session:
        yield session


class Repository:
    def __init__(self, session: AsyncSession):
        self.session = session

    @classmethod
    def from_session(cls, session: AsyncSession) -> "Repository":
        return cls(session)

    async def first(self):
        return (await self.session.execute(select(Thing))).scalar_one_or_none()


async def repository(session: AsyncSession = Depends(get_session)) -> Repository:
    return Repository.from_session(session)


class Crud:
    def __init__(self, session: AsyncSession):
        self.session = session

    @classmethod
    async def inject(cls, session: AsyncSession = Depends(get_session)) -> "Crud":
        return cls(session)


def make_repository(kind: type[Repository]):
    async def dependency(session: AsyncSession = Depends(get_session)):
        return kind(session)
    return dependency


@app.get("/rates")
async def rates(things: Repository = Depends(repository)):
    async with httpx.AsyncClient() as client:
        answer = await client.get("https://rates.example")
    return answer.json()


@app.get("/tail")
async def tail(things: Crud = Depends(Crud.inject), more: Repository = Depends(make_repository(Repository))):
    async def lines():
        for n in range(9):
            yield f"{n}\n"
    return StreamingResponse(lines())
