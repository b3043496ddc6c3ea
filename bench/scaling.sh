#!/bin/sh
# Four times the input must take four times as long: for each shape of
# tests/shapes.py the release build is timed at n and at 4n, best of three, one
# thread, processor time. n is as large as it takes for a quarter of a second.
#
#     bench/scaling.sh [SHAPE...]      ends with 1 when a ratio is above the limit
#
# Indentation makes the text of a nested shape grow with the square of n; there time is
# compared with the text. Recovery from `errors` and runs of `backslashes` take the parser
# quadratic time; what ends them is its patience, so they are left out unless they are named.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$here" "$work" "$@" <<'PY'
import os, resource, subprocess, sys

here, work, shapes = sys.argv[1], sys.argv[2], sys.argv[3:]
generator = [sys.executable, os.path.join(here, "tests/shapes.py")]
idletx = os.environ.get("IDLETX") or os.path.join(here, "build/release/idletx")
LIMIT = 4.4 / 4
ENOUGH, TEXT_MAX = 0.25, 12_000_000
MEMORY_MAX = 8 << 30  # a run that wants more has failed, and must not take the machine with it
QUADRATIC_PARSING = {"errors", "backslashes"}


def make(shape, n):
    folder = os.path.join(work, "project")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "shape.py")
    with open(path, "w") as out:
        subprocess.run([*generator, shape, str(n)], stdout=out, check=True)
    return path


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))


def seconds(path):
    command = [idletx, "audit", "--jobs", "1", "--format", "json", "--output", "/dev/null",
               "--root", os.path.dirname(path), path]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, stderr=subprocess.DEVNULL, preexec_fn=limit_memory)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode != 0:
        return float("inf")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def best(path):
    return min(seconds(path) for _ in range(3))


def size_for(shape):
    n = 2500 if "nested" in shape else 500
    while "nested" not in shape:
        path = make(shape, n)
        if seconds(path) >= ENOUGH or os.path.getsize(path) >= TEXT_MAX:
            return n
        n *= 2
    return n


if not shapes:
    listed = subprocess.run([*generator, "--list"], capture_output=True, text=True, check=True)
    shapes = [s for s in listed.stdout.split() if s not in QUADRATIC_PARSING]
print(f"{'shape':30} {'n':>8} {'kB':>7} {'ms':>7} {'ms at 4n':>9} {'ratio':>6} {'of text':>8}")
over = 0
for shape in shapes:
    n = size_for(shape)
    path = make(shape, n)
    small, size = best(path), os.path.getsize(path)
    large = best(make(shape, 4 * n))
    ratio, text = large / small, os.path.getsize(path) / size
    allowed = LIMIT * (text if "nested" in shape else 4)
    over += ratio > allowed
    print(f"{shape:30} {n:8} {size // 1000:7} {small * 1000:7.0f} {large * 1000:9.0f} {ratio:6.2f} {text:8.2f}"
          f"{'  OVER ' + format(allowed, '.1f') if ratio > allowed else ''}", flush=True)
print(f"{len(shapes) - over} of {len(shapes)} within the limit")
sys.exit(over > 0)
PY
