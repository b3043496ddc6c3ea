"""The with block ends when the handler returns, before the body uses its session."""
# request: GET /report
import os
import time

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def rows(db):
    for number in range(1, 4):
        yield str(db.execute(text("select name from items where id = :id"), {"id": number}).scalar())
        time.sleep(0.2)


@app.get("/report")
def report():
    with SessionLocal() as db:
        db.execute(text("select 1"))
        return StreamingResponse(rows(db))
