"""A decorator is handed the handler's arguments: one that uses the session, or cannot be seen into, counts as a use."""
from functools import wraps

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import permissions, require_permission
from admin.db import get_db
from admin.models import Role

router = APIRouter()


def needs_role(name: str):
    def decorate(handler):
        @wraps(handler)
        async def inner(*args, **kwargs):
            db = kwargs.get("db")
            if db.scalar(select(Role.id).where(Role.name == name)) is None:
                raise HTTPException(403)
            return await handler(*args, **kwargs)

        return inner

    return decorate


def audited(handler):
    @wraps(handler)
    def inner(*args, **kwargs):
        kwargs["db"].execute(select(Role.id))
        return handler(*args, **kwargs)

    return inner


@router.get("/settings")
@needs_role("admin")
async def settings(db: Session = Depends(get_db)):
    return {"theme": "dark"}


@router.get("/version")
@audited
def version(db: Session = Depends(get_db)):
    return {"version": 3}


@router.get("/reports")
@require_permission("reports.read")
async def reports(db: Session = Depends(get_db)):
    return []


@router.post("/reports")
@permissions.checked
async def add_report(title: str, db: Session = Depends(get_db)):
    return {"title": title}
