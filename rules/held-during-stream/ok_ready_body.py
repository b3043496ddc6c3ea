"""A body that is complete already is sent at once, whatever its class is called."""

import csv
from io import BytesIO, StringIO

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from orchard.db import get_db
from orchard.models import Tree

router = APIRouter()


@router.get("/csv")
def as_csv(db: Session = Depends(get_db)):
    text = StringIO()
    csv.writer(text).writerows(db.execute(select(Tree.name)))
    return StreamingResponse(iter([text.getvalue()]), media_type="text/csv")


@router.get("/buffer")
def as_buffer(db: Session = Depends(get_db)):
    buffer = StringIO()
    csv.writer(buffer).writerows(db.execute(select(Tree.name)))
    buffer.seek(0)
    return StreamingResponse(buffer, media_type="text/csv")


@router.get("/picture")
def picture(db: Session = Depends(get_db)):
    tree = db.scalars(select(Tree)).first()
    return StreamingResponse(content=BytesIO(tree.picture))


@router.get("/one-piece")
def one_piece(db: Session = Depends(get_db)):
    text = db.scalars(select(Tree.name)).first()

    def generate():
        yield "name\n"
        yield text

    return StreamingResponse(generate())
