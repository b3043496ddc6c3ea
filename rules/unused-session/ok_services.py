from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.templating import Jinja2Templates
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql://localhost/shop")
SessionLocal = sessionmaker(engine)
app = FastAPI()
router = APIRouter()
templates = Jinja2Templates("templates")


@app.middleware("http")
async def with_session(request: Request, call_next):
    request.state.db = SessionLocal()
    try:
        return await call_next(request)
    finally:
        request.state.db.close()


def from_state(request: Request):
    return request.state.db


def get_db():
    with SessionLocal() as db:
        yield db


class Service:
    def __init__(self, db: Session = Depends(get_db)):
        self.db = db

    def names(self):
        return [t.name for t in self.db.query(Thing)]


def get_service(db: Session = Depends(get_db)):
    return Service(db)


class Session2:
    def __call__(self):
        db = SessionLocal()
        try:
            yield db
        finally:
            db.close()


get_other = Session2()
DB = Annotated[Session, Depends(get_other)]


@router.get("/a")
def a(service: Service = Depends()):
    return service.names()


@router.get("/b")
def b(service: Annotated[Service, Depends(get_service)]):
    return service.names()


@router.get("/c")
def c(db: DB):
    return db.query(Thing).count()


@router.get("/d")
def d(request: Request, db: Session = Depends(from_state)):
    rows = [t.name for t in db.query(Thing)]
    db.commit()
    return templates.TemplateResponse(request, "d.html", {"rows": rows})


@router.get("/e")
def e(db: DB, _lock: Session = Depends(get_db)):
    if not db.query(Thing).count():
        return []
    return [t.name for t in db.query(Thing)]


@router.get("/f")
def f(db: Session = Depends(get_db)):
    db = db
    return db.query(Thing).count()
