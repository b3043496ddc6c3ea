from fastapi import BackgroundTasks, Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

SessionLocal = sessionmaker(create_engine("postgresql://localhost/shop"))
app = FastAPI()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def write_log(owner, db):
    db.query(Log).all()


@app.post("/log")
def log(owner: str, db: Session = Depends(get_db)):
    found = db.query(Owner).first()
    BackgroundTask(write_log, owner, db)
    return JSONResponse({"found": bool(found)})
