from flask import Flask, Response, stream_with_context
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

app = Flask(__name__)
registry = scoped_session(sessionmaker())


@app.teardown_appcontext
def end_session(error=None):
    registry.remove()


@app.route("/orders")
def orders():
    def generate():
        for order in registry.query(Order):  # expect: session-reopened "when its request is over"
            yield order.text

    return Response(generate(), mimetype="text/plain")


def rows():
    yield "id"
    for order in registry.query(Order):  # expect: session-reopened
        yield order.text


@app.route("/rows")
def show_rows():
    return app.response_class(rows())


def kept():
    for order in registry.query(Order):
        yield order.text


@app.route("/kept")
def show_kept():
    return Response(stream_with_context(kept()))
