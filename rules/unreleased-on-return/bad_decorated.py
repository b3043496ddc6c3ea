"""A decorator that uses the injected session has run its query before the handler's first line."""
from functools import wraps

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import require_permission
from admin.db import get_db
from admin.models import Role, Server

router = APIRouter()


def needs_role(name: str):
    def decorate(handler):
        @wraps(handler)
        async def inner(*args, **kwargs):
            session = kwargs["db"]
            if session.scalar(select(Role.id).where(Role.name == name)) is None:
                raise HTTPException(403)
            return await handler(*args, **kwargs)

        return inner

    return decorate


@router.get("/servers")
@needs_role("reader")
async def list_servers(team: str = "", db: Session = Depends(get_db)):
    if not team:
        return []  # expect: unreleased-on-return "may be in a transaction"
    names = db.scalars(select(Server.name).where(Server.team == team)).all()
    db.commit()
    db.close()
    return names


@router.post("/servers")
@require_permission("servers.create")
async def create_server(name: str, db: Session = Depends(get_db)):
    # an imported decorator is given `db` too; whether it queries is not known
    if not name.isidentifier():
        return {"error": "bad name"}  # expect: unreleased-on-return
    db.add(Server(name=name))
    db.commit()
    db.close()
    return {"name": name}
