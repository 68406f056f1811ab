"""The clicks and keys that the README tells of; ours alone, and with `--long` those of the others too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import clicks

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

README = Path(__file__).resolve().parents[2] / "README.md"


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def told_in_readme() -> list[list[str]]:
    """The cells of the table, line by line, from its head on."""
    lines = README.read_text(encoding="utf-8").partition("| Clicks + keys |")[2].splitlines()
    return [cells(line) for line in lines[2 : 2 + len(clicks.JOBS)]]


def test_every_job_takes_what_the_readme_says(request: pytest.FixtureRequest) -> None:
    """Counted in a process of its own, for a browser and another framework want theirs."""
    alone = () if request.config.getoption("--long") else ("--alone",)
    program = "import sys; from tests.benchmarks.run import main; sys.exit(main(sys.argv[1:]))"
    run = subprocess.run(
        [sys.executable, "-c", program, "clicks", *alone],
        cwd=README.parent,
        env=os.environ | {"BACKOFFICE_ENV": "testing"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    table = run.stdout[run.stdout.index("| Clicks + keys |") :]
    found = [cells(line) for line in table.splitlines()[2:]]

    assert len(found) == len(clicks.JOBS)
    assert found == [row[: len(found[0])] for row in told_in_readme()]
