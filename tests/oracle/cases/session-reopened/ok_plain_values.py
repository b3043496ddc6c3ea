"""Only values go to the thread."""
# request: POST /items
import os
import threading
import time

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


def tell(count: int):
    time.sleep(0.3)
    print(count)


@app.post("/items")
def add(db: Session = Depends(get_db)):
    count = db.execute(text("select count(*) from items")).scalar()
    threading.Thread(target=tell, args=(count,)).start()
    return {"count": count}
