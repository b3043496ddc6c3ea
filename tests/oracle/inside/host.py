"""Runs one case in its own process and answers the harness over a socket.

The harness asks (how many slots are out, collect, call this); the application tells it of its moments.
When the harness is gone, so is this process.
"""
import gc
import importlib.util
import json
import os
import socket
import sys
import threading
import traceback

import asis
import pools
import start


def load(path: str):
    spec = importlib.util.spec_from_file_location("case", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["case"] = module
    spec.loader.exec_module(module)
    return module


class Teller:
    """Tells the harness of a moment and waits until it has looked at the server."""

    def __init__(self, path: str, module_slots):
        self.path, self.slots = path, module_slots

    def __call__(self, moment: str) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.path)
            line.sendall(json.dumps({"moment": moment, "slots": self.slots()}).encode() + b"\n")
            line.recv(100)


class Control:
    """Answers the harness, one line of JSON for each line; it asks for nothing before it has been told `ready`.

    Listens from the beginning: a case that never gets ready must end with the harness too.
    """

    actions: dict = {}

    def __init__(self, path: str):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(path)
        self.file = self.line.makefile("rwb")
        self.send({"role": "control"})
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def send(self, answer: dict) -> None:
        self.file.write(json.dumps(answer).encode() + b"\n")
        self.file.flush()

    def serve(self) -> None:
        for line in self.file:
            order = json.loads(line)
            try:
                answer = self.actions[order.pop("do")](**order)
            except Exception as error:
                traceback.print_exc()
                answer = {"error": repr(error)}
            self.send(answer or {})
        os._exit(0)


def collect() -> None:
    gc.collect()


def wait_for_threads(known: set) -> dict:
    """Waits a while for the threads that the case itself has started, and says whether some have ended."""
    started = [t for t in threading.enumerate() if t not in known and not start.is_worker(t)]
    for thread in started:
        thread.join(3)
    return {"ended": any(not thread.is_alive() for thread in started)}


def run(order: dict) -> None:
    if not order["collector"]:
        gc.disable()
    pools.watch_sqlalchemy()
    control = Control(order["socket"])
    try:
        if order["driver"] == "asis":
            asis.prepare(order["case"])
        module = load(order["case"])
    except BaseException:
        traceback.print_exc()
        control.send({"error": traceback.format_exc(limit=-1)})
        os._exit(1)
    slots = pools.counter(module)
    serving = start.by_driver(order["driver"], module, Teller(order["socket"], slots))
    known: set = set()
    control.actions = {"slots": lambda: {"slots": slots()}, "collect": collect,
                       "threads": lambda: wait_for_threads(known | {serving.thread}), **serving.actions}
    serving.ready = lambda **facts: (known.update(threading.enumerate()), control.send(facts))
    try:
        serving.run()
    except BaseException:
        traceback.print_exc()
    os._exit(1)
