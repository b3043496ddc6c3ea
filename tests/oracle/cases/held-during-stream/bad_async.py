"""An async body; the session is used while it streams."""
# request: GET /report
# stacks: old new
import asyncio
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


@app.get("/report")
async def report(db: Session = Depends(get_db)):
    async def rows():
        for number in range(1, 5):
            yield str(db.execute(text("select name from items where id = :id"), {"id": number}).scalar())
            await asyncio.sleep(0.2)

    return StreamingResponse(rows())
