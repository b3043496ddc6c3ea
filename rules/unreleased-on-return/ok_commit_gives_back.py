"""commit() and rollback() return the connection to the pool: a path with one of them holds nothing."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from bank.db import get_db
from bank.models import Account

router = APIRouter()
engine = create_engine("postgresql:///bank")
SessionLocal = sessionmaker(engine)


def open_session():
    return SessionLocal()


@router.post("/accounts/{account_id}/freeze")
def freeze(account_id: int, db: Session = Depends(get_db)):
    changed = db.execute(update(Account).where(Account.id == account_id).values(frozen=True)).rowcount
    if changed == 0:
        db.rollback()
        return {"frozen": False}
    db.commit()
    db.close()
    return {"frozen": True}


@router.get("/accounts/{account_id}/balance")
def balance(account_id: int, db: Session = Depends(get_db)):
    amount = db.scalar(select(Account.balance).where(Account.id == account_id))
    if amount is None:
        db.commit()
        return {"balance": None}
    db.commit()
    db.close()
    return {"balance": amount}


@router.get("/accounts/count")
def count(db: Session = Depends(open_session)):
    # nobody closes this session, but after the rollback it holds no connection
    try:
        return {"accounts": len(db.scalars(select(Account.id)).all())}
    finally:
        db.rollback()


@router.get("/accounts/open")
def count_open(db: Session = Depends(open_session)):
    with db.begin():
        total = len(db.scalars(select(Account.id).where(Account.frozen.is_(False))).all())
    return {"accounts": total}
