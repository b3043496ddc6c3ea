# A pure ASGI middleware that passes sockets and the lifespan on unseen cleans up after every request.
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from mill.models import Sack

Registry = scoped_session(sessionmaker(create_engine("postgresql:///mill")))
app = FastAPI()


class EndSession:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            Registry.remove()


app.add_middleware(EndSession)


@app.get("/sacks")
async def list_sacks():
    return [sack.id for sack in Registry.scalars(select(Sack))]
