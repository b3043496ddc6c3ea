# What is complete when the response is made is no stream.
from io import BytesIO

from flask import Flask, Response
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

app = Flask(__name__)
registry = scoped_session(sessionmaker())


@app.teardown_appcontext
def end_session(error=None):
    registry.remove()


def rows():
    for order in registry.query(Order):
        yield order.text


@app.route("/joined")
def joined():
    return Response("\n".join(rows()))


@app.route("/listed")
def listed():
    body = [row for row in rows()]
    return Response(body)


@app.route("/memory")
def memory():
    return Response(BytesIO("\n".join(rows()).encode()))
