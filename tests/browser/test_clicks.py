"""The clicks and keys that the README tells of; ours alone, and with `--long` those of the others too."""

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
    report = clicks.measure(clicks.PEERS if request.config.getoption("--long") else {})
    found = [cells(line) for line in clicks.table(report).splitlines()[2:]]

    assert found == [row[: len(found[0])] for row in told_in_readme()]
