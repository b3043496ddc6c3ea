"""The rules' own cases, those that can run as they stand: every plain function in them is called.

A function that no comment expects a finding in must not leave anything held when it returns; `# note: held, ...` says
that something on purpose does. One that expects a finding may: which of its paths leaks is not known here, so it is
counted when it shows something, and no more.
"""
import re
import time
from dataclasses import dataclass
from pathlib import Path

from case import Case
from process import CaseBroken, Process, wait_until
from sampler import Sample

RULES = ("session-not-closed", "abandoned-generator", "release-not-called", "release-skipped-by-error",
         "use-after-release", "borrowed-session-closed", "lost-write", "failed-transaction-not-rolled-back",
         "connection-not-returned")
EXPECTS = re.compile(r"# (expect|expect-next|miss|note: held)[:,]")


@dataclass
class Outcome:
    """What came of one file: calls made that raised nothing, functions that hold as expected, mistakes."""

    path: Path
    called: int = 0
    shown: int = 0
    expected: int = 0
    mistakes: tuple = ()


def files(root: Path) -> list[Path]:
    return sorted(path for rule in RULES for path in (root / "rules" / rule).glob("*.py"))


def expects(lines: list[str], function: dict) -> bool:
    return any(EXPECTS.search(line) for line in lines[function["line"] - 1:function["end"]])


def open_now(oracle, process: Process, database: str) -> int:
    sample = Sample(oracle.sampler().backends(database), process.do("slots")["slots"])
    return max(sample.transactions, sample.slots)


def leaves_open(oracle, process: Process, database: str, call: str) -> bool | None:
    """None when it raised: which path that is, is not known."""
    before = open_now(oracle, process, database)
    raised = "raised" in process.do("call", expression=call)
    held = not raised and not wait_until(lambda: open_now(oracle, process, database) <= before, 0.4, 0.05)
    process.do("collect")
    if raised or held:
        wait_until(lambda: open_now(oracle, process, database) <= before, 0.4, 0.05)
    return None if raised else held


def run(oracle, path: Path, stack: str, database: str) -> Outcome | None:
    """None when the file cannot run as it stands."""
    outcome, wrong = Outcome(path), []
    lines = path.read_text().splitlines()
    oracle.cluster.create(database)
    process = None
    try:
        order = oracle.order(Case(path, path.parent.name, False, "asis", []), stack, database)
        process = Process(oracle.zygotes[stack], order, lambda *_: None)
        for function in process.do("functions", path=str(path))["functions"]:
            answers = [leaves_open(oracle, process, database, call) for call in function["calls"]]
            outcome.called += sum(answer is not None for answer in answers)
            outcome.expected += expects(lines, function)
            outcome.shown += any(answers) and expects(lines, function)
            if any(answers) and not expects(lines, function):
                wrong.append(f"{function['name']} at line {function['line']} leaves something open, and expects nothing")
    except (CaseBroken, OSError):
        return None
    finally:
        if process is not None:
            process.close()
        time.sleep(0.05)
        oracle.cluster.drop(database)
    outcome.mistakes = tuple(wrong)
    return outcome if outcome.called else None


def run_all(oracle, root: Path, stack: str, pool) -> list[Outcome]:
    """The outcomes of the files that can run, in order."""
    done = [pool.submit(run, oracle, path, stack, f"own_{at}") for at, path in enumerate(files(root))]
    return [outcome for outcome in (future.result() for future in done) if outcome is not None]


def mistakes(outcomes: list[Outcome], root: Path, stack: str) -> list[dict]:
    return [{"case": str(outcome.path.relative_to(root)), "stack": stack, "mistakes": list(outcome.mistakes)}
            for outcome in outcomes if outcome.mistakes]
