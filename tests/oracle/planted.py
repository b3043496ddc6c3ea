"""Three wrong claims, each of which the comparison must notice: otherwise its silence means nothing."""
from dataclasses import replace

import case

RULE = "unguarded-dependency"


def silent(find):
    """The rule has been made silent."""
    return lambda *arguments: [f for f in find(*arguments) if f["rule"] != RULE]


def wrong_release(find):
    """The rule says that the connection comes back when a socket is closed."""
    return lambda *arguments: [{**f, "released_by": "disconnect"} for f in find(*arguments)]


def swapped(cases: list) -> list:
    """The bad file under the good one's name, and the other way round."""
    bad, ok = cases
    return [replace(bad, path=ok.path), replace(ok, path=bad.path)]


def run(oracle, folder, compare_all) -> list[dict]:
    """`compare_all(cases, find)` gives the mistakes. One row for each claim that went unnoticed."""
    cases = [case.read(folder / RULE / name) for name in ("bad_raise.py", "ok_finally.py")]
    find = oracle.find
    claims = {"nothing planted": (cases, find), "a rule made silent": (cases, silent(find)),
              "a wrong released_by": (cases, wrong_release(find)), "a swapped fixture": (swapped(cases), find)}
    wrong = []
    for at, (name, (these, finder)) in enumerate(claims.items()):
        noticed = bool(compare_all(these, finder, f"planted_{at}"))
        if noticed == (name == "nothing planted"):
            wrong.append({"case": "planted", "stack": "new", "mistakes": [f"{name}: " + (
                "a mistake is seen" if noticed else "goes unnoticed")]})
    return wrong
