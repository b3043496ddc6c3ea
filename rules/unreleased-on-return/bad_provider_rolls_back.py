"""A provider that only rolls back what raises: it leaves the normal way to its users, and the raising way to nobody."""
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from harbour.models import Berth

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///harbour"))


def get_db():
    db = SessionLocal()
    try:
        yield db  # expect: unguarded-dependency "given back only when its user raises"
    except Exception:
        db.rollback()
        raise


@app.get("/berths/{berth_id}")
def berth(berth_id: int, db: Session = Depends(get_db)):
    name = db.scalar(select(Berth.name).where(Berth.id == berth_id))
    if name is None:
        raise HTTPException(404)
    db.commit()
    return {"name": name}


@app.get("/berths")
def berths(db: Session = Depends(get_db)):
    names = db.scalars(select(Berth.name)).all()
    if not names:
        return []  # expect: unreleased-on-return
    db.commit()
    return names
