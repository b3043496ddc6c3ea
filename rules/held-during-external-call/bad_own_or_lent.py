"""One wait for a session that is the caller's or the function's own: one finding."""

from typing import Optional

import requests
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql+psycopg://shop@db/shop")
SessionLocal = sessionmaker(engine)


def refresh_rates(base: str, session: Optional[Session] = None) -> None:
    owns = session is None
    if session is None:
        session = SessionLocal()
    try:
        known = session.execute(text("SELECT code FROM rates")).scalars().all()
        answer = requests.get(f"https://rates.example/{base}", timeout=5)  # expect: held-during-external-call "HTTP"
        for code in known:
            session.execute(
                text("UPDATE rates SET value = :v WHERE code = :c"), {"v": answer.json()[code], "c": code}
            )
        session.commit()
    finally:
        if owns:
            session.close()
