"""Closed on some paths only: in one branch, in the except, before a query that re-opens it, or committed too early."""
import logging

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from billing.db import get_db
from billing.models import Account, Invoice

logger = logging.getLogger(__name__)


def balance(account_id: int) -> int:
    db = next(get_db())  # expect: abandoned-generator
    account = db.get(Account, account_id)
    if account is None:
        db.close()
        return 0
    return account.balance


def open_invoices(account_id: int) -> list[int]:
    db = next(get_db())  # expect: abandoned-generator
    try:
        return db.scalars(select(Invoice.id).where(Invoice.account_id == account_id)).all()
    except SQLAlchemyError:
        logger.exception("cannot read the invoices of %s", account_id)
        db.rollback()
        return []


def mark_paid(invoice_id: int) -> str:
    db = next(get_db())  # expect: abandoned-generator
    try:
        invoice = db.get(Invoice, invoice_id)
        invoice.paid = True
        db.commit()
    except SQLAlchemyError:
        db.rollback()
        raise
    # commit() gave the connection back, this takes it again
    db.refresh(invoice)
    return invoice.number


def remind(day: str) -> None:
    db = next(get_db())  # expect: abandoned-generator
    for invoice in db.scalars(select(Invoice).where(Invoice.due == day)):
        if invoice.paid:
            continue
        invoice.reminders += 1
        db.commit()


def totals() -> dict[int, int]:
    db = next(get_db())  # expect: abandoned-generator
    sums = {}
    for account in db.scalars(select(Account)).all():
        if account.closed:
            break
        sums[account.id] = account.balance
    else:
        db.close()
    return sums


def archive(invoice_id: int) -> bool:
    for attempt in range(3):
        db = next(get_db())  # expect: abandoned-generator
        invoice = db.get(Invoice, invoice_id)
        if invoice is not None:
            db.delete(invoice)
            db.commit()
            return True
    return False
