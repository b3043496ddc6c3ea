"""A raise that is caught in the handler leaves nothing; neither does one in a place without the session."""
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from farm.dependencies import current_store
from farm.models import Field

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///farm"))


def provide():
    db = SessionLocal()
    yield db
    db.close()


@router.get("/fields/{field_id}")
def read_field(field_id: int, db: Session = Depends(provide)):
    try:
        field = db.get(Field, field_id)
        if field is None:
            raise LookupError(field_id)
        crop = field.crop
    except Exception:
        db.rollback()
        crop = None
    finally:
        db.close()
    if crop is None:
        raise HTTPException(404)
    return {"crop": crop}


@router.get("/store")
def read_store(store=Depends(current_store)):
    if store.query("full"):
        raise HTTPException(503)
    return {}


def harvest(field_id: int) -> str:
    with SessionLocal() as db:
        field = db.scalar(select(Field).where(Field.id == field_id))
        if field is None:
            raise LookupError(field_id)
        return field.crop
