"""A nested function, a lambda or a method of the same class that ends the session when it is called."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.db import get_db
from clinic.models import Patient

router = APIRouter()


@router.get("/patients/{patient_id}")
def patient(patient_id: int, db: Session = Depends(get_db)):
    def finish():
        db.commit()
        db.close()

    found = db.get(Patient, patient_id)
    if found is None:
        db.close()
        return {}
    payload = {"name": found.name}
    finish()
    return payload


@router.get("/patients")
def patients(full: bool = False, db: Session = Depends(get_db)):
    def answer(body):
        db.close()
        return body

    names = db.scalars(select(Patient.name)).all()
    if full:
        return answer(names)
    db.close()
    return len(names)


class Clinic:
    def _done(self, session):
        session.commit()
        session.close()

    @staticmethod
    def _end(session):
        session.close()

    @router.get("/clinic")
    def read(self, quick: bool = False, db: Session = Depends(get_db)):
        names = db.scalars(select(Patient.name)).all()
        if quick:
            self._done(db)
            return {"patients": len(names)}
        if not names:
            Clinic._end(db)
            return {"patients": None}
        db.commit()
        db.close()
        return {"patients": names}
