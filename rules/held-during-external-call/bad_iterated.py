# Each item of a generator is waited for.
import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from inn.models import Guest


def pages(city: str):
    page = 0
    while page < 10:
        yield httpx.get(f"https://rooms.example/{city}/{page}").json()
        page += 1


def read_all(session: Session, city: str) -> int:
    guests = session.scalars(select(Guest)).all()
    total = len(guests)
    for page in pages(city):  # expect: held-during-external-call
        total += len(page)
    return total
