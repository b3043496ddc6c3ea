"""Somebody else has the session when the function ends, and it is theirs to close."""
from sqlalchemy import select

from clinic.db import get_db
from clinic.models import Patient
from clinic.repository import PatientRepository
from clinic.tasks import release

registry = {}
spare = []


def new_session():
    db = next(get_db())
    db.execute(select(1))
    return db


def session_and_patient(patient_id: int):
    db = next(get_db())
    patient = db.get(Patient, patient_id)
    return db, patient


def repository() -> PatientRepository:
    db = next(get_db())
    db.execute(select(1))
    return PatientRepository(db)


def sessions():
    db = next(get_db())
    db.execute(select(1))
    yield db


class Ward:
    def __init__(self):
        self.db = next(get_db())
        self.names = self.db.scalars(select(Patient.name)).all()

    def close(self):
        self.db.close()


def remember(name: str) -> None:
    db = next(get_db())
    db.execute(select(1))
    registry[name] = db


def keep() -> None:
    db = next(get_db())
    db.execute(select(1))
    spare.append(db)


def names() -> list[str]:
    db = next(get_db())
    try:
        return db.scalars(select(Patient.name)).all()
    finally:
        # not in this file: it may well close what it is given
        release(db)
