"""What raises rolls back first; the dependency does nothing."""
# request: GET /items/0
# coarser: an unguarded provider is reported for itself, other handlers may raise
import os

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    yield db
    db.close()


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    try:
        name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
        if name is None:
            raise HTTPException(404)
        db.commit()
    except Exception:
        db.rollback()
        raise
    return {"name": name}
