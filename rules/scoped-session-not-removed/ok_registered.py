from flask import Flask
from sqlalchemy.orm import scoped_session, sessionmaker

registry = scoped_session(sessionmaker())


def end_session(error=None):
    registry.remove()


def list_orders():
    return [order.id for order in registry.query(object).all()]


class Client:
    """Not a view: the base is a class of this file with the name of a framework's."""

    def __init__(self, store):
        self.store = store


class Resource(Client):
    pass


class Orders(Resource):
    def get(self):
        return registry.query(object).all()


class Pages:
    def __init__(self, app):
        app.add_url_rule("/count", view_func=self.count)

    def count(self):
        return registry.query(object).count()

    def unrouted(self):
        return registry.query(object).count()


def make_app():
    app = Flask(__name__)
    app.add_url_rule("/orders", "orders", list_orders)
    app.teardown_appcontext(end_session)
    Pages(app)
    return app
