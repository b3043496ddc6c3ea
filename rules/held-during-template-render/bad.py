# The page is made while the transaction is open.
from fastapi import APIRouter, Depends, Request
from fastapi.templating import Jinja2Templates
from sqlalchemy import select
from sqlalchemy.orm import Session

from inn.db import get_db
from inn.models import Guest

router = APIRouter()
templates = Jinja2Templates(directory="templates")


@router.get("/guests")
def in_a_response(request: Request, db: Session = Depends(get_db)):
    guests = db.scalars(select(Guest)).all()
    return templates.TemplateResponse(request, "guests.html", {"guests": guests})  # expect: held-during-template-render "`db`"


def in_a_text(db: Session) -> str:
    guests = db.scalars(select(Guest)).all()
    page = templates.env.get_template("guests.html")
    return page.render(guests=guests)  # expect: held-during-template-render
