"""Not kept on purpose, or only on some paths: dry runs, checks, errors, rollbacks."""
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker

from bakery.models import Loaf

SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))


def dry_run(names: list[str], dry: bool) -> int:
    with SessionLocal() as db:
        db.add_all([Loaf(name=name) for name in names])
        if not dry:
            db.commit()
        return len(names)


def early_return(name: str) -> bool:
    db = SessionLocal()
    try:
        db.add(Loaf(name=name))
        db.flush()
        if db.scalar(select(Loaf.id).where(Loaf.price.is_(None))):
            return False
        db.commit()
        return True
    finally:
        db.close()


def would_be_valid(name: str) -> bool:
    with SessionLocal() as db:
        db.add(Loaf(name=name))
        try:
            db.flush()
        except IntegrityError:
            return False
        finally:
            db.rollback()
        return True


def raises(name: str) -> None:
    with SessionLocal() as db:
        db.add(Loaf(name=name))
        raise NotImplementedError


def taken_out_again(name: str) -> Loaf:
    with SessionLocal() as db:
        loaf = Loaf(name=name)
        db.add(loaf)
        db.flush()
        db.expunge(loaf)
        return loaf


def put_back_to_read(loaf: Loaf) -> list[str]:
    with SessionLocal() as db:
        db.add(loaf)
        return [crumb.name for crumb in loaf.crumbs]


def only_read(name: str) -> Loaf | None:
    with SessionLocal() as db:
        return db.scalar(select(Loaf).where(Loaf.name == name))


def caught(name: str) -> None:
    db = SessionLocal()
    try:
        db.add(Loaf(name=name))
        db.commit()
    except Exception as error:
        print(error)
    finally:
        db.close()
