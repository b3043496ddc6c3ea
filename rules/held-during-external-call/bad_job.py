import requests
from celery import shared_task
from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order

SessionLocal = sessionmaker()


class Shipping:
    def track_all(self, db: Session):
        for order in db.query(Order).all():
            requests.get(order.url)  # expect: held-during-external-call


def track_open(db: Session):
    orders = db.query(Order).all()
    requests.post("https://example.org", json=len(orders))  # expect: held-during-external-call


@shared_task
def track():
    db = SessionLocal()
    try:
        Shipping().track_all(db)  # expect: held-during-external-call "HTTP request"
    finally:
        db.close()


@shared_task
def track_early():
    with SessionLocal() as db:
        track_open(db)  # expect: held-during-external-call


def called_by_others():
    with SessionLocal() as db:
        track_open(db)
