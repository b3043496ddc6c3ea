"""The dependency has closed the session before the body uses it: it opens again."""
# request: GET /report
# stacks: middle
import os
import time

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
def report(db: Session = Depends(get_db)):
    def rows():
        for number in range(1, 4):
            yield str(db.execute(text("select name from items where id = :id"), {"id": number}).scalar())
            time.sleep(0.2)

    return StreamingResponse(rows())
