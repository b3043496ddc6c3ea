"""The harness's end of a case's process: orders to it, and the moments that it tells."""
import contextlib
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

from stacks import Stack

INSIDE = Path(__file__).with_name("inside")


class CaseBroken(Exception):
    """The case could not be run: a mistake in it, or in the harness."""


class Zygote:
    """A stack's interpreter with its libraries imported; forks a process for each case."""

    def __init__(self, stack: Stack):
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "PYTHON"))}
        self.process = subprocess.Popen([stack.python, "-X", "frozen_modules=on", INSIDE / "zygote.py"], text=True,
                                        stdin=subprocess.PIPE, env=environment, start_new_session=True)
        self.lock = threading.Lock()

    def fork(self, order: dict) -> None:
        with self.lock:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Process:
    """One case, running. `on_moment(name, slots)` is called while the case stands still at that moment."""

    def __init__(self, zygote: Zygote, order: dict, on_moment):
        self.log = Path(order["log"])
        self.on_moment = on_moment
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(order["socket"])
        self.listener.listen(64)
        self.listener.settimeout(30)
        self.control = None
        zygote.fork(order)
        try:
            connection, _ = self.listener.accept()
            connection.settimeout(30)
            self.control = connection.makefile("rwb")
            self.connection = connection
            self.receive()
            self.ready = self.receive()
        except (OSError, CaseBroken) as error:
            self.close()
            raise CaseBroken(f"the case's process does not answer: {error}\n{self.said()}")
        if "error" in self.ready:
            self.close()
            raise CaseBroken(self.ready["error"])
        self.port = self.ready.get("port")
        self.listener.settimeout(None)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.told, args=(line,), daemon=True).start()

    def told(self, line: socket.socket) -> None:
        with line:
            told = json.loads(line.makefile().readline())
            self.on_moment(told["moment"], told["slots"])
            with contextlib.suppress(OSError):  # it may be gone by now: the moment has been looked at
                line.sendall(b"seen\n")

    def receive(self) -> dict:
        line = self.control.readline()
        if not line:
            raise CaseBroken(f"the case's process has ended\n{self.said()}")
        return json.loads(line)

    def do(self, action: str, **arguments) -> dict:
        self.control.write(json.dumps({"do": action, **arguments}).encode() + b"\n")
        self.control.flush()
        answer = self.receive()
        if "error" in answer:
            raise CaseBroken(f"{action}: {answer['error']}\n{self.said()}")
        return answer

    def said(self) -> str:
        """The end of what the case printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:]) if self.log.exists() else ""

    def close(self) -> None:
        """Its process ends when the line to it does. May be called again."""
        if self.control is not None and not self.control.closed:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.control.close()
            self.connection.close()
        self.listener.close()


def wait_until(condition, seconds: float, step: float = 0.02) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True
