"""A finally that commits first: when the commit fails, nobody closes."""
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, delete, select
from sqlalchemy.orm import Session, sessionmaker

from stats.models import Sample

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///stats"))


def open_session() -> Session:
    return SessionLocal()


@app.post("/samples")
def add(value: float, db: Session = Depends(open_session)):
    try:
        db.add(Sample(value=value))
        return {"stored": True}
    finally:
        db.commit()  # expect: release-skipped-by-error "`db`"
        db.close()


@app.get("/samples")
def samples(db: Session = Depends(open_session)):
    try:
        return [row.value for row in db.scalars(select(Sample))]
    finally:
        db.commit()  # expect: release-skipped-by-error
        db.close()


@app.delete("/samples")
def purge(limit: int, db: Session = Depends(open_session)):
    try:
        db.execute(delete(Sample).where(Sample.id < limit))
    finally:
        db.flush()  # expect: release-skipped-by-error
        db.close()
    return {"purged": limit}
