"""So many returns that the bounds of the analysis are reached: a bound may cost a finding, it may not make one up."""
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from freight.models import Item

SessionLocal = sessionmaker(create_engine("postgresql:///freight"))


def tariff(item_id: int, db: Session = None) -> int:
    own = db is None
    if own:
        db = SessionLocal()
    try:
        item = db.scalar(select(Item).where(Item.id == item_id))
        if item.kind == "letter":
            return 3
        if item.kind == "parcel":
            return 4
        if item.kind == "crate":
            return 5
        if item.kind == "barrel":
            return 6
        if item.kind == "pallet":
            return 7
        if item.kind == "container":
            return 8
        if item.kind == "envelope":
            return 9
        if item.kind == "tube":
            return 10
        if item.kind == "sack":
            return 11
        if item.kind == "box":
            return 12
        if item.kind == "bundle":
            return 13
        if item.kind == "roll":
            return 14
        if item.kind == "drum":
            return 15
        if item.kind == "case":
            return 16
        if item.kind == "basket":
            return 17
        if item.kind == "jar":
            return 18
        if item.kind == "bottle":
            return 19
        if item.kind == "can":
            return 20
        if item.kind == "tin":
            return 21
        if item.kind == "bucket":
            return 22
        if item.kind == "trunk":
            return 23
        if item.kind == "chest":
            return 24
        if item.kind == "bag":
            return 25
        if item.kind == "carton":
            return 26
        if item.kind == "keg":
            return 27
        if item.kind == "vat":
            return 28
        return 0
    finally:
        if own:
            db.close()
