import requests
from sqlalchemy.orm import scoped_session, sessionmaker

Session = scoped_session(sessionmaker())


def post_then_commit():
    requests.post("https://tracker.example")
    Session.commit()


def perhaps_commit(now):
    if now:
        Session.commit()
    requests.post("https://tracker.example")


def process():
    Session.query(Thing).first()
    post_then_commit()  # expect: held-during-external-call


def process_perhaps(now):
    Session.query(Thing).first()
    perhaps_commit(now)  # expect: held-during-external-call
