"""Flask: a teardown hook with remove() runs in the view's own thread, after errors too."""
from flask import Flask, abort, jsonify
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Product

app = Flask(__name__)
db_session = scoped_session(sessionmaker(bind=create_engine("postgresql:///shop")))


@app.teardown_appcontext
def shutdown_session(exception=None):
    db_session.remove()


@app.route("/products")
def products():
    names = db_session.scalars(select(Product.name)).all()
    return jsonify(names)


@app.route("/products/<int:product_id>")
def product(product_id):
    found = db_session.get(Product, product_id)
    if found is None:
        abort(404)
    return jsonify(name=found.name)


@app.post("/products/<name>")
def add_product(name):
    db_session.add(Product(name=name))
    db_session.commit()
    return "", 201
