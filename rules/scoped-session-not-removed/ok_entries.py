"""The same with clean-up that reaches them: contexts, the signals of a task queue, the end of each function."""
from celery import Celery
from celery.signals import task_postrun
from fastapi import APIRouter, BackgroundTasks
from flask import Flask
from flask_socketio import Namespace
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Ban

router = APIRouter()
celery = Celery()
app = Flask(__name__)
Registry = scoped_session(sessionmaker(create_engine("postgresql:///shop")))


@app.teardown_appcontext
def end_session(error):
    Registry.remove()


@task_postrun.connect
def end_after_task(**kwargs):
    Registry.remove()


def is_banned(address):
    return Registry.scalar(select(Ban).where(Ban.address == address)) is not None


class Gate:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        if is_banned(environ["REMOTE_ADDR"]):
            Registry.remove()
            start_response("403 Forbidden", [])
            return [b"banned"]
        return self.app(environ, start_response)


class Chat(Namespace):
    def on_connect(self):
        return is_banned("socket")


@celery.task
def sweep():
    print(is_banned("task"))


def notify(order):
    with app.app_context():
        print(is_banned(order))


def forget(order):
    try:
        print(is_banned(order))
    finally:
        Registry.remove()


@router.post("/orders")
def add(order: int, tasks: BackgroundTasks):
    tasks.add_task(notify, order)
    tasks.add_task(forget, order)
    return {"id": order}
