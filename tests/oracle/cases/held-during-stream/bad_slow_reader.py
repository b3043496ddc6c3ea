"""Nothing in the body takes time, but its reader does."""
# request: GET /export
# client: slow
import os

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
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


def export():
    for number in range(600):
        yield b"x" * 65536


@app.get("/export")
def export_items(db: Session = Depends(get_db)):
    db.execute(text("select count(*) from items"))
    return StreamingResponse(export())
