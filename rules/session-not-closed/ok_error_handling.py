"""What error handlers do before they roll back: log, format, look at the clock. None of this is what leaves a session open."""
import json
import logging
import sys
import traceback
import warnings
from datetime import datetime, timezone

from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import sessionmaker

from bank.errors import BankError
from bank.models import Account

log = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///bank"))


def open_account(owner: str) -> bool:
    db = SessionLocal()
    try:
        db.add(Account(owner=owner))
        db.commit()
        return True
    except IntegrityError as error:
        log.warning("account of %s: %s", owner, error.orig)
        db.rollback()
        return False
    except Exception as error:
        log.error("account of {}: {}".format(owner, error))
        traceback.print_exc()
        db.rollback()
        raise


def close_account(number: int) -> bool:
    db = SessionLocal()
    try:
        db.delete(db.get(Account, number))
        db.commit()
        return True
    except SQLAlchemyError as error:
        message = f"account {number}: {type(error).__name__} {str(error)}"
        print(message, file=sys.stderr)
        db.rollback()
        raise BankError(message) from error
    except BaseException:
        log.exception(traceback.format_exc())
        db.rollback()
        raise


def block(number: int) -> None:
    db = SessionLocal()
    try:
        db.get(Account, number).blocked = datetime.now(timezone.utc)
        db.commit()
    except Exception as error:
        warnings.warn("account %d is not blocked" % number)
        log.log(logging.ERROR, ", ".join(str(arg) for arg in error.args))
        db.rollback()
        raise
    finally:
        log.info("blocked in %s", datetime.now().isoformat())
        db.close()


def owners() -> str:
    db = SessionLocal()
    try:
        rows = db.scalars(select(Account.owner)).all()
    except Exception:
        log.critical("no owners", exc_info=True)
        db.close()
        raise
    db.close()
    return json.dumps(rows)
