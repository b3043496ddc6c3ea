"""Uses that are not written as a name: locals(), eval and vars()."""
from fastapi import APIRouter, Depends, Request
from fastapi.templating import Jinja2Templates
from sqlalchemy.orm import Session

from board.db import get_db

router = APIRouter()
templates = Jinja2Templates("templates")


@router.get("/page")
def page(request: Request, db: Session = Depends(get_db)):
    return templates.TemplateResponse("page.html", locals())


@router.get("/value")
def value(name: str, db: Session = Depends(get_db)):
    return eval(name)


@router.get("/debug")
def debug(db: Session = Depends(get_db)):
    return sorted(vars())
