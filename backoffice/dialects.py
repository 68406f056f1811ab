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
from weakref import WeakKeyDictionary

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
    false,
    func,
    inspect,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.dialects import mysql, sqlite
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


def index_of_filled(table: str, column: str) -> Index:
    """An index of a column that most rows leave empty; where a database can, it holds just those that do not."""
    filled = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", column, "id", postgresql_where=filled, sqlite_where=filled)


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


def _filled(connection: Any, tables: Sequence[Table]) -> list[Table]:
    """Those of the tables that hold a row, asked in one statement."""
    holds = connection.execute(select(*(select(literal(1)).select_from(one).exists() for one in tables))).one()
    return [one for one, is_filled in zip(tables, holds) if is_filled]


def empty_tables(connection: Any, metadata: MetaData, keep: Mapping[str, Any] | None = None) -> None:
    """Delete the rows of every table but those to keep, children first."""
    for table in _filled(connection, [one for one in reversed(metadata.sorted_tables) if one.name not in (keep or {})]):
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
_BULK_PRAGMAS = ("PRAGMA cache_size=-12288", "PRAGMA wal_autocheckpoint=16384")
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


def gains_by_many_writers(uri: str) -> bool:
    """Whether several connections write faster than one.

    SQLite lets one write at a time; on MariaDB two took longer than one by what they waited for each other.
    """
    return make_url(uri).get_backend_name() == "postgresql"


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


# Searching: each engine has an index of its own over kept texts, which no model describes.
#
# PostgreSQL: a GIN index of trigrams. SQLite: an FTS5 table of trigrams beside the kept one, which triggers keep.
# MySQL and MariaDB: a FULLTEXT index of whole words, which finds by their beginnings.

SEARCH_INDEX = re.compile(r"\w+_search_(text|fts(_data|_idx|_docsize|_config|_content)?)")
# Two blanks before each word: the beginning of a word of one letter is then three characters long as well.
GAP = "  "
# Words of FULLTEXT begin with this, so that none is too short for it, nor one of those that it passes over.
MARK = "__"
LONGEST_MARKED_WORD = 80
# How alike a text must be to what was typed, where the engine can tell: 1 is the same.
LEAST_LIKENESS = 0.4


def is_own_of_engine(name: str | None) -> bool:
    """Whether a table or index belongs to one engine's search alone, and to no model."""
    return bool(name and SEARCH_INDEX.fullmatch(name))


def finds_uncommitted(bind: Any) -> bool:
    """Whether the engine's own search index tells of what its own transaction wrote; FULLTEXT waits for the end.

    Nor may FULLTEXT be written within a savepoint: one that is taken back and written again stops the server.
    """
    return bind.dialect.name not in ("mysql", "mariadb")


def folded_words(length: int) -> String:
    """Folded text that sorts by its letters' numbers everywhere, so that an index finds what begins so."""
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return (
        String(length)
        .with_variant(binary, "mysql", "mariadb")
        .with_variant(String(length, collation="C"), "postgresql")
    )


def begins_with(column: Any, beginning: str) -> Any:
    """Whether a column of `folded_words` begins so, told as a range of its index."""
    return column.between(beginning, beginning + "\U0010ffff")


def search_text(bind: Any, words: Iterable[str]) -> str:
    """How the engine at hand keeps folded words."""
    if bind.dialect.name in ("mysql", "mariadb"):
        marked = dict.fromkeys(tail for word in words for tail in _tails(word))
        return " ".join(f"{MARK}{tail[:LONGEST_MARKED_WORD]}" for tail in marked)
    return "".join(f"{GAP}{word}" for word in words) + GAP


def _tails(word: str) -> list[str]:
    """A word without its signs, from each of its parts on: `pan20` and `20` of `pan-20`."""
    parts = _parts(word)
    return ["".join(parts[place:]) for place in range(len(parts))]


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", word) if part]


def holds_words(bind: Any, table: Any, words: Sequence[str]) -> Any:
    """The condition on a kept table that its text holds every word: anywhere, one of one or two letters as a beginning.

    On MySQL and MariaDB each word is the beginning of one, which is all that they can look up.
    """
    if bind.dialect.name in ("mysql", "mariadb"):
        return _holds_marked(table, [f"+{MARK}{''.join(_parts(word))[:LONGEST_MARKED_WORD]}*" for word in words])
    sought = [GAP[len(word) - 1 :] + word if len(word) < 3 else word for word in words]
    return _holds(bind, table, sought)


def holds_whole_word(bind: Any, table: Any, word: str) -> Any:
    """The condition on a kept table that one of its words is just this one."""
    if bind.dialect.name in ("mysql", "mariadb"):
        return _holds_marked(table, [f"+{MARK}{''.join(_parts(word))[:LONGEST_MARKED_WORD]}"])
    return _holds(bind, table, [f"{GAP}{word}{GAP}"])


