import time

import psycopg2
from contextlib import closing
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql://localhost/shop")
Maker = sessionmaker(engine)


def nested():
    with Maker() as session, session.begin():
        session.add(Thing())
        with session.begin_nested():
            session.add(Thing())


def upsert(session: Session, thing):
    try:
        with session.begin_nested():
            session.add(thing)
            session.flush()
    except IntegrityError:
        return session.query(Thing).filter_by(name=thing.name).one()
    return thing


def retried(key):
    for attempt in range(3):
        session = Maker()
        try:
            session.get(Thing, key).seen = True
            session.commit()
            return True
        except OperationalError:
            session.rollback()
            time.sleep(2 ** attempt)
        finally:
            session.close()
    return False


def retried_within(key):
    with Maker() as session:
        while True:
            try:
                session.get(Thing, key).seen = True
                session.commit()
                return
            except OperationalError:
                session.rollback()
                time.sleep(1)


def raw(dsn):
    with closing(psycopg2.connect(dsn)) as conn, conn, conn.cursor() as cur:
        cur.execute("UPDATE thing SET seen = true")


def raw_by_hand(dsn):
    conn = psycopg2.connect(dsn)
    try:
        cur = conn.cursor()
        cur.execute("BEGIN")
        try:
            cur.execute("UPDATE thing SET seen = true")
        except Exception:
            cur.execute("ROLLBACK")
            raise
        else:
            cur.execute("COMMIT")
    finally:
        conn.close()


def core():
    with engine.connect() as conn:
        trans = conn.begin()
        try:
            conn.execute(text("DELETE FROM thing"))
            trans.commit()
        except:
            trans.rollback()
            raise


def early(key):
    if not key:
        return None
    session = Maker()
    try:
        return session.get(Thing, key).name
    except AttributeError:
        return None
    else:
        print("never")
    finally:
        session.close()


def unit():
    session = Maker()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def test_and_set(session: Session, key):
    thing = session.get(Thing, key, with_for_update=True)
    if thing.seen:
        session.rollback()
        return False
    thing.seen = True
    session.commit()
    return True
