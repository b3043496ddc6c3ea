"""The ways in which a case is served: by uvicorn, by Flask's server, by calls, by Celery, by APScheduler."""
import asyncio
import concurrent.futures
import queue
import socket
import threading
import traceback

import asis
from asgi import Watched


def is_worker(thread: threading.Thread) -> bool:
    """Threads that a server keeps for the next request."""
    return "AnyIO" in thread.name or "ThreadPool" in thread.name or thread.name.startswith("asyncio")


class Serving:
    """`run` blocks, and calls `ready` once requests are answered; `actions` are what the harness may ask for."""

    actions: dict = {}
    thread = threading.main_thread()
    ready = None

    def run(self) -> None:
        raise NotImplementedError


class Uvicorn(Serving):
    def __init__(self, app, tell):
        import uvicorn

        self.server = uvicorn.Server(uvicorn.Config(
            Watched(app, tell), http="h11", ws="auto", loop="asyncio", lifespan="auto", log_level="warning"))
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))

    def run(self) -> None:
        asyncio.run(self.serve())

    async def serve(self) -> None:
        serving = asyncio.ensure_future(self.server.serve(sockets=[self.socket]))
        while not self.server.started and not serving.done():
            await asyncio.sleep(0.005)
        self.ready(port=self.socket.getsockname()[1], pins=True)
        await serving


class Wsgi(Serving):
    """Flask on worker threads that live on, as under gunicorn."""

    def __init__(self, app, tell):
        from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler
        from werkzeug.wsgi import ClosingIterator

        class Server(BaseWSGIServer):
            multithread = True
            workers = concurrent.futures.ThreadPoolExecutor(4)

            def process_request(self, request, address):
                self.workers.submit(self.process_one, request, address)

            def process_one(self, request, address):
                try:
                    self.finish_request(request, address)
                except Exception:
                    traceback.print_exc()
                self.shutdown_request(request)

        def watched(environ, start_response):
            def start(*args):
                tell("response started")
                return start_response(*args)
            return ClosingIterator(app(environ, start), lambda: tell("request over"))

        self.server = Server("127.0.0.1", 0, watched, WSGIRequestHandler)

    def run(self) -> None:
        self.ready(port=self.server.server_port)
        self.server.serve_forever()


class Calls(Serving):
    """Calls made by one thread, which lives on afterwards as a worker's does, with one event loop."""

    def __init__(self, module):
        self.module = module
        self.orders: queue.Queue = queue.Queue()
        self.actions = {"call": self.call}

    def call(self, expression: str) -> dict:
        done: queue.Queue = queue.Queue()
        self.orders.put((expression, done))
        return done.get()

    def run(self) -> None:
        """Only returns with the process."""
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.ready()
        while True:
            expression, done = self.orders.get()
            done.put(self.outcome(expression))

    def outcome(self, expression: str) -> dict:
        """The result and the exception are dropped here: what still holds afterwards holds by itself."""
        try:
            result = eval(expression, vars(self.module))
            if asyncio.iscoroutine(result):
                result = self.loop.run_until_complete(result)
            return {"result": repr(result)[:200]}
        except Exception as error:
            traceback.print_exc()
            return {"raised": repr(error)[:200]}


class AsIs(Calls):
    """Calls of a rule's own case."""

    def __init__(self, module):
        super().__init__(module)
        asis.fill()
        self.actions["functions"] = asis.functions


class Celery(Serving):
    """A real worker on a broker in memory."""

    def __init__(self, module):
        from celery import signals

        self.module, self.app = module, module.celery
        self.ended: queue.Queue = queue.Queue()
        signals.worker_ready.connect(lambda **_: self.ready(), weak=False)
        signals.task_postrun.connect(lambda state=None, **_: self.ended.put(state), weak=False)
        self.actions = {"call": self.call}

    def call(self, expression: str) -> dict:
        name, _, arguments = expression.rstrip(")").partition("(")
        vars(self.module)[name].apply_async(args=eval(f"({arguments},)" if arguments else "()"))
        return {"result": self.ended.get(timeout=10)}

    def run(self) -> None:
        self.app.worker_main(["worker", "--pool=solo", "--loglevel=ERROR", "--without-gossip", "--without-mingle",
                              "--without-heartbeat"])


class Scheduler(Serving):
    def __init__(self, module):
        self.scheduler = module.scheduler
        self.module = module
        self.actions = {"call": self.call}

    def call(self, expression: str) -> dict:
        from apscheduler import events

        ended: queue.Queue = queue.Queue()
        self.scheduler.add_listener(lambda event: ended.put(event.exception),
                                    events.EVENT_JOB_EXECUTED | events.EVENT_JOB_ERROR)
        for job in self.scheduler.get_jobs():
            if job.func.__name__ == expression:
                from datetime import datetime, timezone

                job.modify(next_run_time=datetime.now(timezone.utc))
        return {"result": repr(ended.get(timeout=10))}

    def run(self) -> None:
        self.scheduler.start()
        self.ready()
        threading.Event().wait()


def by_driver(driver: str, module, tell) -> Serving:
    if driver in ("call", "asis"):
        return Calls(module) if driver == "call" else AsIs(module)
    if driver == "task":
        return Celery(module)
    if driver == "job":
        return Scheduler(module)
    if hasattr(module.app, "wsgi_app"):
        return Wsgi(module.app, tell)
    return Uvicorn(module.app, tell)
