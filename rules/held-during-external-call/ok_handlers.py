from contextlib import asynccontextmanager
from typing import Annotated, AsyncIterator

import httpx
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request, WebSocket
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker, create_async_engine


@asynccontextmanager
async def lifespan(app: FastAPI):
    engine = create_async_engine("postgresql+asyncpg://localhost/shop")
    app.state.maker = async_sessionmaker(engine, expire_on_commit=False)
    async with httpx.AsyncClient() as client:
        app.state.client = client
        yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.maker() as session:
        try:
            yield session
            await session.commit()
        except BaseException:
            await session.rollback()
            raise


SessionDep = Annotated[AsyncSession, Depends(get_session)]


@app.get("/a")
async def a(session: SessionDep, request: Request):
    names = (await session.execute(select(Thing.name))).scalars().all()
    await session.commit()
    rates = await request.app.state.client.get("https://rates.example")
    return {"names": names, "rates": rates.json()}


@app.get("/b")
async def b(request: Request):
    maker = request.app.state.maker

    async def lines():
        async with maker() as session:
            result = await session.stream(select(Thing))
            async for row in result:
                yield f"{row}\n"
    return StreamingResponse(lines())


@app.get("/c")
async def c(session: SessionDep, tasks: BackgroundTasks):
    thing = await session.scalar(select(Thing))
    if thing is None:
        raise HTTPException(404)
    key = thing.id
    await session.close()
    tasks.add_task(later, key)
    return {"id": key}


async def later(key):
    async with app.state.maker.begin() as session:
        thing = await session.get(Thing, key)
        thing.seen = True


@app.websocket("/ws")
async def ws(socket: WebSocket):
    await socket.accept()
    while True:
        text = await socket.receive_text()
        async with app.state.maker() as session:
            rows = (await session.execute(select(Thing))).scalars().all()
        await socket.send_json([row.id for row in rows])


class PureMiddleware:
    def __init__(self, app, maker):
        self.app = app
        self.maker = maker

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        session = self.maker()
        scope["state"]["session"] = session
        try:
            await self.app(scope, receive, send)
        finally:
            await session.close()
