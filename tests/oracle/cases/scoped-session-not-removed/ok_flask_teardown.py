"""The application's teardown hook removes it, in the view's thread."""
# request: GET /items/1
import os

from flask import Flask, jsonify
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = Flask(__name__)
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@app.teardown_appcontext
def end_session(error=None):
    Registry.remove()


@app.get("/items/<int:item_id>")
def item(item_id):
    return jsonify(name=Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar())
