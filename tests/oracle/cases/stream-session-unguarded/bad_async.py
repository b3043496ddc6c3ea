"""The generator closes its session at its end, which a client that goes away does not let it reach."""
# request: GET /report
# client: disconnects
# also: held-during-external-call
# coarser(middle): uvicorn 0.32 does not tell the application that its client is gone, so the body runs to its end
import asyncio
import os

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


async def rows():
    db = SessionLocal()
    for number in range(1, 8):
        yield str(db.execute(text("select name from items where id = :id"), {"id": number}).scalar()) * 100
        await asyncio.sleep(0.2)
    db.close()


@app.get("/report")
async def report():
    return StreamingResponse(rows())
