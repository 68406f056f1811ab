"""`manage.py bench`: what the back office costs, as a ratio within one run, on databases of its own."""

import json
from typing import Any

import click

from tests import engines
from tests.benchmarks import history


@click.group("bench", context_settings={"help_option_names": ["-h", "--help"]})
def bench() -> None:
    """Measure the back office beside something else in the same run."""


def as_json_option(command: Any) -> Any:
    return click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")(command)


@bench.command("history")
@click.option("--engine", type=click.Choice(engines.ENGINES), default="postgresql", show_default=True)
@click.option("--rows", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True)
@as_json_option
def bench_history(engine: str, rows: int, as_json: bool) -> None:
    """A bulk edit of prices and its undo, beside what the plain database needs for the same rows."""
    servers, missing = engines.start_servers([engine])
    if missing:
        raise click.ClickException(missing[engine])
    try:
        uri = servers[engine].create_database()
        report = {"engine": servers[engine].describe(), "rows": rows} | history.measure(uri, rows)
    finally:
        engines.stop_servers(servers)
    click.echo(json.dumps(report) if as_json else history.table(report))


@bench.command("seed")
@click.option("--engine", type=click.Choice(engines.ENGINES), default="postgresql", show_default=True)
@click.option("--products", type=click.IntRange(1, 10_000_000), default=100_000, show_default=True)
@as_json_option
def bench_seed(engine: str, products: int, as_json: bool) -> None:
    """`seed load`, beside what the database alone needs for the same rows made before."""
    from tests.benchmarks import seed

    servers, missing = engines.start_servers([engine])
    if missing:
        raise click.ClickException(missing[engine])
    try:
        server = servers[engine]
        by = "COPY" if engine == "postgresql" else "executemany"
        report = {"engine": server.describe(), "products": products, "by": by}
        report |= seed.measure(server.create_database, products)
    finally:
        engines.stop_servers(servers)
    click.echo(json.dumps(report) if as_json else seed.table(report))


@bench.command("clicks")
@click.option("--alone", is_flag=True, help="Ours, without the others.")
@as_json_option
def bench_clicks(alone: bool, as_json: bool) -> None:
    """Clicks and keys of ten everyday jobs, beside stock Flask-Admin and Django admin in the same browser."""
    from tests.benchmarks import clicks

    report = clicks.measure({} if alone else clicks.PEERS)
    click.echo(json.dumps(report) if as_json else clicks.table(report))


@bench.command("answers")
@click.option("--times", type=click.IntRange(1, 1000), default=15, show_default=True)
@as_json_option
def bench_answers(times: int, as_json: bool) -> None:
    """How soon a page answers keys and clicks on the demo shop, beside the tenth of a second that feels like at once."""
    from tests.benchmarks import answers

    report = answers.measure(times)
    click.echo(json.dumps(report) if as_json else answers.table(report))


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
