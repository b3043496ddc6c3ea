from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine("postgresql:///store")))


async def end_session():
    try:
        yield
    finally:
        Registry.remove()


@app.get("/shelves", dependencies=[Depends(end_session)])
def shelves():
    return Registry.execute(text("select name from shelf")).all()  # expect: scoped-session-wrong-thread
