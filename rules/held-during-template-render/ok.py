# Ended before the page is made, or nothing has run.
from fastapi import APIRouter, Depends, Request
from fastapi.templating import Jinja2Templates
from sqlalchemy import select
from sqlalchemy.orm import Session

from inn.db import get_db
from inn.models import Guest

router = APIRouter()
templates = Jinja2Templates(directory="templates")


@router.get("/guests")
def ended_first(request: Request, db: Session = Depends(get_db)):
    names = [g.name for g in db.scalars(select(Guest))]
    db.commit()
    return templates.TemplateResponse(request, "guests.html", {"names": names})


@router.get("/about")
def nothing_ran(request: Request, db: Session = Depends(get_db)):
    page = templates.TemplateResponse(request, "about.html")
    page.headers["X-Guests"] = str(len(db.scalars(select(Guest)).all()))
    return page


class Canvas:
    def render(self):
        return ""


def another_render(canvas: Canvas, db: Session):
    db.scalars(select(Guest)).all()
    return canvas.render()
