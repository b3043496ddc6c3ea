"""Whose session is it? Borrowed, handed on or owned under a flag: none of these is left by a return."""
from typing import Annotated, Optional

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from billing.db import SessionLocal, get_db
from billing.models import Invoice

router = APIRouter()
DbSession = Annotated[Session, Depends(get_db)]


def tenant_db(tenant: str, db: Session = Depends(get_db)) -> Session:
    if tenant == "public":
        return db
    db.execute(text("SET search_path TO tenant"))
    return db


def invoice_total(db: DbSession, invoice_id: int) -> int:
    # not a route: an Annotated type on a plain function is a plain, borrowed parameter
    total = db.scalar(select(Invoice.total).where(Invoice.id == invoice_id))
    if total is None:
        return 0
    return total


def mark_paid(invoice_id: int, db: Optional[Session] = None) -> bool:
    owns = db is None
    if owns:
        db = SessionLocal()
    try:
        invoice = db.get(Invoice, invoice_id)
        if invoice is None:
            return False
        invoice.paid = True
        db.commit()
        return True
    finally:
        if owns:
            db.close()


def remember_session(request: Request, db: Session = Depends(get_db)):
    request.state.db = db
    return db


@router.get("/invoices/{invoice_id}")
def read_invoice(invoice_id: int, db: DbSession):
    total = invoice_total(db, invoice_id)
    if total == 0:
        db.commit()
        db.close()
        return {"total": None}
    db.commit()
    db.close()
    return {"total": total}
