# options: --fastapi-version=0.115.0
"""In these versions the dependency has closed its session when the stream begins."""

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
def trees(db: Session = Depends(get_db)):
    names = db.scalars(select(Tree.name)).all()
    return StreamingResponse(lines(names))
