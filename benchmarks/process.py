"""A server under measurement: started pinned to its core, its CPU time and memory read from /proc."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
SERVER_CPU, LOAD_CPU = 0, 1


@dataclass
class Server:
    """A running server process."""

    process: subprocess.Popen[bytes]
    port: int
    ready_after: float

    def cpu(self) -> float:
        """CPU seconds used so far, user and system, all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> float:
        """Resident memory in MB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def spawn(arguments: list[str], cwd: Path | None) -> subprocess.Popen[bytes]:
    """`python -m …` on the server's core."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("BENCH_VERBOSE") else subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CPU}) if (os.cpu_count() or 1) > 1 else None,
    )


async def start(arguments: list[str], port: int, path: str, cwd: Path | None = None) -> Server:
    """Start a server and wait until it answers (any status) at `path`."""
    begun = time.perf_counter()
    process = spawn(arguments, cwd)
    while time.perf_counter() - begun < 30:
        if process.poll() is not None:
            raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}; set BENCH_VERBOSE=1 to see why")
        if await asyncio.to_thread(_answers, port, path):
            return Server(process, port, time.perf_counter() - begun)
        await asyncio.sleep(0.005)
    process.kill()
    raise RuntimeError(f"{' '.join(arguments)} did not answer within 30 s")


def _answers(port: int, path: str) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1).close()
    except urllib.error.HTTPError:
        return path != "/readyz"
    except OSError:
        return False
    return True
