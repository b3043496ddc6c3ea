"""A session that a middleware keeps in the state of the request, and closes only when nothing raises."""
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///quarry"))


@app.middleware("http")
async def closes_after(request, call_next):
    request.state.db = SessionLocal()  # expect: session-not-closed
    response = await call_next(request)
    request.state.db.close()
    return response


@app.middleware("http")
async def closes_by_its_own_name(request, call_next):
    db = SessionLocal()  # expect: session-not-closed
    request.state.db = db
    response = await call_next(request)
    db.close()
    return response
