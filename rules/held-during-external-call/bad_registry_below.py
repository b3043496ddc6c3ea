"""The data layer queries the thread's session, and the handler or job that called it waits for another server."""
import time

import requests
from celery import Celery
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

from parcels.models import Parcel

app = Flask(__name__)
queue = Celery("parcels")
Session = scoped_session(sessionmaker(create_engine("postgresql:///parcels")))


@app.teardown_appcontext
def shut(error=None):
    Session.remove()


def parcel_of(number):
    return Session.get(Parcel, number)


def address_of(number):
    return parcel_of(number).address


@app.get("/parcels/<int:number>")
def place(number):
    parcel = parcel_of(number)
    return requests.get("https://carrier.example/" + parcel.code, timeout=3).text  # expect: held-during-external-call


@app.get("/addresses/<int:number>")
def address(number):
    found = address_of(number)
    if not found:
        return "nowhere"
    return requests.get("https://maps.example/" + found, timeout=3).text  # expect: held-during-external-call


@queue.task
def announce(number):
    code = parcel_of(number).code
    try:
        requests.post("https://carrier.example/", json={"code": code}, timeout=60)  # expect: held-during-external-call
    finally:
        Session.remove()


@queue.task
def watch(numbers):
    for number in numbers:
        parcel_of(number)
        time.sleep(5)  # expect: held-during-external-call
    Session.remove()
