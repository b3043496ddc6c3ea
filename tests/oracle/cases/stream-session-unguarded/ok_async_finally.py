"""An async generator is closed when its client goes away, and its finally runs."""
# request: GET /report
# client: disconnects
import asyncio
import os

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


async def rows():
    with SessionLocal() as db:
        names = list(db.execute(text("select name from items limit 5")).scalars())
    for name in names:
        yield name * 100
        await asyncio.sleep(0.2)


@app.get("/report")
async def report():
    return StreamingResponse(rows())
