"""Serve with gunicorn: one worker with four threads, the same for all that are compared."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backoffice.config import ROOT
from tests.engines import free_port

THREADS = 4
START_SECONDS = 60


@dataclass(frozen=True)
class Served:
    address: str
    master: int = field(repr=False)

    def worker_memory_mb(self) -> float:
        """Resident memory of the one worker."""
        lines = subprocess.check_output(["ps", "-A", "-o", "ppid=,rss="], text=True).splitlines()
        [kilobytes] = [int(memory) for parent, memory in map(str.split, lines) if int(parent) == self.master]
        return kilobytes / 1024


@contextlib.contextmanager
def served(python: Path, application: str, environment: Mapping[str, str]) -> Iterator[Served]:
    """Meanwhile an application answers. application: as gunicorn names it, in the project's folder."""
    port = free_port()
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS), "--keep-alive", "3600"]
    options += ["--timeout", "120", "--log-level", "warning", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BACKOFFICE_", "DATABASE_"))}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [python, "-m", "gunicorn", *options, application],
            cwd=ROOT,
            env=inherited | {"PYTHONPATH": str(ROOT)} | dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(process, port, log)
            yield Served(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(process: subprocess.Popen, port: int, log: object) -> None:
    from tests.benchmarks.browsing import Browser, TooSlow

    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(ConnectionError, TooSlow):
            browser = Browser(f"http://127.0.0.1:{port}")
            browser.get("/admin/")
            browser.close()
            return
        time.sleep(0.1)
    log.seek(0)
    raise RuntimeError(f"gunicorn did not start:\n{log.read().decode()[-2000:]}")
