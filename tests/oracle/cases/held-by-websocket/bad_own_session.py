"""One session for the whole life of the socket."""
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
    with SessionLocal() as db:
        try:
            while True:
                number = int(await socket.receive_text())
                name = db.execute(text("select name from items where id = :id"), {"id": number}).scalar()
                await socket.send_json({"name": name})
        except WebSocketDisconnect:
            pass
