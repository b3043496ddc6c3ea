"""make oracle: each case is run on a real PostgreSQL, and what the server saw is compared with what idletx says.

    oracle.py [--idletx COMMAND] [--stacks old,middle,new] [--jobs N] [RULE[/CASE] ...]
"""
import argparse
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import checker
import load
import outside
import own
import planted
import report
import verdict
from case import Case, collect
from cluster import Cluster
from drive import Driver, Moments
from process import CaseBroken, Process, Zygote, wait_until
from sampler import Sampler
from stacks import NAMES, Stack, prepare

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Oracle:
    """What all cases share: the cluster, an interpreter for each stack, the outside world, a sampler for each thread."""

    def __init__(self, cluster: Cluster, stacks: dict[str, Stack], idletx: str):
        self.cluster, self.stacks, self.folder = cluster, stacks, cluster.folder
        self.find = lambda case, fastapi: checker.findings(idletx, case, fastapi)
        self.zygotes = {name: Zygote(stack) for name, stack in stacks.items()}
        self.outside = outside.World()
        self.local = threading.local()
        self.samplers: list[Sampler] = []

    def sampler(self) -> Sampler:
        if not hasattr(self.local, "sampler"):
            self.local.sampler = Sampler(self.cluster.port)
            self.samplers.append(self.local.sampler)
        return self.local.sampler

    def close(self) -> None:
        for sampler in self.samplers:
            sampler.close()
        for zygote in self.zygotes.values():
            zygote.close()
        self.outside.close()

    def order(self, case: Case, stack: str, database: str) -> dict:
        address = f"oracle@127.0.0.1:{self.cluster.port}/{database}"
        return {"case": str(case.path), "folder": str(self.folder), "driver": case.driver, "collector": case.settings.get("collector") == "on",
                "socket": str(self.folder / f"{database}.sock"),
                "log": str(self.folder / f"{database}.log"),
                "environment": {"DATABASE_URL": f"postgresql+psycopg2://{address}",
                                "ASYNC_DATABASE_URL": f"postgresql+asyncpg://{address}",
                                "DATABASE_DSN": f"postgresql://{address}",
                                "OUTSIDE_URL": f"http://127.0.0.1:{self.outside.port}/",
                                "PYTHONDONTWRITEBYTECODE": "1"}}

    def observe(self, case: Case, stack: str, database: str) -> verdict.Verdict:
        """Runs the case; its process and its database are gone afterwards."""
        sampler = self.sampler()
        self.cluster.create(database)
        process = None
        try:
            moments = Moments(case, database, sampler)
            driver = Driver(case, moments)
            process = Process(self.zygotes[stack], self.order(case, stack, database), driver.on_moment)
            driver.run(process)
            process.close()
            wait_until(lambda: not sampler.backends(database), 3)
            statements = sampler.transactions_ended(database)
            if not statements and case.settings.get("statements") != "none" and case.observe != "unused":
                raise CaseBroken(f"no statement has reached the server\n{process.said()}")
            return verdict.judge(case, moments, statements, sampler.rows(database))
        finally:
            if process is not None:
                process.close()
            self.cluster.drop(database)

    def compare(self, case: Case, stack: str, database: str, find) -> dict:
        row = {"case": case.name, "stack": stack, "fastapi": self.stacks[stack].fastapi}
        started = time.monotonic()
        try:
            seen = self.observe(case, stack, database)
            found = find(case, self.stacks[stack].fastapi)
        except (CaseBroken, OSError) as error:
            return {**row, "mistakes": [f"cannot be run: {error}"]}
        wrong = verdict.mistakes(case, stack, seen, found)
        coarser = case.coarser.get(stack)
        if coarser and not wrong:
            wrong, coarser = ["marked `coarser`, but the answers agree"], None
        elif coarser:
            wrong = []
        return {**row, "observed": seen.seen, "released_by": seen.released_by, "defect": seen.defect,
                "held_at": seen.held_at,
                "found": [{k: f[k] for k in ("rule", "level", "line", "released_by")} for f in found],
                "coarser": coarser, "mistakes": wrong, "seconds": round(time.monotonic() - started, 1)}


