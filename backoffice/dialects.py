"""ALL that differs between two databases: column types, connections, addresses, error texts.

Callers never ask which database they are on; they use what is defined here.
"""

import contextlib
import io
import re
import sqlite3
import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    create_engine,
    event,
    inspect,
    literal,
    or_,
    text,
    tuple_,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import Pool, StaticPool
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator

from backoffice.errors import Refusal

DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg2",
    "postgresql": "postgresql+psycopg2",
    "postgresql+psycopg2": "postgresql+psycopg2",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "mysql+pymysql": "mysql+pymysql",
    "mariadb+pymysql": "mysql+pymysql",
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL/MariaDB", "mariadb": "MySQL/MariaDB"}

# How long SQLite waits for another writer before it gives up.
PATIENCE_MILLISECONDS = 15_000
# How long the servers wait for one.
PATIENCE_SECONDS_OF_SERVERS = 10

# The largest number that every one of the databases can keep as a key or an amount.
LARGEST_INTEGER = 2**63 - 1

# SQLite counts keys up by itself only for its own INTEGER type.
BigId = BigInteger().with_variant(Integer, "sqlite")


def gives_keys_again(connection: Any) -> bool:
    """Whether a new row may get the key of a deleted one: SQLite gives the one after the highest there is."""
    return connection.dialect.name == "sqlite"


def words(length: int) -> String:
    """Text of at most `length` characters, compared letter by letter on every database.

    MySQL and MariaDB would otherwise take "Café" and "CAFE" for the same unique value.
    """
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return String(length).with_variant(binary, "mysql", "mariadb")


