"""Many requests to a leaky and to a corrected service with a small pool: how many of them fail.

Python's cyclic collector is on, as in production. The figures differ a little from run to run, so that a run only
checks what must hold; `--figures` writes new ones for the documentation.
"""
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import case
from client import Answer
from process import Process

HERE = Path(__file__).resolve().parent
REQUESTS = 240
CLIENTS = 8
ITEMS = 40  # of which twenty exist: the other half of the requests is answered with 404


def ask(port: int, number: int) -> int:
    answer = Answer(port, f"GET /items/{number % ITEMS + 1}")
    try:
        answer.read_head()
        answer.read_rest()
        return answer.status
    finally:
        answer.close()


def statuses(oracle, service: str, stack: str) -> list[int]:
    """The status of each request, in the order in which they were sent."""
    database = f"load_{service}_{stack}"
    oracle.cluster.create(database)
    served = case.read(HERE / "load" / f"{service}.py")
    process = Process(oracle.zygotes[stack], oracle.order(served, stack, database), lambda *_: None)
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            return list(clients.map(lambda number: ask(process.port, number), range(REQUESTS)))
    finally:
        process.close()
        oracle.cluster.drop(database)


def run(oracle) -> dict:
    """{service: {stack: [numbers of the requests that failed]}}"""
    failed: dict[str, dict] = {}
    for service in ("leaky", "corrected"):
        failed[service] = {}
        for stack in oracle.zygotes:
            answers = statuses(oracle, service, stack)
            failed[service][stack] = [number for number, status in enumerate(answers, 1) if status >= 500]
    return failed


def mistakes(failed: dict) -> list[dict]:
    wrong = []
    for stack, numbers in failed["leaky"].items():
        if len(numbers) < REQUESTS // 20:
            wrong.append({"case": "load/leaky", "stack": stack, "mistakes": [f"only {len(numbers)} requests fail"]})
    for stack, numbers in failed["corrected"].items():
        if numbers:
            wrong.append({"case": "load/corrected", "stack": stack, "mistakes": [f"{len(numbers)} requests fail"]})
    return wrong


def write(failed: dict) -> None:
    (HERE / "load.json").write_text(json.dumps({"requests": REQUESTS, "clients": CLIENTS, "failed": failed}) + "\n")


def figures() -> dict:
    return json.loads((HERE / "load.json").read_text())
