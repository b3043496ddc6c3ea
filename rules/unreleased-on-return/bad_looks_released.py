"""What looks like a release and is none: other objects, del, flush, a closure nobody calls, a re-opened session."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.db import SessionLocal, get_db
from clinic.models import Patient, Visit

router = APIRouter()


@router.get("/patients")
def patients(full: bool = False, db: Session = Depends(get_db)):
    names = db.scalars(select(Patient.name)).all()
    if full:
        del db
        return names  # expect: unreleased-on-return
    db.close()
    return len(names)


@router.get("/visits")
def visits(day: str = "", db: Session = Depends(get_db)):
    other = SessionLocal()
    found = db.scalars(select(Visit.id).where(Visit.day == day)).all()
    other.close()
    if not found:
        return []  # expect: unreleased-on-return
    db.close()
    return found


@router.get("/visits/{visit_id}")
def visit(visit_id: int, db: Session = Depends(get_db)):
    def finish():
        db.commit()
        db.close()

    found = db.get(Visit, visit_id)
    if found is None:
        return {}  # expect: unreleased-on-return
    payload = {"day": found.day, "end": finish.__name__}
    db.commit()
    db.close()
    return payload


@router.get("/patients/{patient_id}")
def patient(patient_id: int, db: Session = Depends(get_db)):
    found = db.get(Patient, patient_id)
    if found is None:
        db.close  # expect: release-not-called
        return {}
    payload = {"name": found.name}
    db.close()
    return payload


@router.get("/patients/{patient_id}/visits")
def visits_of(patient_id: int, db: Session = Depends(get_db)):
    known = db.scalar(select(Patient.id).where(Patient.id == patient_id))
    db.close()
    if known is None:
        return []
    # a query after close() silently starts over
    days = db.scalars(select(Visit.day).where(Visit.patient_id == patient_id)).all()
    return days  # expect: unreleased-on-return


@router.get("/export")
def export(debug: bool = False, db: Session = Depends(get_db)):
    rows = db.scalars(select(Patient.name)).all()
    if debug:
        db.expire_all()
        with db.begin_nested():
            rows = rows[:1]
        return rows  # expect: unreleased-on-return
    db.close()
    return rows
