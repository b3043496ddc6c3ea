"""A large body in one piece is buffered by the server: its slow reader holds nothing."""
# request: GET /export
# client: slow
import os

from fastapi import Depends, FastAPI
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


@app.get("/export")
def export_items(db: Session = Depends(get_db)):
    count = db.execute(text("select count(*) from items")).scalar()
    return {"body": "x" * 5_000_000, "count": count}