def _holds_marked(table: Any, marked: Sequence[str]) -> Any:
    # A word of signs alone is none to this index.
    sought = [one for one in marked if one.strip("+*") != MARK]
    if not sought:
        return false()
    # A table whose one index is FULLTEXT: the dialect writes MATCH (…) AGAINST (… IN BOOLEAN MODE).
    return mysql.match(table.c.text, against=" ".join(sought)).in_boolean_mode()


def _holds(bind: Any, table: Any, sought: Sequence[str]) -> Any:
    if bind.dialect.name == "sqlite" and has_search_index(bind, table.name):
        beside = sql_table(f"{table.name}_fts", sql_column("rowid"), sql_column(f"{table.name}_fts"))
        phrases = " AND ".join(_phrase(one) for one in sought)
        return table.c.record_id.in_(select(beside.c.rowid).where(beside.c[f"{table.name}_fts"].op("MATCH")(phrases)))
    return and_(*(table.c.text.like(f"%{_without_wildcards(one)}%", escape="\\") for one in sought))


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _without_wildcards(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


_with_index: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()


def has_search_index(bind: Any, table: str) -> bool:
    """Whether the engine's own index of a kept table is there; without it search works, by looking at every text."""
    engine = bind if isinstance(bind, Engine) else bind.engine
    known = _with_index.setdefault(engine, set())
    if table not in known:
        if isinstance(bind, Engine):
            with only_reading(), bind.connect() as connection:
                is_there = _find_search_index(connection, table)
        else:
            is_there = _find_search_index(bind, table)
        if is_there:
            known.add(table)
    return table in known


def _find_search_index(connection: Any, table: str) -> bool:
    asked = {
        "sqlite": f"SELECT 1 FROM sqlite_master WHERE name = '{table}_fts'",
        "postgresql": f"SELECT 1 FROM pg_class WHERE oid = to_regclass('ix_{table}_text')",
    }
    usual = (
        "SELECT 1 FROM information_schema.statistics "
        f"WHERE table_schema = database() AND index_name = 'ix_{table}_text' LIMIT 1"
    )
    return connection.execute(text(asked.get(connection.dialect.name, usual))).scalar() is not None


def make_search_index(connection: Any, table: str) -> bool:
    """Make the engine's own index of a kept table where it is missing; returns whether it is there.

    PostgreSQL needs its extension pg_trgm for it, SQLite its FTS5 with trigrams.
    """
    if _find_search_index(connection, table):
        return True
    if connection.dialect.name not in ("mysql", "mariadb"):
        connection.execute(text(f"CREATE INDEX IF NOT EXISTS ix_{table}_name ON {table} (name, record_id)"))
    try:
        with connection.begin_nested():
            for statement in _making_of_index(connection.dialect.name, table):
                connection.execute(text(statement))
    except DBAPIError:
        return False
    return True


def _making_of_index(dialect: str, table: str) -> list[str]:
    if dialect == "postgresql":
        return [
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            # Most of the work is in memory then, and takes its time; both are forgotten with the transaction.
            "SET LOCAL maintenance_work_mem = '512MB'",
            "SET LOCAL statement_timeout = 0",
            f"CREATE INDEX ix_{table}_text ON {table} USING gin (text gin_trgm_ops)",
        ]
    if dialect != "sqlite":
        return [f"CREATE FULLTEXT INDEX ix_{table}_text ON {table} (text)"]
    fts = f"{table}_fts"
    gone = f"INSERT INTO {fts} ({fts}, rowid, text) VALUES ('delete', old.record_id, old.text);"
    came = f"INSERT INTO {fts} (rowid, text) VALUES (new.record_id, new.text);"
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5"
        f"(text, content='{table}', content_rowid='record_id', tokenize='trigram')",
        f"INSERT INTO {fts} ({fts}) VALUES ('rebuild')",
        f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN {came} END",
        f"CREATE TRIGGER {fts}_update AFTER UPDATE ON {table} BEGIN {gone} {came} END",
        f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN {gone} END",
    ]


def drop_search_index(connection: Any, table: str) -> None:
    """Drop the indexes of a kept table before a great load; `make_search_index` makes them again.

    MySQL and MariaDB keep theirs: to drop one would end the transaction.
    """
    statements = {
        "sqlite": [
            *(f"DROP TRIGGER IF EXISTS {table}_fts_{what}" for what in ("insert", "update", "delete")),
            f"DROP TABLE IF EXISTS {table}_fts",
            f"DROP INDEX IF EXISTS ix_{table}_name",
        ],
        "postgresql": [f"DROP INDEX IF EXISTS ix_{table}_text", f"DROP INDEX IF EXISTS ix_{table}_name"],
    }
    for statement in statements.get(connection.dialect.name, []):
        connection.execute(text(statement))
    _with_index.setdefault(connection.engine, set()).discard(table)


