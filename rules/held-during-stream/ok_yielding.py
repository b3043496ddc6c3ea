import asyncio

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from shop.models import Order

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
    text = db.scalar(select(Order)).text
    db.close()
    while True:
        yield text
        await asyncio.sleep(1)


@app.get("/short", response_class=StreamingResponse)
async def short(db: Session = Depends(get_db, scope="function")):
    db.scalar(select(Order))
    db.commit()
    yield "done"


def lines(db: Session):
    yield from db.scalars(select(Order))
