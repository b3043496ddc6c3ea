"""A Celery task leaves the worker's session open."""
# task: tidy(1)
import os

from celery import Celery
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

celery = Celery(broker="memory://")
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@celery.task
def tidy(item_id):
    Registry.execute(text("select name from items where id = :id"), {"id": item_id})
