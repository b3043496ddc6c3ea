"""A session in the state of the request that is closed in a finally, by its block, or by somebody else."""
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///quarry"))


@app.middleware("http")
async def closes_always(request, call_next):
    request.state.db = SessionLocal()
    try:
        return await call_next(request)
    finally:
        request.state.db.close()


@app.middleware("http")
async def closes_by_its_own_name(request, call_next):
    db = SessionLocal()
    request.state.db = db
    try:
        return await call_next(request)
    finally:
        db.close()


@app.middleware("http")
async def in_a_block(request, call_next):
    with SessionLocal() as db:
        request.state.db = db
        return await call_next(request)


@app.middleware("http")
async def starts_with_an_error(request, call_next):
    response = {"status": 500}
    try:
        request.state.db = SessionLocal()
        response = await call_next(request)
    finally:
        request.state.db.close()
    return response


@app.middleware("http")
async def closed_by_another(request, call_next):
    request.state.db = SessionLocal()
    return await call_next(request)
