"""`manage.py bench`: what the back office costs, as a ratio within one run, on databases of its own."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import click

from backoffice.errors import Refusal
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


def list_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--products", multiple=True, default=("10000,1000000",), show_default=True, metavar="N,N"),
            click.option("--engine", type=click.Choice(engines.ENGINES), help="Which database; PostgreSQL else."),
            click.option("--uri", help="A server of it, as in postgresql://user@host; for SQLite a folder."),
            click.option("--against", metavar="NAME,NAME", help="flask-admin, django; both on PostgreSQL."),
            click.option("--alone", is_flag=True, help="Ours, without the others."),
            click.option("--times", type=click.IntRange(2, 1000), default=15, show_default=True),
            as_json_option,
        )
    ):
        command = option(command)
    return command


@bench.command("lists")
@list_options
def bench_lists(as_json: bool, **options: Any) -> None:
    """Lists, searches and forms of small and large shops, beside stock Flask-Admin and Django admin on our tables."""
    _print_lists(_measure_lists(**options), as_json)


@bench.command("search")
@list_options
def bench_search(as_json: bool, **options: Any) -> None:
    """Only the searches of `bench lists`."""
    from tests.benchmarks.operations import TASKS

    _print_lists(_measure_lists(tasks=[task for task in TASKS if task.is_search], **options), as_json)


@bench.command("screens")
@click.option("--engine", type=click.Choice(engines.ENGINES), default="postgresql", show_default=True)
@click.option("--products", type=click.IntRange(100, 10_000_000), default=100_000, show_default=True)
@as_json_option
def bench_screens(engine: str, products: int, as_json: bool) -> None:
    """Every list sorted, filtered and searched by all it offers: which query is slow in a large shop."""
    from tests.benchmarks import databases, screens

    with _started(engine, None) as server:
        _tell(f"{products:,} products: making the database, or bringing it up to date")
        uri = databases.database_of(server, products)
        report = {"engine": server.describe(), "products": products} | screens.measure(uri, _tell)
    click.echo(json.dumps(report) if as_json else screens.table(report))


@bench.command("all")
@list_options
def bench_all(as_json: bool, **options: Any) -> None:
    """`bench lists`, then `bench seed` and `bench history` on the same engine."""
    from tests.benchmarks import lists_table, seed

    report = {"lists": _measure_lists(**options)}
    engine = report["lists"]["backend"]
    with _started(engine, options["uri"]) as server:
        by = "COPY" if engine == "postgresql" else "executemany"
        report["seed"] = {"engine": server.describe(), "products": 100_000, "by": by}
        report["seed"] |= seed.measure(server.create_database, 100_000)
        report["history"] = {"engine": server.describe(), "rows": 10_000}
        report["history"] |= history.measure(server.create_database(), 10_000)
    if as_json:
        click.echo(json.dumps(report))
        return
    tables = (lists_table.table(report["lists"]), seed.table(report["seed"]), history.table(report["history"]))
    click.echo("\n\n".join(tables))


def _print_lists(report: dict[str, Any], as_json: bool) -> None:
    from tests.benchmarks import lists_table

    click.echo(json.dumps(report) if as_json else lists_table.table(report))


def _measure_lists(
    products: tuple[str, ...],
    engine: str | None,
    uri: str | None,
    against: str | None,
    alone: bool,
    times: int,
    tasks: Any = None,
) -> dict[str, Any]:
    from tests.benchmarks import databases, lists
    from tests.benchmarks.load import Effort
    from tests.benchmarks.operations import TASKS

    sizes = _read_sizes(products)
    engine = _read_engine(engine, uri)
    peers = _read_peers(against, alone, engine)
    with _started(engine, uri) as server:
        uris = {}
        for size in sizes:
            _tell(f"{size:,} products: making the database, or bringing it up to date")
            uris[size] = databases.database_of(server, size)
        report = lists.measure(uris, Effort(times), peers, tasks or TASKS, _tell)
        return {"engine": server.describe(), "backend": engine} | report


@contextlib.contextmanager
def _started(engine: str, uri: str | None) -> Iterator[engines.Server]:
    from tests.benchmarks.databases import server_at

    try:
        with server_at(engine, uri) as server:
            yield server
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from None


def _tell(words: str) -> None:
    click.echo(f"{words} …", err=True)


def _read_sizes(texts: tuple[str, ...]) -> list[int]:
    written = [text.strip() for one in texts for text in one.split(",")]
    if not all(text.isascii() and text.isdigit() and 100 <= int(text) <= 10_000_000 for text in written):
        raise click.ClickException("--products takes numbers from 100 to 10,000,000, as in --products 10000,1000000.")
    return sorted({int(text) for text in written})


def _read_engine(engine: str | None, uri: str | None) -> str:
    if uri is None:
        return engine or "postgresql"
    backend = uri.partition(":")[0].partition("+")[0]
    named = {"postgres": "postgresql", "mariadb": "mysql"}.get(backend, backend)
    if named not in engines.ENGINES:
        raise click.ClickException("--uri names no database. Write it like postgresql://user:password@host.")
    if engine not in (None, named):
        raise click.ClickException(f"--uri and --engine name two databases. Leave out --engine {engine}.")
    return named


def _read_peers(against: str | None, alone: bool, engine: str) -> dict[str, Any]:
    from tests.benchmarks.peers.environments import PEERS

    if alone or against is None and engine != "postgresql":
        return {}
    wanted = [name.strip() for name in against.split(",")] if against else list(PEERS)
    if not set(wanted) <= set(PEERS):
        raise click.ClickException(f"--against takes {' and '.join(PEERS)}, separated by a comma.")
    if engine != "postgresql":
        raise click.ClickException("The others are compared on PostgreSQL. Leave out --against here.")
    return {name: PEERS[name] for name in wanted}


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit status."""
    try:
        bench.main(args=arguments, prog_name="manage.py bench", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 1
    except click.ClickException as error:
        message = error.format_message()
        click.echo(
            json.dumps({"error": message}, ensure_ascii=False) if "--json" in arguments else message,
            err="--json" not in arguments,
        )
        return 1
    return 0
