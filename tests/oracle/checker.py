"""What idletx says about exactly one case's file, on one stack's version of FastAPI."""
import json
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from case import Case
from process import CaseBroken


def findings(idletx: str, case: Case, fastapi: str) -> list[dict]:
    """Its warnings and errors, and every finding of the case's own rule.

    The file is copied out of the tree, so that nothing else in the project tells the checker more.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "application.py")
        shutil.copyfile(case.path, file)
        command = [*shlex.split(idletx), "check", "--no-cache", "--jobs", "1", "--format", "json", "--root", folder,
                   "--policy", case.policy, "--fastapi-version", fastapi, str(file)]
        if "select" in case.settings:
            command[2:2] = ["--select", case.settings["select"]]
        answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if answer.returncode not in (0, 1):
        raise CaseBroken(f"idletx ends with {answer.returncode}: {answer.stderr.strip()}")
    return [f for f in json.loads(answer.stdout)["findings"]
            if f["status"] == "open" and (f["level"] != "note" or f["rule"] == case.rule)]
