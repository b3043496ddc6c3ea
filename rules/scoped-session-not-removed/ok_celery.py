import requests
from celery import Celery
from celery.signals import task_postrun, worker_process_init, worker_process_shutdown
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

celery = Celery("jobs")
engine = create_engine("postgresql://localhost/shop")
Session = scoped_session(sessionmaker(engine))


@task_postrun.connect
def clean(*args, **kwargs):
    Session.remove()


@worker_process_init.connect
def start(**kwargs):
    engine.dispose()


@celery.task
def count(owner):
    return Session.query(Basket).filter_by(owner=owner).count()


@celery.task(bind=True)
def send(self, key):
    with sessionmaker(engine)() as session:
        mail = session.get(Mail, key)
        address = mail.address
    requests.post("https://mail.example", json={"to": address})


class BaseTask(celery.Task):
    def after_return(self, *args, **kwargs):
        Session.remove()


@celery.task(base=BaseTask)
def other(owner):
    return Session.query(Basket).filter_by(owner=owner).count()
