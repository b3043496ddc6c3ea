"""An except branch that answers with another exception, and a commit that a second query undoes."""
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from guild.models import Member

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///guild"))


def get_session():
    session = SessionLocal()
    yield session
    session.close()


@router.post("/members")
def join(name: str, session: Session = Depends(get_session)):
    session.add(Member(name=name))
    try:
        session.commit()
    except IntegrityError:
        # a failed commit keeps the connection until somebody rolls back
        raise HTTPException(409)  # expect: unreleased-on-raise
    return {"name": name}


@router.post("/members/{name}/promote")
def promote(name: str, session: Session = Depends(get_session)):
    member = session.scalar(select(Member).where(Member.name == name))
    member.rank += 1
    session.commit()
    session.refresh(member)
    if member.rank > 9:
        raise HTTPException(422)  # expect: unreleased-on-raise
    return {"rank": member.rank}
