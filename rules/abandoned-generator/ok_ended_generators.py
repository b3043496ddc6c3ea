from contextlib import closing, contextmanager

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql://localhost/shop")
SessionLocal = sessionmaker(engine)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def closed_by_hand():
    gen = get_db()
    db = next(gen)
    try:
        return db.query(Thing).all()
    finally:
        gen.close()


def with_closing():
    with closing(get_db()) as gen:
        db = next(gen)
        return db.query(Thing).count()


def as_manager():
    with contextmanager(get_db)() as db:
        return db.query(Thing).count()


def exhausted():
    gen = get_db()
    db = next(gen)
    names = [t.name for t in db.query(Thing)]
    next(gen, None)
    return names


def looped():
    for db in get_db():
        db.query(Thing).delete()
        db.commit()


def batches(db: Session, size):
    last = 0
    while True:
        rows = db.query(Thing).filter(Thing.id > last).limit(size).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def all_batches():
    with SessionLocal() as db:
        for rows in batches(db, 100):
            print(len(rows))


def export():
    with SessionLocal() as db:
        yield from (t.name for t in db.query(Thing).yield_per(100))
