"""A socket's handler holds the loop's session for as long as the program runs."""
from fastapi import FastAPI, WebSocket
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from chat.models import Message

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")))


@app.websocket("/ws")
async def talk(socket: WebSocket):
    await socket.accept()
    while True:
        room = await socket.receive_text()
        texts = Registry.scalars(select(Message.text).where(Message.room == room)).all()  # expect: scoped-session-not-removed
        await socket.send_json(texts)


@app.websocket("/ws/clean")
async def talk_clean(socket: WebSocket):
    await socket.accept()
    while True:
        room = await socket.receive_text()
        try:
            texts = Registry.scalars(select(Message.text).where(Message.room == room)).all()
        finally:
            Registry.remove()
        await socket.send_json(texts)
