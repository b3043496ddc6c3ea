from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import scoped_session, sessionmaker

app = FastAPI()
Registry = scoped_session(sessionmaker(create_engine("postgresql:///store")))


def end_session():
    try:
        yield
    finally:
        Registry.commit()


@app.get("/books")
async def books(_=Depends(end_session)):
    return Registry.execute(text("select title from book")).all()  # expect: scoped-session-wrong-thread


# the two need not run in the same worker
@app.get("/shelves", dependencies=[Depends(end_session)])
def shelves():
    return Registry.execute(text("select name from shelf")).all()  # expect: scoped-session-wrong-thread
