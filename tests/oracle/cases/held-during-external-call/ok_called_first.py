"""The call comes before the first statement."""
# request: GET /items/1
import os

import httpx
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine(os.environ["DATABASE_URL"]))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/items/{item_id}")
async def item(item_id: int, db: Session = Depends(get_db)):
    async with httpx.AsyncClient() as client:
        stock = (await client.get(os.environ["OUTSIDE_URL"])).json()
    name = db.execute(text("select name from items where id = :id"), {"id": item_id}).scalar()
    return {"name": name, "stock": stock}
