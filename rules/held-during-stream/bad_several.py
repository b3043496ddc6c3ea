# Several streamed returns of one session are one finding; so are several handlers of one dependency.
from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def lines(rows):
    for row in rows:
        yield row.text


@app.get("/export")
def export(kind: str, db: Session = Depends(get_db)):
    rows = db.query(Note).all()
    if kind == "csv":
        return StreamingResponse(lines(rows))  # expect: held-during-stream
    return StreamingResponse(lines(reversed(rows)), media_type="text/plain")


def current_user(db: Session = Depends(get_db)):
    user = db.query(User).first()
    return user  # expect: held-during-stream "handlers that use this dependency"


@app.get("/one")
def one(user=Depends(current_user)):
    return StreamingResponse(lines(user.notes))


@app.get("/two")
def two(user=Depends(current_user)):
    return StreamingResponse(lines(user.drafts))
