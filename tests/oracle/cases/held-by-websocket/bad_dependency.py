"""The dependency's session is held while the socket waits for its client."""
# socket: /chat 1
import os

from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.websocket("/chat")
async def chat(socket: WebSocket, db: Session = Depends(get_db)):
    await socket.accept()
    try:
        while True:
            number = int(await socket.receive_text())
            await socket.send_text(str(db.execute(text("select name from items where id = :id"), {"id": number}).scalar()))
    except WebSocketDisconnect:
        pass
