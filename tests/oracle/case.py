"""A case: one Python file, and the comments at its head that say how it is used.

    # request: GET /rooms/1          a request; several lines are sent one after another
    # socket: /ws hello              a WebSocket that sends this, waits for the answer and stays open
    # event: join {"room": 1}        the same over Socket.IO
    # call: rooms(1)                 a call, in a thread that stays alive
    # task: tidy(1)                  a Celery task, by a real worker
    # job: tidy                      an APScheduler job, by the running scheduler
    # together: 8                    so many of the requests or calls at the same time
    # client: disconnects            goes away in the middle of the body; `slow` reads it slowly
    # watch: connections > 1         held means more open connections than this, not a transaction or a pool slot
    # observe: rows                  what counts instead of holding: see verdict.py
    # stacks: old new                not on all three
    # statements: none               none reaches the server, on purpose
    # collector: on                  Python's cyclic collector, which is off otherwise
    # policy: balanced               not under leaks
    # select: no-idle-timeout        only this rule
    # also: unreleased-on-raise      this rule reports the same defect too, or instead, with the case's own as related
    # coarser: reason                the checker's answer is deliberately coarser; `coarser(middle): ...` on one stack
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

from stacks import NAMES

DRIVERS = ("request", "socket", "event", "call", "task", "job")
SETTINGS = ("together", "client", "watch", "observe", "stacks", "policy", "select", "statements", "collector", "also", "coarser")
HEADER = re.compile(r"# ([a-z-]+)(?:\(([a-z]+)\))?: (.*)")


@dataclass
class Case:
    path: Path
    rule: str
    bad: bool
    driver: str
    steps: list[str]
    settings: dict[str, str] = field(default_factory=dict)
    coarser: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.rule}/{self.path.stem}"

    @property
    def stacks(self) -> list[str]:
        return self.settings.get("stacks", " ".join(NAMES)).split()

    @property
    def together(self) -> int:
        return int(self.settings.get("together", 1))

    @property
    def observe(self) -> str:
        return self.settings.get("observe", "holding")

    @property
    def policy(self) -> str:
        return self.settings.get("policy", "leaks")

    @property
    def connections_allowed(self) -> int | None:
        """Held means more connections than this; None: a transaction or a slot of the pool."""
        watch = self.settings.get("watch")
        return int(watch.rpartition(">")[2]) if watch else None


def read(path: Path) -> Case:
    """Raises ValueError when the head is not understood: a misspelled word must not go unseen."""
    case = Case(path, path.parent.name, path.stem.startswith("bad"), "", [])
    for line in path.read_text().splitlines():
        if line.startswith(("import ", "from ")):
            break
        found = HEADER.fullmatch(line)
        if found:
            take(case, *found.groups())
        elif line.startswith("#"):
            raise ValueError(f"{path}: not understood: {line}")
    if not case.steps:
        raise ValueError(f"{path}: nothing says how to use it")
    return case


def take(case: Case, word: str, stack: str | None, value: str) -> None:
    if word in DRIVERS and case.driver in ("", word):
        case.driver = word
        case.steps.append(value)
    elif word == "coarser":
        case.coarser.update(dict.fromkeys([stack] if stack else NAMES, value))
    elif word in SETTINGS and word not in case.settings:
        case.settings[word] = value
    else:
        raise ValueError(f"{case.path}: not understood: {word}")


def collect(folder: Path, patterns: list[str]) -> list[Case]:
    """All cases, or those whose rule or name begins with one of the patterns."""
    cases = [read(path) for path in sorted(folder.glob("*/*.py"))]
    return [c for c in cases if not patterns or any(c.name.startswith(p) for p in patterns)]
