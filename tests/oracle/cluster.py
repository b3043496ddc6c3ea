"""The cluster as the harness sees it: a port, and one database a case.

A database of its own, rather than an application name, tells a case's connections from all others
whatever driver opened them, and gives each case fresh rows.
"""
import json
import subprocess
import sys
import threading
from pathlib import Path

from guard import programs

TEMPLATE = """
create table items (id serial primary key, name text not null, price int not null default 1);
create table children (id serial primary key, name text not null,
    item_id int not null references items (id) deferrable initially deferred);
create table notes (id serial primary key, text text not null);
insert into items (name) select 'item ' || n from generate_series(1, 20) n;
insert into children (name, item_id) select 'child ' || n, n from generate_series(1, 20) n;
"""


class Psql:
    """One psql that stays connected: a query in, its one line of JSON out."""

    def __init__(self, port: int, database: str = "postgres"):
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            [programs() / "psql", "-XqAt", "-v", "ON_ERROR_STOP=0", "-h", "127.0.0.1", "-p", str(port),
             "-U", "oracle", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def run(self, statement: str) -> list[str]:
        """The lines that the statement prints."""
        with self.lock:
            self.process.stdin.write(f"{statement}\n;\n\\echo end-of-answer\n")
            self.process.stdin.flush()
            lines = []
            for line in self.process.stdout:
                if line == "end-of-answer\n":
                    return lines
                lines.append(line.rstrip("\n"))
        raise RuntimeError("psql has ended")

    def json(self, query: str):
        return json.loads("".join(self.run(query)))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Cluster:
    def __enter__(self) -> "Cluster":
        self.guard = subprocess.Popen([sys.executable, Path(__file__).with_name("guard.py")], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        port, _, folder = self.guard.stdout.readline().strip().partition(" ")
        if not port.isdigit():
            self.guard.stdin.close()
            self.guard.wait()
            raise SystemExit("oracle: no PostgreSQL cluster")
        self.port = int(port)
        self.folder = Path(folder, "cases")
        self.folder.mkdir()
        self.admin = Psql(self.port)
        self.admin.run("create database case_template")
        template = Psql(self.port, "case_template")
        template.run(TEMPLATE.strip().rstrip(";"))
        template.close()
        return self

    def create(self, database: str) -> None:
        self.admin.run(f'create database "{database}" template case_template')

    def drop(self, database: str) -> None:
        self.admin.run(f'drop database if exists "{database}" with (force)')

    def __exit__(self, *_) -> None:
        self.admin.close()
        self.guard.stdin.close()
        self.guard.wait()
