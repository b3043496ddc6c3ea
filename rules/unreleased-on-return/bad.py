"""Early returns, an except branch and a fall-off, in handlers that close everywhere else."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from shop.db import get_db
from shop.models import Order
from shop.services import charge

router = APIRouter(prefix="/orders")


@router.get("/{order_id}")
def read_order(order_id: int, db: Session = Depends(get_db)):
    order = db.get(Order, order_id)
    if order is None:
        return {"order": None}  # expect: unreleased-on-return "`db`"
    payload = {"id": order.id, "total": order.total}
    db.commit()
    db.close()
    return payload


@router.get("/by-code/{code}")
def find_order(code: str, db: Session = Depends(get_db)):
    try:
        order = db.execute(select(Order).where(Order.code == code)).scalar_one()
        total = order.total
    except NoResultFound:
        return {"error": "unknown code"}  # expect: unreleased-on-return
    db.commit()
    db.close()
    return {"total": total}


@router.post("/{order_id}/pay")
def pay(order_id: int, card: str, db: Session = Depends(get_db)):
    order = db.get(Order, order_id)
    if order is not None:
        charge(card, order.total)
        order.paid = True
        db.commit()
        db.close()
        return {"paid": True}
    print("no such order", order_id)  # expect: unreleased-on-return


@router.get("/{order_id}/lines")
def lines(order_id: int, page: int = 0, db: Session = Depends(get_db)):
    order = db.get(Order, order_id)
    if order is None:
        return []  # expect: unreleased-on-return
    if page > order.pages:
        return []
    found = [line.sku for line in order.lines]
    db.commit()
    db.close()
    return found
