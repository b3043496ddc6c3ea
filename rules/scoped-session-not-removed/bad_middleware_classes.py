"""The same clean-up in a BaseHTTPMiddleware and in a pure ASGI middleware: both run on the event loop."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker
from starlette.middleware.base import BaseHTTPMiddleware

from chat.models import Message

Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")))


class EndSession(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        try:
            return await call_next(request)
        finally:
            Registry.remove()  # expect: scoped-session-not-removed "cleanup misses some requests"


class EndSessionAsgi:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        try:
            await self.app(scope, receive, send)
        finally:
            Registry.remove()  # expect: scoped-session-not-removed "cleanup misses some requests"


app = FastAPI()
app.add_middleware(EndSession)
app.add_middleware(EndSessionAsgi)


@app.get("/messages")
def messages():
    return Registry.scalars(select(Message.text)).all()  # expect: scoped-session-not-removed
