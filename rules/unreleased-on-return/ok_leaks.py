# options: --policy=leaks
"""Under leaks only what outlives the response counts: these wait for the end of the request at most."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import get_db
from blog.models import Post

router = APIRouter()


@router.get("/posts/{slug}")
def read_post(slug: str, db: Session = Depends(get_db)):
    post = db.scalar(select(Post).where(Post.slug == slug))
    if post is None:
        return {"post": None}
    payload = {"title": post.title, "body": post.body}
    db.commit()
    db.close()
    return payload


@router.get("/posts")
def list_posts(db: Session = Depends(get_db)):
    return db.scalars(select(Post.slug)).all()