def fixture_mistakes(cases: list[Case], rows: list[dict]) -> list[dict]:
    """A bad case must show its defect somewhere, and an ok case nowhere."""
    wrong = []
    for case in cases:
        shown = [row["stack"] for row in rows if row["case"] == case.name and row.get("defect")]
        broken = [row for row in rows if row["case"] == case.name and "defect" not in row]
        if case.bad and not shown and not broken:
            wrong.append({"case": case.name, "stack": "all", "mistakes": ["shows no defect on any stack"]})
        if not case.bad and shown:
            wrong.append({"case": case.name, "stack": ", ".join(shown), "mistakes": ["shows a defect"]})
    return wrong


def run_all(oracle: Oracle, cases: list[Case], jobs: int, find=None, prefix: str = "case") -> list[dict]:
    work = [(case, stack) for case in cases for stack in case.stacks if stack in oracle.stacks]
    with ThreadPoolExecutor(jobs) as pool:
        done = [pool.submit(oracle.compare, case, stack, f"{prefix}_{at}", find or oracle.find) for at, (case, stack) in enumerate(work)]
        try:
            return [future.result() for future in done]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def run_whole(oracle: Oracle, cases: list[Case], o: argparse.Namespace) -> tuple[list[dict], list[dict], int]:
    """The rows, what is wrong besides them, and how many things besides them were tried."""
    rows = run_all(oracle, cases, o.jobs)
    wrong = fixture_mistakes(cases, rows)
    if not is_whole(o):
        return rows, wrong, 0

    def compare_all(these: list[Case], find, prefix: str) -> list[dict]:
        compared = run_all(oracle, these, o.jobs, find, prefix)
        return [row for row in compared if row["mistakes"]] + fixture_mistakes(these, compared)

    failed = load.run(oracle)
    if o.figures:
        load.write(failed)
    with ThreadPoolExecutor(o.jobs) as pool:
        outcomes = own.run_all(oracle, ROOT, NAMES[-1], pool)
    print(f"{len(outcomes)} of the rules' own cases run as they stand: {sum(x.called for x in outcomes)} calls, "
          f"{sum(x.shown for x in outcomes)} show what is expected")
    wrong += planted.run(oracle, o.cases, compare_all) + load.mistakes(failed) + own.mistakes(outcomes, ROOT, NAMES[-1])
    return rows, wrong, 4 + 2 * len(oracle.zygotes) + len(outcomes)


def is_whole(o: argparse.Namespace) -> bool:
    return not o.patterns and o.stacks == ",".join(NAMES) and o.cases == HERE / "cases"


def print_mistakes(rows: list[dict]) -> None:
    for row in rows:
        for mistake in row["mistakes"]:
            print(f"FAILED  {row['case']} on {row['stack']}: {mistake}")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="oracle.py")
    parser.add_argument("--idletx", default=str(ROOT / "build/release/idletx"))
    parser.add_argument("--cases", type=Path, default=HERE / "cases")
    parser.add_argument("--stacks", default=",".join(NAMES))
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--figures", action="store_true", help="write the figures of the load anew")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("patterns", nargs="*")
    return parser.parse_args()


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit("oracle: interrupted"))
    o = options()
    try:
        cases = collect(o.cases, o.patterns)
    except ValueError as error:
        raise SystemExit(f"oracle: {error}")
    stacks = prepare(o.stacks.split(","), ROOT / "build/oracle")
    started = time.monotonic()
    with Cluster() as cluster:
        oracle = Oracle(cluster, stacks, o.idletx)
        try:
            rows, wrong, tried = run_whole(oracle, cases, o)
        finally:
            oracle.close()
    if o.verbose:
        report.print_rows(rows)
    print_mistakes(rows + wrong)
    if is_whole(o):
        report.write(ROOT, cases, rows, stacks)
    coarser = sum(bool(row.get("coarser")) for row in rows)
    print(f"{len(cases)} cases, {len(rows)} runs on {len(stacks)} stacks, {coarser} coarser, "
          f"{time.monotonic() - started:.0f} s")
    disagree = sum(bool(row["mistakes"]) for row in rows)
    print(f"{len(rows) - disagree + tried - min(tried, len(wrong))} passed, {disagree + len(wrong)} failed")
    return 1 if disagree or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