def long_text() -> String:
    """Text without a limit of its own."""
    from sqlalchemy import Text

    return Text().with_variant(mysql.MEDIUMTEXT(charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")


def index_on_long_text(name: str, *columns: str) -> Index:
    """An index that begins with a long text, of which MySQL and MariaDB can only keep the beginning."""
    return Index(name, *columns, mysql_length={columns[0]: 191})


class UtcDateTime(TypeDecorator):
    """A moment: aware UTC in Python, the same instant to the microsecond in every database.

    SQLite and MariaDB drop an offset without converting, so it is converted here, and a naive
    datetime is a fault rather than a guess.
    """

    impl = DateTime(timezone=True)
    cache_ok = True
    python_type = datetime

    def load_dialect_impl(self, dialect: Any) -> Any:
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its time zone.")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def normalise_uri(uri: str, instance: Path) -> str:
    """Return the URI with the installed driver; a relative SQLite path is resolved in `instance`.

    Raises Refusal for an address that names no database we know.
    """
    try:
        url = make_url(uri.strip())
    except (ArgumentError, ValueError):
        # The latter is raised for a port that is no number.
        raise Refusal("is not a database URI. Write it like postgresql://user:password@host/name.") from None
    if url.drivername not in DRIVERS:
        raise Refusal(f"names “{url.drivername}”. Use sqlite://, postgresql:// or mysql:// (mariadb:// works as well).")
    url = url.set(drivername=DRIVERS[url.drivername])
    if url.drivername == "sqlite":
        return _sqlite_uri(url, instance)
    if not url.database:
        raise Refusal("names no database. Add its name at the end, as in postgresql://user@host/shop.")
    if url.get_backend_name() == "mysql":
        url = url.update_query_dict({"charset": "utf8mb4"})
    return url.render_as_string(hide_password=False)


def _sqlite_uri(url: URL, instance: Path) -> str:
    if url.database in (None, "", ":memory:"):
        return "sqlite:///:memory:"
    path = Path(url.database)
    if not path.is_absolute():
        path = (instance / path).resolve()
    return url.set(database=str(path)).render_as_string(hide_password=False)


def sqlite_file_uri(path: Path) -> str:
    return f"sqlite:///{path}"


def hide_password(uri: str) -> str:
    return make_url(uri).render_as_string(hide_password=True)


def database_name(uri: str) -> str:
    """The name that a person types to confirm: the server's database, or the SQLite file without its ending."""
    url = make_url(uri)
    if url.drivername == "sqlite":
        return Path(url.database or "memory").stem
    return url.database or ""


def display_name(uri: str) -> str:
    return NAMES[make_url(uri).get_backend_name()]


def engine_options(uri: str) -> dict[str, Any]:
    """Options for `create_engine`: pre-ping and sane timeouts on servers, one connection for a SQLite in memory."""
    url = make_url(uri)
    if url.drivername == "sqlite":
        arguments = {"timeout": 15, "check_same_thread": False}
        if url.database == ":memory:":
            return {"connect_args": arguments, "poolclass": StaticPool}
        # Who waits to write waits with a connection in hand, and must not keep those who read from theirs.
        return {"connect_args": arguments, "pool_size": 20, "max_overflow": -1}
    server = {"pool_pre_ping": True, "pool_recycle": 1800, "pool_timeout": 15, "pool_size": 10, "max_overflow": 30}
    if url.get_backend_name() == "postgresql":
        settings = "-c timezone=UTC -c statement_timeout=60000"
        settings += f" -c lock_timeout={PATIENCE_SECONDS_OF_SERVERS * 1000}"
        return server | {"connect_args": {"connect_timeout": 5, "options": settings}}
    # Under the default REPEATABLE READ, rows read after a lock may be older than the locked row.
    initial = "SET time_zone='+00:00', sql_mode='TRADITIONAL,NO_ENGINE_SUBSTITUTION'"
    initial += f", innodb_lock_wait_timeout={PATIENCE_SECONDS_OF_SERVERS}"
    timeouts = {"connect_timeout": 5, "read_timeout": 90, "write_timeout": 90, "init_command": initial}
    return server | {"connect_args": timeouts, "isolation_level": "READ COMMITTED"}


_only_reading: ContextVar[bool] = ContextVar("only_reading", default=False)


def work_only_reads() -> None:
    """Say that the work of this context reads; SQLite then begins without its write lock."""
    _only_reading.set(True)


def work_may_write() -> None:
    _only_reading.set(False)


@contextlib.contextmanager
def only_reading() -> Iterator[None]:
    """A piece of work that only reads, and so waits for nobody who writes."""
    mark = _only_reading.set(True)
    try:
        yield
    finally:
        _only_reading.reset(mark)


def write_unless_busy(engine: Engine, *statements: Any) -> bool:
    """Write on a connection of its own, all of it at once or not at all; return whether it was written.

    For what is nice to know and not worth waiting for. A database in memory has one connection, and is left alone.
    """
    if engine.url.get_backend_name() == "sqlite" and engine.url.database in (None, "", ":memory:"):
        return False
    try:
        with may_write(), engine.connect() as connection, _impatient(connection), connection.begin():
            for statement in statements:
                connection.execute(statement)
        return True
    except OperationalError as error:
        if not is_lock_timeout(error):
            raise
        return False


# What lets a connection give up waiting for a lock almost at once, and what gives it back its patience.
# PostgreSQL forgets its haste with the transaction; MySQL counts in seconds.
_HASTE = {
    "sqlite": ("PRAGMA busy_timeout=50", f"PRAGMA busy_timeout={PATIENCE_MILLISECONDS}"),
    "postgresql": ("SET LOCAL lock_timeout=50", None),
    "mysql": ("SET innodb_lock_wait_timeout=1", f"SET innodb_lock_wait_timeout={PATIENCE_SECONDS_OF_SERVERS}"),
}


@contextlib.contextmanager
def _impatient(connection: Any) -> Iterator[None]:
    driver = connection.connection.driver_connection
    hurry, calm = _HASTE[connection.engine.url.get_backend_name()]
    # Told to the driver itself: a transaction of SQLite begins only after this.
    driver.cursor().execute(hurry)
    try:
        yield
    finally:
        if calm:
            driver.cursor().execute(calm)


@contextlib.contextmanager
def may_write() -> Iterator[None]:
    """Within a context that only reads, a short piece of work that writes on a connection of its own."""
    mark = _only_reading.set(False)
    try:
        yield
    finally:
        _only_reading.reset(mark)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own transaction handling begins too late; ours is in _begin_sqlite.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(f"PRAGMA busy_timeout={PATIENCE_MILLISECONDS}")
    # SQLite's own lower() and LIKE know only ASCII letters; search must find "ÉMAIL" by "émail".
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class _Turns:
    """Those who write one after another, in the order in which they came.

    SQLite lets whoever asks next have the lock, and asks ever less often for whoever waits long; among twenty
    who keep writing, one of them may wait until its patience ends.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def take(self, patience_seconds: float) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(patience_seconds):
            return True
        with self._guard:
            if not mine.is_set():
                self._waiting.remove(mine)
            return mine.is_set()

    def give_back(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


_turns_by_file: defaultdict[str, _Turns] = defaultdict(_Turns)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name != "sqlite":
        return
    if _only_reading.get():
        connection.exec_driver_sql("BEGIN")
        return
    _take_turn(connection)
    # A transaction that turns from reading to writing fails at once when another wrote meanwhile,
    # whatever the busy timeout; so work that may write takes its turn at the beginning.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _take_turn(connection: Any) -> None:
    """Wait for the others of this process. Whose turn does not come asks SQLite all the same, which has the last word."""
    if connection.engine.url.database in (None, "", ":memory:"):
        return
    turns = _turns_by_file[connection.engine.url.database]
    # Asked of the driver itself: nothing may be counted as a statement of the transaction.
    [patience_milliseconds] = connection.connection.driver_connection.execute("PRAGMA busy_timeout").fetchone()
    if turns.take(patience_milliseconds / 1000):
        connection.info["turns"] = turns


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _give_turn_back(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        _pass_on(connection.info)


@event.listens_for(Pool, "checkin")
def _give_forgotten_turn_back(_connection: Any, record: Any) -> None:
    # A connection that nobody closed is rolled back by the pool, which tells nobody else.
    _pass_on(record.info)


def _pass_on(info: dict[str, Any]) -> None:
    turns = info.pop("turns", None)
    if turns is not None:
        turns.give_back()


# How MariaDB and MySQL number a broken check, which their driver takes for an operational fault.
_BROKEN_CHECKS = {4025, 3819}


@event.listens_for(Engine, "handle_error", retval=True)
def _tell_broken_check(context: Any) -> IntegrityError | None:
    """Let a broken check be an IntegrityError on every database."""
    original = context.original_exception
    if isinstance(context.sqlalchemy_exception, OperationalError) and set(original.args[:1]) & _BROKEN_CHECKS:
        return IntegrityError(context.statement, context.parameters, original)
    return None


def broken_constraint(error: IntegrityError, metadata: MetaData) -> str | None:
    """Return the name of the constraint that a write broke, or None where the database does not tell."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return diagnostics.constraint_name or _not_null(diagnostics.table_name, diagnostics.column_name)
    message = str(error.orig)
    columns = re.search(r"UNIQUE constraint failed: (.+)", message)
    if columns:
        return _unique_over(columns.group(1).split(", "), metadata)
    for pattern in (
        r"CHECK constraint failed: (\w+)",
        r"for key '(?:\w+\.)?(\w+)'",
        r"CONSTRAINT [`\"](\w+)[`\"]",
        r"Check constraint '(\w+)'",
    ):
        found = re.search(pattern, message)
        if found:
            return found.group(1)
    missing = re.search(r"NOT NULL constraint failed: (\w+)\.(\w+)|Column '(\w+)' cannot be null", message)
    if missing:
        return _not_null(missing.group(1), missing.group(2) or missing.group(3))
    return None


def _not_null(table: str | None, column: str | None) -> str | None:
    return f"nn_{table or ''}_{column}" if column else None


def _unique_over(names: list[str], metadata: MetaData) -> str | None:
    """Find the constraint by its columns, since SQLite names only those."""
    table = metadata.tables.get(names[0].split(".")[0])
    if table is None:
        return None
    columns = {name.split(".")[1] for name in names}
    for rule in [*table.constraints, *table.indexes]:
        if set(rule.columns.keys()) == columns and rule.name:
            return str(rule.name)
    return None


def is_lock_timeout(error: OperationalError) -> bool:
    """Whether a write gave up waiting for another one, so that trying again is the right advice."""
    code = getattr(error.orig, "pgcode", None)
    if code is not None:
        return code in ("55P03", "40P01", "40001", "57014")
    first = error.orig.args[0] if getattr(error.orig, "args", None) else ""
    return first in (1205, 1213) or "database is locked" in str(error.orig)


def lost_a_race(error: DBAPIError) -> bool:
    """Whether somebody who wrote the same was faster, so that one who begins anew finds what they wrote.

    MariaDB and MySQL let all who waited for a unique value that was rolled back write it, and stop all but one.
    """
    arguments = getattr(error.orig, "args", None) or ("",)
    is_deadlock = getattr(error.orig, "pgcode", None) == "40P01" or arguments[0] == 1213
    return isinstance(error, IntegrityError) or is_deadlock


def reach(connection: Any) -> None:
    """Touch the database; raises what the driver raises when it is not there."""
    connection.execute(text("SELECT 1"))


def empty_tables(connection: Any, metadata: MetaData, keep: Mapping[str, Any] | None = None) -> None:
    """Delete the rows of every table but those to keep, children first."""
    for table in reversed(metadata.sorted_tables):
        if table.name in (keep or {}):
            continue
        # Rows that refer to rows of their own table would forbid a plain delete.
        for link in table.foreign_keys:
            if link.column.table is table:
                connection.execute(table.update().values({link.parent.name: None}))
        connection.execute(table.delete())


class Beyond(ColumnElement[bool]):
    """Whether a row lies behind another in the order of a column, then of a key; downwards, before it.

    Written so that an index of both leads straight there: PostgreSQL and SQLite follow one with a comparison of
    pairs, MySQL and MariaDB only with the two ranges that it means.
    """

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [
        ("pairs", InternalTraversal.dp_clauseelement),
        ("ranges", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any, value: Any, key_column: Any, key: int, downwards: bool) -> None:
        values = literal(value, column.type), literal(key, key_column.type)
        columns = tuple_(column, key_column)
        self.pairs = columns < tuple_(*values) if downwards else columns > tuple_(*values)
        is_further = column < values[0] if downwards else column > values[0]
        is_next = key_column < values[1] if downwards else key_column > values[1]
        self.ranges = or_(is_further, and_(column == values[0], is_next)).self_group()


@compiles(Beyond)
def _compare_pairs(element: Beyond, compiler: Any, **options: Any) -> str:
    return compiler.process(element.pairs, **options)


@compiles(Beyond, "mysql")
@compiles(Beyond, "mariadb")
def _compare_ranges(element: Beyond, compiler: Any, **options: Any) -> str:
    return compiler.process(element.ranges, **options)


# What a connection that writes millions of rows is told beyond the usual. Nothing here gives up that a row, once
# committed, is whole: at worst a crash loses the last commits, which whoever writes in bulk finds and writes anew.
_BULK_OPTIONS_OF_POSTGRESQL = " -c statement_timeout=0 -c lock_timeout=60s -c synchronous_commit=off"
_BULK_OPTIONS_OF_POSTGRESQL += " -c maintenance_work_mem=256MB"
# The log is written back into the file after that many pages: 64 MB of it at most between two commits.
_BULK_PRAGMAS = ("PRAGMA cache_size=-32768", "PRAGMA wal_autocheckpoint=16384")
_BULK_TIMEOUT_SECONDS_OF_MYSQL = 3600


def bulk_engine(uri: str) -> Engine:
    """An engine for writing a great many rows, with connections of its own."""
    options = engine_options(uri)
    backend = make_url(uri).get_backend_name()
    if backend == "postgresql":
        options["connect_args"]["options"] += _BULK_OPTIONS_OF_POSTGRESQL
    elif backend == "mysql":
        options["connect_args"] |= {
            "read_timeout": _BULK_TIMEOUT_SECONDS_OF_MYSQL,
            "write_timeout": _BULK_TIMEOUT_SECONDS_OF_MYSQL,
            # References and keys are right by their making; a key that is there twice is refused all the same.
            "init_command": options["connect_args"]["init_command"] + ", unique_checks=0, foreign_key_checks=0",
        }
    engine = create_engine(uri, **options)
    if backend == "sqlite":
        event.listen(engine, "connect", _prepare_bulk_sqlite)
    return engine


def _prepare_bulk_sqlite(connection: Any, _record: Any) -> None:
    for pragma in _BULK_PRAGMAS:
        connection.execute(pragma)


def takes_many_writers(uri: str) -> bool:
    """Whether several connections can write at a time."""
    return make_url(uri).get_backend_name() != "sqlite"


def write_rows(connection: Any, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write many rows in the fastest way that the database has, past the session and so past the history.

    rows: numbers, booleans, None and texts; a moment is a text of UTC, as in `2026-01-31 12:00:00.000000`.
    Raises ValueError for a text with a tab, a line break or a backslash, and what SQLAlchemy raises for broken rules.
    """
    if not rows:
        return
    driver = connection.dialect.loaded_dbapi
    try:
        _write_rows(connection, table, columns, rows)
    except driver.Error as error:
        raise DBAPIError.instance(f"rows of {table.name}", None, error, driver.Error) from error


def _write_rows(connection: Any, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if reads_copies(connection):
        copy_file(connection, table, columns, io.StringIO(copy_text(rows)))
        return
    with contextlib.closing(connection.connection.driver_connection.cursor()) as cursor:
        cursor.executemany(insert_statement(connection, table, columns), rows)


def reads_copies(connection: Any) -> bool:
    """Whether the database has COPY, by which rows come as text."""
    return connection.dialect.name == "postgresql"


def copy_file(connection: Any, table: Table, columns: Sequence[str], file: Any) -> None:
    """Read rows as `copy_text` writes them, by COPY."""
    with contextlib.closing(connection.connection.driver_connection.cursor()) as cursor:
        cursor.copy_expert(f"COPY {_target(connection, table, columns)} FROM STDIN WITH (NULL 'None')", file)


def insert_statement(connection: Any, table: Table, columns: Sequence[str]) -> str:
    """The statement of one row, as the driver's own `executemany` takes it."""
    marks = ", ".join(["?" if connection.dialect.name == "sqlite" else "%s"] * len(columns))
    return f"INSERT INTO {_target(connection, table, columns)} VALUES ({marks})"


def _target(connection: Any, table: Table, columns: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(quote(name) for name in columns)})"


def copy_text(rows: Sequence[tuple[Any, ...]]) -> str:
    """Rows as PostgreSQL's COPY reads them, a line each, where what is empty is written as None."""
    width = len(rows[0])
    text = ("\t".join(["%s"] * width) + "\n") * len(rows) % tuple(chain.from_iterable(rows))
    if "\\" in text or text.count("\n") != len(rows) or text.count("\t") != len(rows) * (width - 1):
        raise ValueError("A text holds a tab, a line break or a backslash.")
    return text


def reserve_keys(connection: Any, table: Table, last_key: int) -> None:
    """Let rows that others make from now on come after a key. SQLite counts from the highest there is, and needs nothing."""
    if connection.dialect.name == "postgresql":
        sequence = f"pg_get_serial_sequence('{connection.dialect.identifier_preparer.quote(table.name)}', 'id')"
        connection.exec_driver_sql(f"SELECT setval({sequence}, {int(last_key)})")
    elif connection.dialect.name == "mysql":
        quoted = connection.dialect.identifier_preparer.quote(table.name)
        connection.exec_driver_sql(f"ALTER TABLE {quoted} AUTO_INCREMENT = {int(last_key) + 1}")


def missing_indexes(connection: Any, tables: Iterable[Table]) -> list[Index]:
    """The indexes of these tables that the database lacks, by name."""
    return [
        index
        for table in tables
        for present in [{found["name"] for found in inspect(connection).get_indexes(table.name)}]
        for index in sorted(table.indexes, key=lambda one: str(one.name))
        if index.name not in present
    ]


def drop_indexes(connection: Any, tables: Iterable[Table]) -> None:
    """Drop the indexes that only make reading faster; keys and unique values stay guarded.

    MySQL and MariaDB need those that begin with a reference.
    """
    tables = list(tables)
    lacking = {index.name for index in missing_indexes(connection, tables)}
    for table in tables:
        for index in table.indexes:
            is_needed = connection.dialect.name == "mysql" and bool(next(iter(index.columns)).foreign_keys)
            if not index.unique and not is_needed and index.name not in lacking:
                index.drop(connection)


def truncate_tables(connection: Any, metadata: MetaData, keep: Mapping[str, Any]) -> None:
    """Empty every table but those to keep, at once where the database can, however many rows there are."""
    if connection.dialect.name != "postgresql":
        empty_tables(connection, metadata, keep)
        return
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in metadata.tables if name not in keep)
    connection.exec_driver_sql(f"TRUNCATE {names}")


def refresh_statistics(connection: Any, tables: Iterable[Table]) -> None:
    """Let the planner know how many rows there are by now, and what they hold."""
    command = "ANALYZE TABLE" if connection.dialect.name == "mysql" else "ANALYZE"
    for table in tables:
        connection.exec_driver_sql(f"{command} {connection.dialect.identifier_preparer.quote(table.name)}")
