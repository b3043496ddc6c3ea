"""The same session under another name, or closed by a helper that stands in this file."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.db import get_db
from crm.models import Contact, Deal

router = APIRouter()


def finish(session: Session) -> None:
    session.commit()
    session.close()


@router.get("/contacts/{contact_id}")
def read_contact(contact_id: int, db: Session = Depends(get_db)):
    session = db
    contact = session.get(Contact, contact_id)
    if contact is None:
        session.close()
        return {}
    payload = {"name": contact.name}
    db.commit()
    db.close()
    return payload


@router.get("/deals")
def list_deals(stage: str = "", db: Session = Depends(get_db)):
    if (rows := db.scalars(select(Deal).where(Deal.stage == stage)).all()) and stage:
        names = [row.name for row in rows]
        finish(db)
        return names
    finish(session=db)
    return []


@router.get("/deals/sum")
def sum_deals(currency: str | None = None, db: Session = Depends(get_db)):
    query = select(Deal.value) if currency is None else select(Deal.value).where(Deal.currency == currency)
    values = db.scalars(query).all()
    if not values:
        if db:
            db.close()
        return 0
    db.close() if db is not None else None
    return sum(values)
