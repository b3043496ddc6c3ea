"""A page is rendered in the with block of its session."""
# call: page()
# policy: balanced
# select: held-during-template-render
import os
import time

from jinja2 import DictLoader, Environment
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))
templates = Environment(loader=DictLoader({"items.html": "{% for name in names %}<li>{{ name }}{{ pause() }}{% endfor %}"}))


def pause() -> str:
    time.sleep(0.2)
    return ""


def page() -> str:
    with SessionLocal() as db:
        names = list(db.execute(text("select name from items limit 5")).scalars())
        return templates.get_template("items.html").render(names=names, pause=pause)