def load_rows(connection: Any, table: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows, each in the order of the table's columns, as fast as the engine takes them."""
    names = [column.name for column in table.c]
    if connection.dialect.name != "postgresql":
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])
        return
    lines = io.StringIO("".join("\t".join(_copied(value) for value in row) + "\n" for row in rows))
    with connection.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({', '.join(names)}) FROM STDIN", lines)


def _copied(value: Any) -> str:
    """A value as COPY reads it."""
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def tell_planner(connection: Any, table: str) -> None:
    """Let the engine look at a table that was just filled, so that it chooses well between its indexes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {table}"))


def search_hint(bind: Any) -> str:
    """What an administrator does so that the engine can have its index."""
    if bind.dialect.name == "postgresql":
        return "Let the owner of the database run CREATE EXTENSION pg_trgm, then run: python3 manage.py search rebuild"
    return "Run: python3 manage.py search rebuild"


def similar_texts(connection: Any, table: Any, condition: Any, sought: str, most: int) -> list[int]:
    """The keys of kept texts that come close to the folded words sought, nearest first; none where there is no index."""
    if len(sought) < 3 or not has_search_index(connection, table.name):
        return []
    if connection.dialect.name == "postgresql":
        return _similar_by_trigrams(connection, table, condition, sought, most)
    if connection.dialect.name == "sqlite":
        return _similar_by_rank(connection, table, condition, sought, most)
    return []


def _similar_by_trigrams(connection: Any, table: Any, condition: Any, sought: str, most: int) -> list[int]:
    # Held for this transaction alone.
    connection.execute(select(func.set_config("pg_trgm.word_similarity_threshold", str(LEAST_LIKENESS), True)))
    likeness = func.word_similarity(sought, table.c.text)
    found = select(table.c.record_id).where(literal(sought).op("<%", is_comparison=True)(table.c.text), condition)
    return list(connection.scalars(found.order_by(likeness.desc(), table.c.record_id).limit(most)))


LOOKED_AT_FOR_LIKENESS = 100


def _similar_by_rank(connection: Any, table: Any, condition: Any, sought: str, most: int) -> list[int]:
    name = f"{table.name}_fts"
    beside = sql_table(name, sql_column("rowid"), sql_column(name), sql_column("rank"))
    some = " OR ".join(_phrase(one) for one in sorted(_trigrams(sought))[:40])
    nearest = (
        select(beside.c.rowid)
        .where(beside.c[name].op("MATCH")(some))
        .order_by(beside.c.rank)
        .limit(LOOKED_AT_FOR_LIKENESS)
    )
    found = connection.execute(
        select(table.c.record_id, table.c.text).where(table.c.record_id.in_(nearest.scalar_subquery()), condition)
    )
    likeness = {row.record_id: _likeness(sought, row.text) for row in found}
    close = [key for key, alike in likeness.items() if alike >= LEAST_LIKENESS]
    return sorted(close, key=lambda key: (-likeness[key], key))[:most]


def _trigrams(words: str) -> set[str]:
    padded = [f"{GAP}{word} " for word in words.split()]
    return {word[place : place + 3] for word in padded for place in range(len(word) - 2)}


def _likeness(sought: str, found: str) -> float:
    wanted = _trigrams(sought)
    return len(wanted & _trigrams(found)) / len(wanted)


def write_over(connection: Any, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or update those whose key is there already."""
    others = [column.name for column in table.c if not column.primary_key]
    if connection.dialect.name in ("mysql", "mariadb"):
        statement = mysql.insert(table)
        statement = statement.on_duplicate_key_update({name: statement.inserted[name] for name in others})
    elif connection.dialect.name == "sqlite":
        statement = sqlite.insert(table)
        key = [column.name for column in table.primary_key]
        statement = statement.on_conflict_do_update(
            index_elements=key, set_={name: statement.excluded[name] for name in others}
        )
    else:
        _write_over_at_once(connection, table, rows, others)
        return
    connection.execute(statement, rows)


def _write_over_at_once(connection: Any, table: Any, rows: Sequence[dict[str, Any]], others: Sequence[str]) -> None:
    """All rows in one statement: the driver would otherwise send one for each."""
    types = {column.name: column.type.compile(connection.dialect).partition(" COLLATE")[0] for column in table.c}
    lists = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in types.items())
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    key = ", ".join(column.name for column in table.primary_key)
    statement = (
        f"INSERT INTO {table.name} ({', '.join(types)}) SELECT * FROM unnest({lists}) "
        f"ON CONFLICT ({key}) DO UPDATE SET {changes}"
    )
    connection.execute(text(statement), {name: [row[name] for row in rows] for name in types})
