import asyncio
import io

from fastapi import BackgroundTasks, Depends, FastAPI, WebSocket
from fastapi.responses import FileResponse, Response, StreamingResponse
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql://localhost/shop")
SessionLocal = sessionmaker(engine)
app = FastAPI()


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/a")
def a(db: Session = Depends(get_db)):
    rows = [t.name for t in db.query(Thing)]
    db.commit()
    return StreamingResponse(f"{r}\n" for r in rows)


@app.get("/b")
def b(db: Session = Depends(get_db)):
    path = db.query(Thing).first().path
    db.close()
    return FileResponse(path)


@app.get("/c")
def c():
    with SessionLocal() as db:
        text = "\n".join(t.name for t in db.query(Thing))
    return StreamingResponse(io.BytesIO(text.encode()))


@app.get("/d")
async def d():
    async def ticks():
        while True:
            with SessionLocal() as db:
                n = db.query(Thing).count()
            yield f"data: {n}\n\n"
            await asyncio.sleep(1)
    return StreamingResponse(ticks(), media_type="text/event-stream")


@app.websocket("/ws")
async def ws(socket: WebSocket, db: Session = Depends(get_db)):
    await socket.accept()
    user = db.query(User).first()
    name = user.name
    db.close()
    while True:
        text = await socket.receive_text()
        await socket.send_text(f"{name}: {text}")


@app.post("/e")
def e(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    key = db.query(Thing).first().id
    db.commit()
    tasks.add_task(work, key)
    return Response(status_code=202)


def work(key):
    with SessionLocal() as db:
        db.get(Thing, key).seen = True
        db.commit()


def rows(db):
    for thing in db.query(Thing).yield_per(50):
        yield thing.name


def report():
    with SessionLocal() as db:
        return "\n".join(rows(db))
