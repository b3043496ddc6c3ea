import asyncio

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order

# note: without a lock file the newest FastAPI is assumed, in which a handler may yield

SessionLocal = sessionmaker()
app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/orders", response_class=StreamingResponse)
async def follow_orders(db: Session = Depends(get_db)):
    newest = db.scalar(select(Order))
    while True:
        yield newest.text  # expect: held-during-stream "while this handler yields"
        await asyncio.sleep(1)


@app.get("/export", response_class=StreamingResponse)
def export(db: Session = Depends(get_db)):
    for order in db.scalars(select(Order)):
        yield order.text  # expect: held-during-stream
