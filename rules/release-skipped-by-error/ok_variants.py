import psycopg2
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql://localhost/shop"))


def a():
    session = SessionLocal()
    try:
        session.add(Thing())
    finally:
        try:
            session.commit()
        finally:
            session.close()


def b():
    session = SessionLocal()
    try:
        session.add(Thing())
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def c():
    session = SessionLocal()
    ok = False
    try:
        session.add(Thing())
        ok = True
    finally:
        if ok:
            try:
                session.commit()
            except Exception:
                session.rollback()
        session.close()


def d():
    conn = psycopg2.connect("dbname=shop")
    try:
        with conn:
            with conn.cursor() as cur:
                cur.execute("UPDATE a SET b = 1")
    finally:
        conn.close()


def e(rows):
    conn = None
    cur = None
    try:
        conn = psycopg2.connect("dbname=shop")
        cur = conn.cursor()
        cur.executemany("INSERT INTO a VALUES (%s)", rows)
        conn.commit()
    except psycopg2.Error:
        if conn:
            conn.rollback()
        raise
    finally:
        if cur is not None:
            cur.close()
        if conn is not None:
            conn.close()


def f():
    conn = psycopg2.connect("dbname=shop")
    conn.autocommit = True
    try:
        conn.cursor().execute("VACUUM")
    finally:
        conn.close()


def g(key):
    while True:
        session = SessionLocal()
        try:
            job = session.query(Job).filter_by(key=key).first()
            if job is None:
                break
            job.run()
            session.commit()
        finally:
            session.close()


def h(key):
    session = SessionLocal()
    try:
        return session.query(Job).get(key).result
    except AttributeError as error:
        raise KeyError(key) from error
    finally:
        session.close()


def i(keys):
    sessions = [SessionLocal() for _ in keys]
    try:
        return [s.query(Job).get(k) for s, k in zip(sessions, keys)]
    finally:
        for s in sessions:
            s.close()


def j(work):
    session = SessionLocal()
    try:
        result = work(session)
    except:
        session.rollback()
        session.close()
        raise
    session.commit()
    session.close()
    return result
