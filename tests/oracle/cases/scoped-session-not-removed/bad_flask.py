"""A Flask view without a teardown hook, on a worker thread that lives on."""
# request: GET /items/1
import os

from flask import Flask, jsonify
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = Flask(__name__)
Registry = scoped_session(sessionmaker(create_engine(os.environ["DATABASE_URL"])))


@app.get("/items/<int:item_id>")
def item(item_id):
    return jsonify(name=Registry.execute(text("select name from items where id = :id"), {"id": item_id}).scalar())
