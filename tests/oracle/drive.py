"""Uses a case as its head says, and looks at the server at the moments that have a name.

Waits are for a state where there is one to wait for; the two that are plain time are those after the response.
"""
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from case import Case
from client import Answer, SocketIo, WebSocket
from process import Process, wait_until
from sampler import Sample, Sampler

LATEST_OVER = 12.0
WATCH_EVERY = 0.04


class Moments:
    """The samples of one case by the moment's name, and what was seen between them."""

    def __init__(self, case: Case, database: str, sampler: Sampler):
        self.case, self.database, self.sampler = case, database, sampler
        self.samples: dict[str, Sample] = {}
        self.statuses: list[int] = []
        self.raised: list[str] = []
        self.results: list[str] = []
        self.most_backends = self.most_transactions = 0
        self.longest_held = self.longest_connected = 0.0
        self.over_after = 0.0
        self.statement = None

    def held(self, sample: Sample) -> bool:
        allowed = self.case.connections_allowed
        if allowed is not None:
            return len(sample.backends) > allowed
        return sample.transactions > 0 or sample.slots > 0

    def held_at(self, moment: str) -> bool:
        return moment in self.samples and self.held(self.samples[moment])

    def note(self, moment: str, slots: int) -> Sample:
        sample = Sample(self.sampler.backends(self.database), slots)
        if not self.held_at(moment):
            self.samples[moment] = sample
        self.statement = sample.statement() or self.statement
        return sample


class Watch:
    """Looks all the time while something is under way: what is held in the handler, and for how long without a break."""

    def __init__(self, moments: Moments, moment: str):
        self.moments, self.moment = moments, moment
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def look(self) -> None:
        since, connected, m = None, None, self.moments
        while not self.stop.is_set():
            now = time.monotonic()
            sample = Sample(m.sampler.backends(m.database))
            m.most_backends = max(m.most_backends, len(sample.backends))
            m.most_transactions = max(m.most_transactions, sample.transactions)
            m.statement = sample.statement() or m.statement
            since = (since or now) if sample.transactions else None
            connected = (connected or now) if sample.backends else None
            if connected:
                m.longest_connected = max(m.longest_connected, time.monotonic() - connected)
            if since:
                m.samples[self.moment] = sample
                m.longest_held = max(m.longest_held, time.monotonic() - since)
            self.stop.wait(WATCH_EVERY)

    def end(self) -> None:
        self.stop.set()
        if self.thread.is_alive():
            self.thread.join()

    def __exit__(self, *_):
        self.end()


class Driver:
    def __init__(self, case: Case, moments: Moments):
        self.case, self.moments = case, moments
        self.over = threading.Semaphore(0)

    def look(self, moment: str) -> bool:
        return self.moments.held(self.moments.note(moment, self.process.do("slots")["slots"]))

    def run(self, process: Process) -> None:
        self.process = process
        drive = {"request": self.requests, "socket": self.sockets, "event": self.events}
        drive.get(self.case.driver, self.calls)()
        time.sleep(0.2)
        self.look("+0.2 s")
        if self.case.driver != "call":
            time.sleep(1.8)
            self.look("+2 s")
        self.collect("collected")
        if self.collect("collected twice") and self.process.do("threads")["ended"]:
            self.collect("threads ended")

    def collect(self, moment: str) -> bool:
        self.unpin()
        self.process.do("collect")
        self.moments.samples.pop(moment, None)
        wait_until(lambda: not self.look_again(moment), 0.5, 0.1)
        return self.moments.held_at(moment)

    def look_again(self, moment: str) -> bool:
        self.moments.samples.pop(moment, None)
        return self.look(moment)

    def unpin(self) -> None:
        if self.process.ready.get("pins"):
            answer = Answer(self.process.port, "GET /-/unpin")
            answer.read_head()
            answer.close()

    # requests

    def requests(self) -> None:
        for step in self.case.steps:
            with Watch(self.moments, "in the handler") as watch, ThreadPoolExecutor(self.case.together) as clients:
                for sent in [clients.submit(self.request, step, watch) for _ in range(self.case.together)]:
                    sent.result()

    def request(self, step: str, watch: Watch) -> None:
        answer = Answer(self.process.port, step, small_buffer=self.case.settings.get("client") == "slow")
        answer.read_head()
        self.moments.statuses.append(answer.status)
        if self.case.together == 1:
            watch.end()
        answer.read_first()
        if not answer.complete:
            self.body(answer)
        answer.close()
        ended = time.monotonic()
        if self.case.together == 1:
            time.sleep(0.2)
            self.look("+0.2 s")
        self.over.acquire(timeout=LATEST_OVER)
        self.moments.over_after = time.monotonic() - ended

    def body(self, answer: Answer) -> None:
        client = self.case.settings.get("client")
        time.sleep(0.6 if client == "slow" else 0.1)
        self.look("streaming")
        if client != "disconnects":
            answer.read_rest()

    # sockets

    def sockets(self) -> None:
        for step in self.case.steps:
            path, _, text = step.partition(" ")
            socket = WebSocket(self.process.port, path)
            socket.send(text or "hello")
            socket.receive()
            self.hold(socket)

    def events(self) -> None:
        socket = SocketIo(self.process.port)
        for step in self.case.steps:
            socket.emit(step)
        self.hold(socket)

    def hold(self, socket) -> None:
        """What is still held half a second after the answer is held until the socket's end."""
        wait_until(lambda: not self.look_again("socket waits"), 0.5, 0.1)
        socket.close()
        wait_until(lambda: not self.look_again("socket closed"), 1.0, 0.1)

    # calls

    def calls(self) -> None:
        with Watch(self.moments, "in the handler"):
            for step in self.case.steps * self.case.together:
                answer = self.process.do("call", expression=step)
                (self.moments.raised if "raised" in answer else self.moments.results).append(
                    answer.get("raised", answer.get("result")))
        self.look("returned")

    def on_moment(self, moment: str, slots: int) -> None:
        self.moments.note(moment, slots)
        if moment == "request over":
            self.over.release()
