"""A handler's branch forgets the commit; the dependency closes."""
# request: POST /notes
# policy: balanced
# observe: rows
import os

from fastapi import Depends, FastAPI
from sqlalchemy import Column, Integer, String, create_engine, text
from sqlalchemy.orm import Session, declarative_base, sessionmaker

app = FastAPI()
Base = declarative_base()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


class Note(Base):
    __tablename__ = "notes"
    id = Column(Integer, primary_key=True)
    text = Column(String)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.post("/notes")
def add(db: Session = Depends(get_db)):
    note = Note(text="hello")
    db.add(note)
    db.flush()
    db.close()
    return {"added": True}
