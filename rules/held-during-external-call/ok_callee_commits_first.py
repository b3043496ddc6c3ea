import requests
from sqlalchemy.orm import scoped_session, sessionmaker

Session = scoped_session(sessionmaker())


def submit():
    Session.add(1)
    Session.commit()
    requests.post("https://tracker.example")


def process():
    if Session.query(1).first():
        return "there"
    return submit()


def submit2():
    Session.commit()
    requests.post("https://tracker.example")


def process2():
    Session.query(1).first()
    submit2()
