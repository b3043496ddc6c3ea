"""A session that says it has no transaction needs no rollback."""
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def asked_in_a_finally(tree):
    db = SessionLocal()
    try:
        return db.get(Tree, tree)
    finally:
        if db.in_transaction():
            db.rollback()


def asked_for_the_object(tree):
    db = SessionLocal()
    try:
        return db.get(Tree, tree)
    finally:
        if db.get_transaction() is not None:
            db.rollback()


def asked_the_other_way_round(tree):
    db = SessionLocal()
    try:
        found = db.get(Tree, tree)
        db.commit()
        return found
    except Exception:
        if not db.in_transaction():
            return None
        db.rollback()
        raise
