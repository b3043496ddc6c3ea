"""A Socket.IO event leaves the event loop's session open."""
# event: item 1
import os

import socketio
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

sio = socketio.AsyncServer(async_mode="asgi")
app = socketio.ASGIApp(sio)
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@sio.event
async def item(sid, item_id):
    return Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
