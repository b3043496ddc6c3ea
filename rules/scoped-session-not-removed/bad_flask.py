"""Flask without a hook: the worker threads live for ever, and so do their sessions."""
from flask import Flask, jsonify
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Product

app = Flask(__name__)
db_session = scoped_session(sessionmaker(bind=create_engine("postgresql:///shop")))


@app.route("/products")
def products():
    return jsonify(db_session.scalars(select(Product.name)).all())  # expect: scoped-session-not-removed "`db_session`"


@app.get("/products/<int:product_id>")
def product(product_id):
    found = db_session.get(Product, product_id)  # expect: scoped-session-not-removed
    if found is None:
        return "", 404
    name = found.name
    db_session.remove()
    return jsonify(name=name)


@app.post("/products/<name>")
def add_product(name):
    try:
        db_session.add(Product(name=name))
        db_session.commit()
    finally:
        db_session.remove()
    return "", 201
