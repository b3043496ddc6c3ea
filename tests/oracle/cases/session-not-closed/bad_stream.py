"""The generator never closes the session that it opens."""
# request: GET /report
# also: held-during-external-call
import os
import time

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def rows():
    db = SessionLocal()
    for row in db.execute(text("select name from items limit 4")):
        yield row.name
        time.sleep(0.1)


@app.get("/report")
def report():
    return StreamingResponse(rows())
