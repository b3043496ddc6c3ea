"""Half of the requests raise, and the dependency does not clean up then. Ten connections are all there are."""
# request: GET /items/1
# collector: on
import os

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=5, pool_timeout=0.5)
SessionLocal = sessionmaker(engine)


def get_db():
    db = SessionLocal()
    yield db
    db.close()


@app.get("/items/{item_id}")
def item(item_id: int, db: Session = Depends(get_db)):
    name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    if name is None:
        raise HTTPException(404)
    return {"name": name}
