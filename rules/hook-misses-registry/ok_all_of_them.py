import tornado.web
from aiohttp import web
from flask import Flask, g
from sqlalchemy import create_engine
from sqlalchemy.orm import scoped_session, sessionmaker
from starlette.middleware.base import BaseHTTPMiddleware

app = Flask(__name__)
engine = create_engine("postgresql://localhost/shop")
Session = scoped_session(sessionmaker(engine))
Audit = scoped_session(sessionmaker(engine))


@app.teardown_request
def done(error):
    for registry in (Session, Audit):
        registry.remove()


@app.before_request
def user():
    g.user = Session.query(User).first()


@app.route("/a")
def a():
    Audit.add(Entry())
    Audit.commit()
    return str(Session.query(Thing).count())


async def on_startup(application):
    application["maker"] = sessionmaker(engine)


async def on_cleanup(application):
    engine.dispose()


async def handler(request):
    with request.app["maker"]() as session:
        return web.json_response([t.name for t in session.query(Thing)])


web_app = web.Application()
web_app.on_startup.append(on_startup)
web_app.on_cleanup.append(on_cleanup)
web_app.router.add_get("/", handler)


class Handler(tornado.web.RequestHandler):
    def prepare(self):
        self.db = sessionmaker(engine)()

    def get(self):
        self.write({"n": self.db.query(Thing).count()})

    def on_finish(self):
        self.db.close()
