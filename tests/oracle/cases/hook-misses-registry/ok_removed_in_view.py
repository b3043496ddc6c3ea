"""The view itself ends the registry that the hook does not know."""
# request: GET /both/1
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


@app.get("/both/<int:item_id>")
def both(item_id):
    name = Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    try:
        old = Archive.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    finally:
        Archive.remove()
    return jsonify(name=name, old=old)
