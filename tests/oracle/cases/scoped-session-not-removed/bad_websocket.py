"""A socket's handler leaves the event loop's session open."""
# socket: /chat 1
# also: held-by-websocket
import os

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@app.websocket("/chat")
async def chat(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            item_id = int(await socket.receive_text())
            await socket.send_text(str(Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()))
    except WebSocketDisconnect:
        pass
