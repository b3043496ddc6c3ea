"""A failed flush is caught, and the session goes on: everything after it fails too."""
# request: POST /children
# policy: balanced
# observe: fails
import os

from fastapi import Depends, FastAPI
from sqlalchemy import Column, Integer, String, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, declarative_base, sessionmaker

app = FastAPI()
Base = declarative_base()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


class Child(Base):
    __tablename__ = "children"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    item_id = Column(Integer)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.post("/children")
def add(db: Session = Depends(get_db)):
    db.add(Child(id=1, name="again", item_id=1))
    try:
        db.flush()
    except IntegrityError:
        print("known already")
    count = db.execute(text("select count(*) from children")).scalar()
    db.commit()
    return {"count": count}
