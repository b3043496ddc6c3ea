from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql://localhost/shop"))


def finish(session: Session):
    session.commit()
    session.close()


def last_use():
    with SessionLocal() as session:
        session.add(Thing())
        finish(session)


def again():
    session = SessionLocal()
    try:
        session.add(Thing())
        finish(session)
        session.add(Thing())
        session.commit()
    finally:
        session.close()


def maybe(session=None):
    mine = session is None
    session = session or SessionLocal()
    try:
        return session.query(Thing).all()
    finally:
        if mine:
            session.close()


def caller():
    with SessionLocal() as session:
        maybe(session)
        return session.query(Thing).count()


def values():
    with SessionLocal(expire_on_commit=False) as session:
        thing = Thing()
        session.add(thing)
        session.commit()
    return thing.name


def early_close():
    session = SessionLocal()
    try:
        rows = session.query(Thing).all()
    finally:
        session.close()
    return [row.name for row in rows]


def rolled_back_preview():
    session = SessionLocal()
    try:
        session.add(Thing())
        session.flush()
        return session.query(Thing).count()
    finally:
        session.rollback()
        session.close()
