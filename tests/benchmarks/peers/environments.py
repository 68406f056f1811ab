"""Peers on our own tables, each served from an environment of its own, made once and kept inside `.venv`."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backoffice.config import ROOT
from backoffice.errors import Refusal
from tests.benchmarks import serving
from tests.benchmarks.browsing import TOO_LONG_SECONDS
from tests.making import PASSWORD

HERE = Path(__file__).parent
MODULES = "tests.benchmarks.peers"


@dataclass(frozen=True)
class Peer:
    """application: as gunicorn names it; prepares: the module that makes what it needs beside our tables.

    pythons: which to make it with, the first that is found; else the one that runs this.
    """

    name: str
    application: str
    prepares: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    pythons: tuple[str, ...] = ()

    @property
    def requirements(self) -> Path:
        return HERE / f"requirements-{self.name}.txt"

    @contextlib.contextmanager
    def served(self, uri: str) -> Iterator[serving.Served]:
        """Meanwhile it answers, on a database of ours."""
        python = self.python()
        environment = {
            "PEER_DATABASE_URI": uri,
            "PEER_PASSWORD": PASSWORD,
            "PEER_TIMEOUT_SECONDS": str(TOO_LONG_SECONDS),
            **self.environment,
        }
        if self.prepares:
            _run([python, "-m", self.prepares], os.environ | {"PYTHONPATH": str(ROOT)} | environment)
        with serving.served(python, self.application, environment) as server:
            yield server

    def python(self) -> Path:
        """Its Python, installed where it is not yet."""
        folder = ROOT / ".venv" / "peers" / self.name
        stamp = folder / "installed"
        base = _first_that_runs(self.pythons) or sys.executable
        wanted = f"{base} {hashlib.sha256(self.requirements.read_bytes()).hexdigest()}"
        python = folder / "bin" / "python"
        if not stamp.is_file() or stamp.read_text() != wanted:
            print(f"Installing {self.requirements.name} ...", file=sys.stderr)
            shutil.rmtree(folder, ignore_errors=True)
            _run([base, "-m", "venv", folder])
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
            _run([*pip, "-r", self.requirements])
            stamp.write_text(wanted)
        return python

    def versions(self) -> str:
        """What is compared, as in `Django 6.1.3, Python 3.12.1`."""
        question = "import sys, platform; from importlib.metadata import version; "
        question += "print(f'{version(sys.argv[1])}, Python {platform.python_version()}')"
        package = {"flask-admin": "Flask-Admin", "django": "Django"}[self.name]
        return f"{package} {_run([self.python(), '-c', question, package]).strip()}"


def _first_that_runs(names: tuple[str, ...]) -> str | None:
    for name in names:
        found = shutil.which(name)
        # What a version manager puts on the path may lead nowhere.
        if found and subprocess.run([found, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0:
            return found
    return None


def _run(call: list, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip() or "no reason was given").splitlines()[-1]
        raise Refusal(f"A shop to compare with can't be made ({reason.rstrip('.')}). Leave them out with --alone.")
    return done.stdout


PEERS = {
    peer.name: peer
    for peer in (
        Peer("flask-admin", f"{MODULES}.our_tables_flask_admin:make_app()"),
        Peer(
            "django",
            "django.core.wsgi:get_wsgi_application()",
            f"{MODULES}.our_tables_django",
            {"DJANGO_SETTINGS_MODULE": f"{MODULES}.our_tables_django.settings"},
            ("python3.14", "python3.13", "python3.12"),
        ),
    )
}
