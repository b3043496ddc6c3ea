"""The provider has no try: an exception in the handler skips its close."""
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from hotel.models import Room

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///hotel"))


def get_db():
    db = SessionLocal()
    yield db
    db.close()


@app.get("/rooms/{number}")
def read_room(number: int, db: Session = Depends(get_db)):
    room = db.get(Room, number)
    if room is None:
        raise HTTPException(404)  # expect: unreleased-on-raise "`db`"
    return {"beds": room.beds}


@app.post("/rooms/{number}/book")
def book(number: int, guest: str, db: Session = Depends(get_db)):
    room = db.scalar(select(Room).where(Room.number == number).with_for_update())
    if room.guest is None:
        room.guest = guest
        db.commit()
        return {"booked": True}
    raise HTTPException(409, "taken")  # expect: unreleased-on-raise
