"""Writes verdicts.json and docs/oracle.md."""
import json
from pathlib import Path

from case import Case


def print_rows(rows: list[dict]) -> None:
    for row in rows:
        found = ", ".join(f"{f['rule']} ({f['released_by']})" for f in row.get("found", [])) or "silent"
        print(f"{row['case']:55} {row['stack']:7} {row.get('observed', '?'):32} {found:50} "
              f"{row.get('seconds', '')} {' '.join(row.get('held_at', []))}")


def write(root: Path, cases: list[Case], rows: list[dict]) -> None:
    kept = [{k: v for k, v in row.items() if k not in ("seconds",)} for row in rows]
    (root / "tests/oracle/verdicts.json").write_text("[\n" + ",\n".join(json.dumps(row) for row in kept) + "\n]\n")
