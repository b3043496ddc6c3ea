# A generator that is kept in a local before the response is made of it, and one in a tuple with a status.
from flask import Flask, Response
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

app = Flask(__name__)
registry = scoped_session(sessionmaker())


@app.teardown_appcontext
def end_session(error=None):
    registry.remove()


def rows():
    for order in registry.query(Order):  # expect: session-reopened
        yield order.text


@app.route("/kept")
def kept():
    body = rows()
    return Response(body, mimetype="text/plain")


def late():
    for order in registry.query(Order):  # expect: session-reopened
        yield order.text


@app.route("/late")
def with_status():
    return Response(late()), 202
