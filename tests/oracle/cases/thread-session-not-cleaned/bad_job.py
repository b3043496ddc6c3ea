"""A scheduled job leaves its worker thread's session open."""
# job: tidy
import os

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

scheduler = BackgroundScheduler()
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@scheduler.scheduled_job("interval", hours=1)
def tidy():
    Registry.execute(text("select count(*) from items"))
