# options: --policy=explicit
"""Handlers that keep to the explicit policy: work, data, commit (or rollback), close, return."""
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from wiki.db import get_async_session, get_db
from wiki.models import Page
from wiki.schemas import PageOut

router = APIRouter()


@router.get("/pages/{slug}")
def read_page(slug: str, db: Session = Depends(get_db)):
    page = db.scalar(select(Page).where(Page.slug == slug))
    if page is None:
        raise HTTPException(404)
    out = PageOut.model_validate(page)
    db.commit()
    db.close()
    return out


@router.get("/pages")
async def list_pages(session: AsyncSession = Depends(get_async_session)):
    try:
        return (await session.scalars(select(Page.slug))).all()
    finally:
        try:
            await session.commit()
        finally:
            await session.close()


@router.post("/pages")
def add_page(slug: str, db: Session = Depends(get_db)):
    if db.scalar(select(Page.id).where(Page.slug == slug)) is not None:
        db.rollback()
        db.close()
        return {"created": False}
    db.add(Page(slug=slug))
    db.commit()
    db.close()
    return {"created": True}


@router.get("/about")
def about(_db: Session = Depends(get_db)):
    return {"wiki": True}
