"""Two registries, and a teardown hook that knows one of them."""
# request: GET /archive/1
import os

from flask import Flask, jsonify
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])
Registry = scoped_session(sessionmaker(engine))
Archive = scoped_session(sessionmaker(engine))


@app.teardown_appcontext
def end_session(error=None):
    Registry.remove()


@app.get("/items/<int:item_id>")
def item(item_id):
    return jsonify(name=Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar())


@app.get("/archive/<int:item_id>")
def archived(item_id):
    return jsonify(name=Archive.execute(text("select name from items where id = :id"), {"id": item_id}).scalar())
