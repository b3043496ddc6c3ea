"""scope="function": closed before the stream begins."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from orchard.db import get_db
from orchard.models import Tree

router = APIRouter()


def lines(names):
    for name in names:
        yield name


@router.get("/trees")
def trees(db: Session = Depends(get_db, scope="function")):
    names = db.scalars(select(Tree.name)).all()
    return StreamingResponse(lines(names))


@router.get("/annotated")
def annotated(db: Annotated[Session, Depends(get_db, scope="function")]):
    names = db.scalars(select(Tree.name)).all()
    return StreamingResponse(lines(names))
