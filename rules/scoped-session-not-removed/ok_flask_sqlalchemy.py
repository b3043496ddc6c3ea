"""Flask-SQLAlchemy's db.session has its own teardown."""
from flask import Flask, jsonify
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.Text)


@app.route("/notes")
def notes():
    return jsonify([note.text for note in db.session.execute(db.select(Note)).scalars()])


@app.post("/notes/<text>")
def add_note(text):
    db.session.add(Note(text=text))
    db.session.commit()
    return "", 201
