import requests
from flask import Flask, Response, g, stream_with_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

app = Flask(__name__)
db = SQLAlchemy(app)
engine = create_engine("postgresql://localhost/shop")
Maker = sessionmaker(engine)


def get_session():
    if "session" not in g:
        g.session = Maker()
    return g.session


@app.teardown_appcontext
def close_session(error=None):
    session = g.pop("session", None)
    if session is not None:
        session.close()


@app.route("/a")
def a():
    return str(get_session().query(Basket).count())


@app.route("/b")
def b():
    return str(Basket.query.count())


@app.route("/c")
def c():
    rows = [row.name for row in db.session.query(Basket)]
    db.session.commit()
    answer = requests.get("https://rates.example").json()
    return {"rows": rows, "rates": answer}


@app.route("/d")
def d():
    def lines():
        with Maker() as session:
            for row in session.query(Basket).yield_per(100):
                yield row.name
    return Response(lines())


@app.cli.command("fill")
def fill():
    db.session.add(Basket())
    db.session.commit()
