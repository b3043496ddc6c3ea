"""Responses that are complete when they are returned."""

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from orchard.db import get_db
from orchard.models import Tree

router = APIRouter()


class TreeResponse(JSONResponse):
    media_type = "application/vnd.trees+json"


def as_response(names):
    return Response("\n".join(names))


def names_of(db):
    for tree in db.scalars(select(Tree)):
        yield tree.name


@router.get("/json")
def as_json(db: Session = Depends(get_db)):
    return TreeResponse(list(names_of(db)))


@router.get("/helper")
def by_helper(db: Session = Depends(get_db)):
    return as_response(db.scalars(select(Tree.name)).all())


@router.get("/file")
def file(db: Session = Depends(get_db)):
    tree = db.scalars(select(Tree)).first()
    return FileResponse(tree.picture)


@router.get("/html")
def html(db: Session = Depends(get_db)):
    return HTMLResponse("".join(names_of(db)))
