"""`manage.py bench`: how fast it is, as a ratio within one run, on a database of its own that is dropped afterwards."""

import json
from collections.abc import Callable
from typing import Any

import click

from tests import engines
from tests.benchmarks import history

BENCHMARKS: dict[str, Callable[[str, int], dict[str, Any]]] = {"history": history.measure}


@click.command("bench", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", type=click.Choice(sorted(BENCHMARKS)))
@click.option("--engine", type=click.Choice(engines.ENGINES), default="postgresql", show_default=True)
@click.option("--rows", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")
def bench(name: str, engine: str, rows: int, as_json: bool) -> None:
    """Measure NAME on a real database: each figure beside what the plain database needs for the same rows."""
    servers, missing = engines.start_servers([engine])
    if missing:
        raise click.ClickException(missing[engine])
    try:
        uri = servers[engine].create_database()
        report = {"engine": servers[engine].describe(), "rows": rows} | BENCHMARKS[name](uri, rows)
    finally:
        engines.stop_servers(servers)
    click.echo(json.dumps(report) if as_json else history.table(report))


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit status."""
    try:
        bench.main(args=arguments, prog_name="manage.py bench", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 1
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 1
    return 0
