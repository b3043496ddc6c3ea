import socketio
import tornado.web
from aiohttp import web
from flask.views import MethodView
from sqlalchemy.orm import scoped_session, sessionmaker
from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute

registry = scoped_session(sessionmaker())


def count_orders(request):
    return registry.query(object).count()  # expect: scoped-session-not-removed


async def list_orders(request):
    return registry.query(object).all()  # expect: scoped-session-not-removed


async def follow(websocket):
    await websocket.accept()
    return registry.query(object).all()  # expect: scoped-session-not-removed


starlette = Starlette(
    routes=[
        Route("/count", count_orders),
        Mount("/orders", routes=[Route("/", endpoint=list_orders), WebSocketRoute("/follow", follow)]),
    ]
)


async def show_order(request):
    return registry.query(object).first()  # expect: scoped-session-not-removed


aiohttp_app = web.Application()
aiohttp_app.add_routes([web.get("/order", show_order)])


class Views(MethodView):
    pass


class Basket(Views):
    def get(self):
        return registry.query(object).all()  # expect: scoped-session-not-removed


class Handler(tornado.web.RequestHandler):
    async def get(self):
        return registry.query(object).all()  # expect: scoped-session-not-removed


class Controller:
    def __init__(self, router):
        router.add_api_route("/stock", self.stock, methods=["GET"])

    def stock(self):
        return registry.query(object).all()  # expect: scoped-session-not-removed


server = socketio.AsyncServer()


@server.event
async def join(sid, data):
    registry.query(object).all()  # expect: scoped-session-not-removed


@server.on("leave")
async def leave(sid, data):
    registry.query(object).all()  # expect: scoped-session-not-removed


async def talk(sid, data):
    registry.query(object).all()  # expect: scoped-session-not-removed


server.on("talk", talk)


def rebuild_index(name):
    registry.query(object).all()  # expect: scoped-session-not-removed


def rebuild_soon(queue):
    queue.enqueue(rebuild_index, "orders")
