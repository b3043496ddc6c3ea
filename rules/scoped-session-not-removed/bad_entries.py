"""Entry points that no hook of the application reaches, or that have none: WSGI, sockets, tasks, what runs after the response."""
import asyncio

from celery import Celery
from fastapi import APIRouter, BackgroundTasks
from flask import Flask
from flask_socketio import Namespace
from socketio import AsyncNamespace
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Ban, Order

router = APIRouter()
celery = Celery()
app = Flask(__name__)
Registry = scoped_session(sessionmaker(create_engine("postgresql:///shop")))


@app.after_request
def end_session(response):
    Registry.remove()
    return response


def is_banned(address):
    return Registry.scalar(select(Ban).where(Ban.address == address)) is not None


class Gate:
    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        if is_banned(environ["REMOTE_ADDR"]):  # expect: scoped-session-not-removed "`Registry`"
            start_response("403 Forbidden", [])
            return [b"banned"]
        return self.app(environ, start_response)


class Chat(Namespace):
    def on_connect(self):
        if is_banned("socket"):  # expect: scoped-session-not-removed
            return False

    def on_disconnect(self):
        print("gone")


class Feed(AsyncNamespace):
    async def on_message(self, sid, text):
        Registry.scalar(select(Order).where(Order.id == text))  # expect: scoped-session-not-removed


@celery.task
def sweep():
    print(is_banned("task"))  # expect: scoped-session-not-removed


def notify(order):
    print(is_banned(order))  # expect: scoped-session-not-removed


async def remember(order):
    is_banned(order)  # expect: scoped-session-not-removed


@router.post("/orders")
async def add(order: int, tasks: BackgroundTasks):
    tasks.add_task(notify, order)
    asyncio.create_task(remember(order))
    return {"id": order}
