"""Flask: teardown_request, a commit in the teardown, and after_request (which a 500 passes as well)."""
from flask import Blueprint, Flask, jsonify
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order, Product

bp = Blueprint("orders", __name__)
engine = create_engine("postgresql:///shop")
Orders = scoped_session(sessionmaker(engine))
Products = scoped_session(sessionmaker(engine))


@bp.teardown_request
def end_orders(error):
    Orders.remove()


@bp.after_request
def end_products(response):
    Products.remove()
    return response


@bp.route("/orders")
def orders():
    return jsonify(Orders.scalars(select(Order.id)).all())


@bp.route("/products")
def products():
    return jsonify(Products.scalars(select(Product.id)).all())


def create_app():
    app = Flask(__name__)
    app.register_blueprint(bp)
    return app
