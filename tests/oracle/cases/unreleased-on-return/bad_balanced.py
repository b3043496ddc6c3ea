"""Two paths of one handler: one ends its transaction, the other leaves it until the response is sent."""
# request: GET /items/0
# policy: balanced
# stacks: old new
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


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    if name is None:
        return {"name": "unknown"}
    db.commit()
    db.close()
    return {"name": name}
