"""A session for each message."""
# socket: /chat 1
import os

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


@app.websocket("/chat")
async def chat(socket: WebSocket):
    await socket.accept()
    try:
        while True:
            number = int(await socket.receive_text())
            with SessionLocal() as db:
                name = db.execute(text("select name from items where id = :id"), {"id": number}).scalar()
            await socket.send_text(str(name))
    except WebSocketDisconnect:
        pass
