"""A private PostgreSQL cluster that lives as long as this program's standard input is open.

Whoever wants a cluster starts this and keeps the pipe. When the pipe closes, for whatever reason, a kill
included, the server is stopped and its folder removed, with all that others have put there: there is one way to clean
up, and no way around it.
"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}


def programs() -> Path:
    """The folder of initdb and postgres: Debian keeps them off the PATH, one folder a version."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    if found is None:
        sys.exit("PostgreSQL is missing (Debian's package postgresql)")
    return Path(found).resolve().parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server_user() -> dict:
    """PostgreSQL does not run as root: then it is the package's own user."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def start(folder: Path) -> tuple[subprocess.Popen, int]:
    user = server_user()
    if user:
        os.chown(folder, user["user"], user["group"])
    data = folder / "data"
    subprocess.run([programs() / "initdb", "-D", data, "-U", "oracle", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"],
                   check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
    for _ in range(5):
        port = free_port()
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        server = subprocess.Popen([programs() / "postgres", "-D", data, "-p", str(port), "-k", folder, *options],
                                  cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
        if answers(server, port):
            return server, port
    sys.exit("PostgreSQL does not start")


def answers(server: subprocess.Popen, port: int) -> bool:
    for _ in range(600):
        if server.poll() is not None:
            return False
        ready = subprocess.run([programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)])
        if ready.returncode == 0:
            return True
        time.sleep(0.05)
    return False


def stop(server: subprocess.Popen | None, folder: Path) -> None:
    if server is not None and server.poll() is None:
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    folder, server = Path(tempfile.mkdtemp(prefix="idletx-oracle-")), None
    try:
        server, port = start(folder)
        print(port, folder, flush=True)
        sys.stdin.read()
    finally:
        stop(server, folder)


if __name__ == "__main__":
    main()
