"""Flask: a hook ends it for each request, so a service may keep it."""
from flask import Flask
from sqlalchemy import select

from app.db import ScopedSession
from app.models import Chunk

app = Flask(__name__)


@app.teardown_appcontext
def end_session(error):
    ScopedSession.remove()


class Service:
    def __init__(self):
        self.session = ScopedSession

    def find(self, name):
        return self.session.execute(select(Chunk).where(Chunk.name == name)).all()


@app.get("/chunks/<name>")
def chunks(name):
    return str(len(Service().find(name)))
