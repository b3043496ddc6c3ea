"""From samples to a verdict: what gave the connection back, and whether that is a defect. This is the only place that says so.

| held at | and free at | released by |
| --- | --- | --- |
| two collections after the end, its owner alive | never, or not even when the case's own threads have ended | never |
| two collections after the end | once the case's own threads have ended and a collection has run | thread-exit |
| 2 s after the end (0.2 s after a call's return) | the first or second collection | garbage-collection |
| a WebSocket that waits for its client | its end | disconnect |
| a body of which the client has read a part | 0.2 s after the body's end | stream-end |
| 0.2 s after the body's end, while the application is still busy with the request | the end of that | background-end |
| the start of the response | 0.2 s after its end | response-sent |
| less | | prompt; nothing when no statement has run |

FastAPI 0.106 to 0.117 ends dependencies just before the response starts: no sample lies between the handler's return and that,
so `prompt` and `response-sent` are one answer there.

A transaction that stayed open for half a second in the handler has waited for something: that is a defect whatever
releases it. Rules that are not about holding have another observable, named in the case's head:

| observe | a defect is |
| --- | --- |
| rows | the table of notes is empty afterwards: what was written is lost |
| rows-kept | a note is in the table that its writer has rolled back |
| fails | a call raised, or a request was answered with a status from 500 on |
| unused | the server saw no statement at all |
| sessions | two transactions were open at once for one request |
| lingers | a connection was open for half a second, though no transaction was |
| timeout | the server did not end a transaction that was idle for longer than a second |
"""
from dataclasses import dataclass

from case import Case
from drive import Moments

HOLDING = "held"
LEAKS = ("stream-end", "disconnect", "background-end", "garbage-collection", "thread-exit", "never")
ORDER = ("nothing", "prompt", "response-sent", *LEAKS)
LONG = 0.5
BUSY = 0.4
NAMED = ("response started", "streaming", "socket waits", "+0.2 s", "+2 s", "collected", "collected twice",
         "threads ended")


@dataclass
class Verdict:
    released_by: str
    waited: bool
    defect: bool
    seen: str
    held_at: list[str]


def released_by(m: Moments, statements: int) -> str:
    if m.held_at("collected twice"):
        ended = "threads ended" in m.samples and not m.held_at("threads ended")
        return "thread-exit" if ended else "never"
    if m.held_at("+2 s") or m.held_at("returned") and m.held_at("+0.2 s"):
        return "garbage-collection"
    if m.held_at("socket waits"):
        return "disconnect"
    if m.held_at("streaming"):
        return "stream-end"
    if m.held_at("+0.2 s") and m.over_after > BUSY:
        return "background-end"
    if m.held_at("response started") or m.held_at("+0.2 s"):
        return "response-sent"
    return "prompt" if statements else "nothing"


def lingers(m: Moments) -> bool:
    return m.longest_connected >= LONG > m.longest_held


def failures(m: Moments) -> int:
    return len(m.raised) + sum(status >= 500 for status in m.statuses)


def judge(case: Case, m: Moments, statements: int, rows: int) -> Verdict:
    by = released_by(m, statements)
    waited = m.longest_held >= LONG
    held_at = [moment for moment in NAMED if m.held_at(moment)]
    special = {
        "rows": (rows == 0, f"{rows} rows"),
        "rows-kept": (rows > 0, f"{rows} rows"),
        "fails": (failures(m) > 0, f"{failures(m)} failed"),
        "unused": (statements == 0, "statements" if statements else "no statement"),
        "sessions": (m.most_transactions > 1, "two at once" if m.most_transactions > 1 else "one at a time"),
        "lingers": (lingers(m), "open after its work" if lingers(m) else "closed"),
        "timeout": (m.longest_held > 1.0, "idle for long" if m.longest_held > 1.0 else "ended by the server"),
    }
    if case.observe in special:
        defect, seen = special[case.observe]
    else:
        defect = by in LEAKS or waited or case.policy != "leaks" and by == "response-sent"
        seen = by + (", across a wait" if waited else "")
    return Verdict(by, waited, defect, seen, held_at)


def is_same(said: str, seen: str, stack: str) -> bool:
    return said == seen or stack == "middle" and {said, seen} == {"prompt", "response-sent"}


def mistakes(case: Case, stack: str, verdict: Verdict, found: list[dict]) -> list[str]:
    """What the checker's answer and the server's differ in."""
    if not found:
        return [f"silent, but the server saw: {verdict.seen}"] if verdict.defect else []
    rules = sorted({f["rule"] for f in found})
    if not verdict.defect:
        return [f"{', '.join(rules)} reported, but the server saw: {verdict.seen}"]
    wrong = []
    expected = {case.rule, *case.settings.get("also", "").split()}
    merged = {r["rule"] for f in found for r in f["related"]}
    if case.bad and case.rule not in {*rules, *merged} or set(rules) - expected:
        wrong.append(f"reported as {', '.join(rules)}")
    said = max((f["released_by"] for f in found), key=ORDER.index)
    if case.observe == "holding" and not is_same(said, verdict.released_by, stack):
        wrong.append(f"released_by is {said}, but the server saw: {verdict.seen}")
    return wrong
