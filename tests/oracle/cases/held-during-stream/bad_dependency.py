"""The body does not use the session, but the dependency keeps it until the body ends."""
# request: GET /report
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


def lines():
    for number in range(5):
        yield f"{number}\n"
        time.sleep(0.2)


@app.get("/report")
def report(db: Session = Depends(get_db)):
    count = db.execute(text("select count(*) from items")).scalar()
    return StreamingResponse(lines(), headers={"X-Count": str(count)})
