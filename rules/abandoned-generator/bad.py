"""Socket events have no Depends, so they call the dependency themselves. Some ways out close the session, some do not."""
import socketio
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from support.models import Message, Ticket

sio = socketio.AsyncServer(async_mode="asgi")
SessionLocal = sessionmaker(create_engine("postgresql:///support"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@sio.on("join")
async def on_join(sid, data):
    db = next(get_db())  # expect: abandoned-generator "nobody owns the session from next(get_db())"
    ticket = db.get(Ticket, data["ticket"])
    if ticket is None:
        await sio.emit("refused", to=sid)
        return
    await sio.enter_room(sid, str(ticket.id))


@sio.on("message")
async def on_message(sid, data):
    db = next(get_db())  # expect: abandoned-generator
    ticket = db.scalar(select(Ticket).where(Ticket.id == data["ticket"]))
    if ticket is None or ticket.solved:
        return {"stored": False}
    try:
        db.add(Message(ticket_id=ticket.id, text=data["text"]))
        db.commit()
    finally:
        db.close()
    return {"stored": True}


@sio.on("close")
async def on_close(sid, data):
    db = next(get_db())  # expect: session-not-closed
    ticket = db.get(Ticket, data["ticket"])
    ticket.solved = True
    # a failing query or commit never comes to the close
    db.commit()
    db.close()
