"""Everything is read in a with block first; the body has plain data only."""
# request: GET /report
import os
import time

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def slowly(names):
    for name in names:
        yield name
        time.sleep(0.2)


@app.get("/report")
def report():
    with SessionLocal() as db:
        names = list(db.execute(text("select name from items limit 5")).scalars())
    return StreamingResponse(slowly(names))
