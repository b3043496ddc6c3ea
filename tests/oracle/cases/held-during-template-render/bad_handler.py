"""A slow template is rendered while the transaction is open."""
# request: GET /items
# policy: balanced
# select: held-during-template-render
import os
import time

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import DictLoader, Environment
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))
templates = Environment(loader=DictLoader({"items.html": "{% for name in names %}<li>{{ name }}{{ pause() }}{% endfor %}"}))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def pause() -> str:
    time.sleep(0.2)
    return ""


@app.get("/items", response_class=HTMLResponse)
def items(db: Session = Depends(get_db)):
    names = list(db.execute(text("select name from items limit 5")).scalars())
    return HTMLResponse(templates.get_template("items.html").render(names=names, pause=pause))
