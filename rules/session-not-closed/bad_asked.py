"""Asking ends nothing; and a word that is always true asks nothing."""
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def only_asked(tree):
    db = SessionLocal()  # expect: session-not-closed
    found = db.get(Tree, tree)
    if db.in_transaction():
        print("still in a transaction")
    return found


def asked_for_a_savepoint(tree):
    db = SessionLocal()  # expect: session-not-closed
    found = db.get(Tree, tree)
    if db.in_nested_transaction():
        db.rollback()
    return found


def ended_when_there_is_none(tree):
    db = SessionLocal()  # expect: session-not-closed
    found = db.get(Tree, tree)
    if not db.in_transaction():
        db.close()
    return found
