"""What the server and the pool say at one moment."""
from dataclasses import dataclass, field

from cluster import Psql

QUERY = """select coalesce(json_agg(json_build_object('pid', pid, 'state', state, 'query', left(query, 200),
    'age', extract(epoch from clock_timestamp() - xact_start)) order by pid), '[]')
    from pg_stat_activity where datname = '{}' and backend_type = 'client backend'"""
WORK = """select json_build_object('transactions', xact_commit + xact_rollback)
    from pg_stat_database where datname = '{}'"""
ROWS = "select json_build_object('rows', count(*)) from notes"


@dataclass
class Sample:
    """The connections of one case's database, and the pool slots that its process has checked out."""

    backends: list[dict] = field(default_factory=list)
    slots: int = 0

    @property
    def open_transactions(self) -> list[dict]:
        return [b for b in self.backends if b["state"] not in (None, "idle", "disabled")]

    @property
    def transactions(self) -> int:
        return len(self.open_transactions)

    def statement(self) -> str | None:
        """The last statement of the oldest open transaction."""
        oldest = max(self.open_transactions, key=lambda b: b["age"] or 0, default=None)
        return " ".join(oldest["query"].split()) if oldest else None


class Sampler:
    def __init__(self, port: int):
        self.port = port
        self.psql = Psql(port)

    def backends(self, database: str) -> list[dict]:
        return self.psql.json(QUERY.format(database))

    def transactions_ended(self, database: str) -> int:
        """How many transactions the server counted, once the case's process is gone."""
        return self.psql.json(WORK.format(database))["transactions"]

    def rows(self, database: str) -> int:
        inside = Psql(self.port, database)
        try:
            return inside.json(ROWS)["rows"]
        finally:
            inside.close()

    def close(self) -> None:
        self.psql.close()
