from flask import Flask, Response, stream_with_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

app = Flask(__name__)
db = SQLAlchemy(app)
registry = scoped_session(sessionmaker())


@app.teardown_appcontext
def end_session(error=None):
    registry.remove()


@app.route("/read")
def read_first():
    orders = registry.query(Order).all()

    def generate():
        for order in orders:
            yield order.text

    return Response(generate())


@app.route("/context")
def in_context():
    @stream_with_context
    def generate():
        for order in registry.query(Order):
            yield order.text

    return Response(generate())


@app.route("/ended")
def ended():
    def generate():
        try:
            for order in registry.query(Order):
                yield order.text
        finally:
            registry.remove()

    return Response(generate())


@app.route("/outside")
def outside():
    def generate():
        for order in db.session.query(Order):  # there is no context any more, so this raises
            yield order.text

    return Response(generate())


def iterate():
    for order in registry.query(Order):
        yield order.text


@app.route("/count")
def count():
    return str(len(list(iterate())))
