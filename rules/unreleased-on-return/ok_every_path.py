"""Orders: every return path commits and closes what it was given."""
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import get_db
from shop.models import Order

router = APIRouter(prefix="/orders")


@router.get("/{order_id}")
def read_order(order_id: int, db: Session = Depends(get_db)):
    order = db.get(Order, order_id)
    if order is None:
        db.commit()
        db.close()
        return {"order": None}
    payload = {"id": order.id, "total": order.total}
    db.commit()
    db.close()
    return payload


@router.get("/")
def list_orders(status: str = "open", db: Session = Depends(get_db)):
    try:
        rows = db.scalars(select(Order).where(Order.status == status)).all()
        if not rows:
            return []
        return [{"id": row.id} for row in rows]
    finally:
        try:
            db.commit()
        finally:
            db.close()


@router.delete("/{order_id}")
def cancel_order(order_id: int, db: Session = Depends(get_db)):
    order = db.get(Order, order_id)
    if order is None:
        # a raise is not a return: get_db closes it, the handler need not
        raise HTTPException(404)
    if order.status == "shipped":
        db.rollback()
        db.close()
        return {"cancelled": False}
    order.status = "cancelled"
    db.commit()
    db.close()
    return {"cancelled": True}
