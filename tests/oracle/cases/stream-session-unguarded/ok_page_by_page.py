"""A session for each page, none between them."""
# request: GET /report
import os
import time

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def page(number: int) -> list:
    with SessionLocal() as db:
        return list(db.execute(text("select name from items where id = :id"), {"id": number}).scalars())


def rows():
    for number in range(1, 5):
        yield "".join(page(number))
        time.sleep(0.2)


@app.get("/report")
def report():
    return StreamingResponse(rows())
