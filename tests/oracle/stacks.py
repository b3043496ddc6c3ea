"""The three virtual environments, one for each way in which FastAPI ends dependencies.

They lie under build/oracle/, named by the hash of their requirements and of the interpreter, so that a
second run needs no network.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("old", "middle", "new")


@dataclass(frozen=True)
class Stack:
    name: str
    python: Path
    versions: dict

    @property
    def fastapi(self) -> str:
        return self.versions["fastapi"]


def requirements(name: str) -> Path:
    return HERE / "stacks" / f"{name}.txt"


def pinned(name: str) -> dict:
    lines = requirements(name).read_text().splitlines()
    pins = (line.split()[0].split("==") for line in lines if "==" in line and not line.startswith(("#", " ")))
    return {package.split("[")[0]: version for package, version in pins}


def folder(name: str, root: Path) -> Path:
    key = hashlib.sha256(requirements(name).read_bytes() + sys.version.encode()).hexdigest()[:16]
    return root / f"{name}-{key}"


def install(name: str, place: Path) -> None:
    """Makes the environment beside its place and moves it there when whole; an interrupted one is not taken for it."""
    unfinished = place.with_name(place.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    print(f"oracle: installing the environment '{name}'", file=sys.stderr, flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", unfinished], check=True, stdout=subprocess.DEVNULL)
        answer = subprocess.run([unfinished / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check",
                                 "--require-hashes", "--only-binary", ":all:", "-r", requirements(name)],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"oracle: cannot make the environment '{name}': {error} (Debian's package python3-venv)")
    if answer.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        last = answer.stdout.strip().splitlines()[-1:] or ["pip failed"]
        raise SystemExit(f"oracle: the environment '{name}' is not in {os.path.relpath(place.parent)} and pip cannot "
                         f"install {os.path.relpath(requirements(name))}: {last[0]}")
    unfinished.rename(place)


def prepare(names: list[str], root: Path) -> dict[str, Stack]:
    root.mkdir(parents=True, exist_ok=True)
    stacks = {}
    for name in names:
        place = folder(name, root)
        if not place.exists():
            for stale in root.glob(f"{name}-*"):
                shutil.rmtree(stale)
            install(name, place)
        stacks[name] = Stack(name, place / "bin/python", pinned(name))
    return stacks


if __name__ == "__main__":
    print(json.dumps({name: pinned(name) for name in NAMES}, indent=1))
