"""A thread's session that functions of the data layer query: ended before the wait, not surely open, or not the handler's own wait."""
import requests
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from parcels.models import Parcel
from parcels.post import notify

app = Flask(__name__)
Session = scoped_session(sessionmaker(create_engine("postgresql:///parcels")))
seen = {}


@app.teardown_appcontext
def shut(error=None):
    Session.remove()


def parcel_of(number):
    return Session.get(Parcel, number)


def cached(number):
    if number not in seen:
        seen[number] = Session.get(Parcel, number).address
    return seen[number]


def stored(number):
    parcel = Session.get(Parcel, number)
    parcel.stored = True
    Session.commit()
    return number


def track(number):
    """Who is in a transaction here hangs on those who call it."""
    parcel = parcel_of(number)
    return requests.get("https://carrier.example/" + parcel.code, timeout=3).json()


@app.get("/ended/<int:number>")
def ended(number):
    address = parcel_of(number).address
    Session.remove()
    return requests.get("https://carrier.example/" + address, timeout=3).text


@app.get("/committed/<int:number>")
def committed(number):
    return requests.get(f"https://carrier.example/{stored(number)}", timeout=3).text


@app.get("/sometimes/<int:number>")
def sometimes(number):
    address = cached(number)
    return requests.get("https://carrier.example/" + address, timeout=3).text


@app.get("/before/<int:number>")
def before(number):
    found = requests.get(f"https://carrier.example/{number}", timeout=3).json()
    return parcel_of(number).address + found["place"]


@app.get("/below/<int:number>")
def below(number):
    return track(number)


@app.get("/unknown/<int:number>")
def unknown(number):
    notify(parcel_of(number))
    return "sent"
