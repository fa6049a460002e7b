"""Node.js for tests: packages as a lock file names them, programs run to their end."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

from tests.required import missing

OLDEST = 20
"""The first major version that the packages we use run on."""


def installed(folder: Path, what: str) -> Path:
    """The folder with the packages of its lock file in place; `what` is its word in NOREN_REQUIRE."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        missing(what, "Node.js and npm are not here")
    version = run(node, "--version", cwd=folder).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < OLDEST:
        missing(what, f"Node.js is {version}; {OLDEST} or newer is needed")
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs in one checkout
        if not fresh(folder):
            done = run(npm, "ci", "--no-audit", "--no-fund", cwd=folder)
            if done.returncode:
                missing(what, f"npm could not install: {done.stderr.strip()[-300:]}")
    return folder


def fresh(folder: Path) -> bool:
    """Whether what is installed is not older than the lock file."""
    made = folder / "node_modules" / ".package-lock.json"
    return made.is_file() and made.stat().st_mtime >= (folder / "package-lock.json").stat().st_mtime


def run(*command: str, cwd: Path, seconds: float = 180) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=seconds, check=False)
