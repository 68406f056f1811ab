"""The environment: where values come from, what they default to, and what is said when they are wrong."""

import re
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from backoffice import create_app
from backoffice.config import ROOT, Config, ConfigProblems, read_config
from backoffice.extensions import db

SECRET = "0123456789abcdef0123456789abcdef"
URI = "postgresql://shop:letmein@db.example.com/shop"
GUARDED = {"BACKOFFICE_DATABASE_URI": URI, "BACKOFFICE_SECRET_KEY": SECRET}


def write(folder: Path, name: str, **values: str) -> None:
    Path(folder, name).write_text("".join(f"{key}={value}\n" for key, value in values.items()), encoding="utf-8")


def problems(process: Mapping[str, str], root: Path) -> list[str]:
    with pytest.raises(ConfigProblems) as raised:
        read_config(process, root)
    assert raised.value.message == "\n".join(raised.value.problems)
    return raised.value.problems


def sqlite_of(config: Config) -> str:
    return config.database_uri.removeprefix("sqlite:///")


def test_development_needs_no_setting(tmp_path: Path) -> None:
    config = read_config({}, tmp_path)

    assert config.environment == "development" and not config.is_guarded
    assert sqlite_of(config) == str(tmp_path / "instance/development.sqlite")
    assert config.media_folder == tmp_path / "instance/media"
    assert config.instance == tmp_path / "instance"
    assert config.limiter_uri == "memory://"


def test_tests_have_a_database_of_their_own(tmp_path: Path) -> None:
    config = read_config({"BACKOFFICE_ENV": "testing"}, tmp_path)

    assert sqlite_of(config) == str(tmp_path / "instance/testing.sqlite")


def test_a_developers_key_is_made_once_and_is_for_nobody_else(tmp_path: Path) -> None:
    first = read_config({}, tmp_path).secret_key
    second = read_config({}, tmp_path).secret_key

    assert first == second and len(first) >= 32
    assert stat.S_IMODE(Path(tmp_path, "instance/secret_key").stat().st_mode) == 0o600


def test_a_key_that_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    Path(tmp_path, "instance").mkdir()
    Path(tmp_path, "instance/secret_key").touch()

    assert len(read_config({}, tmp_path).secret_key) >= 32


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    Path(tmp_path, "instance").write_text("a file is in the way", encoding="utf-8")

    [problem] = problems({}, tmp_path)

    assert "instance" in problem and "cannot be written" in problem


def test_the_process_goes_before_the_file_of_the_environment_and_that_before_the_general_one(tmp_path: Path) -> None:
    write(tmp_path, ".env", BACKOFFICE_DATABASE_URI="sqlite:////general", BACKOFFICE_MEDIA_URI="/general")
    write(
        tmp_path,
        ".env",
        BACKOFFICE_DATABASE_URI="sqlite:////general",
        BACKOFFICE_MEDIA_URI="/general",
        BACKOFFICE_REDIS_URI="redis://general",
    )
    write(tmp_path, ".env.development", BACKOFFICE_DATABASE_URI="sqlite:////special", BACKOFFICE_MEDIA_URI="/special")

    config = read_config({"BACKOFFICE_DATABASE_URI": "sqlite:////process"}, tmp_path)

    assert sqlite_of(config) == "/process"
    assert config.media_folder == Path("/special")
    assert config.limiter_uri == "redis://general"


def test_the_environment_may_be_named_in_the_general_file(tmp_path: Path) -> None:
    write(tmp_path, ".env", BACKOFFICE_ENV="staging")
    write(tmp_path, ".env.staging", **GUARDED)
    write(tmp_path, ".env.development", BACKOFFICE_DATABASE_URI="sqlite:////wrong")

    config = read_config({}, tmp_path)

    assert config.environment == "staging" and config.is_guarded
    assert config.database_uri == "postgresql+psycopg2://shop:letmein@db.example.com/shop"
    assert config.secret_key == SECRET


def test_the_process_chooses_whose_file_is_read(tmp_path: Path) -> None:
    write(tmp_path, ".env", BACKOFFICE_ENV="staging")
    write(tmp_path, ".env.staging", BACKOFFICE_MEDIA_URI="/staging")
    write(tmp_path, ".env.testing", BACKOFFICE_MEDIA_URI="/testing")

    config = read_config({"BACKOFFICE_ENV": "testing"}, tmp_path)

    assert config.environment == "testing"
    assert config.media_folder == Path("/testing")


@pytest.mark.parametrize("source", ["process", ".env.staging", ".env"])
def test_a_value_may_lie_in_a_file_of_its_own(tmp_path: Path, source: str) -> None:
    Path(tmp_path, "uri").write_text(f"{URI}\n", encoding="utf-8")
    Path(tmp_path, "key").write_text(f"{SECRET}\n", encoding="utf-8")
    values = {
        "BACKOFFICE_DATABASE_URI_FILE": str(tmp_path / "uri"),
        "BACKOFFICE_SECRET_KEY_FILE": str(tmp_path / "key"),
    }
    if source != "process":
        write(tmp_path, source, **values)

    config = read_config({"BACKOFFICE_ENV": "staging"} | (values if source == "process" else {}), tmp_path)

    assert config.database_uri.endswith("@db.example.com/shop")
    assert config.secret_key == SECRET


def test_a_file_in_a_nearer_source_goes_before_a_value_in_a_farther_one(tmp_path: Path) -> None:
    Path(tmp_path, "uri").write_text("sqlite:////nearer", encoding="utf-8")
    write(tmp_path, ".env", BACKOFFICE_DATABASE_URI="sqlite:////farther")

    config = read_config({"BACKOFFICE_DATABASE_URI_FILE": str(tmp_path / "uri")}, tmp_path)

    assert sqlite_of(config) == "/nearer"


def test_a_file_that_cannot_be_read_is_told_by_its_variable(tmp_path: Path) -> None:
    found = problems({"BACKOFFICE_ENV": "staging", "BACKOFFICE_SECRET_KEY_FILE": str(tmp_path / "none")}, tmp_path)

    assert any(problem.startswith("BACKOFFICE_SECRET_KEY_FILE names a file that cannot be read.") for problem in found)


def test_the_usual_name_for_a_database_is_understood(tmp_path: Path) -> None:
    Path(tmp_path, "uri").write_text("sqlite:////by-file\n", encoding="utf-8")

    by_value = read_config({"DATABASE_URL": "sqlite:////by-value"}, tmp_path)
    by_file = read_config({"DATABASE_URL_FILE": str(tmp_path / "uri")}, tmp_path)

    assert (sqlite_of(by_value), sqlite_of(by_file)) == ("/by-value", "/by-file")


def test_our_own_name_for_the_database_goes_first_in_the_same_source(tmp_path: Path) -> None:
    config = read_config({"DATABASE_URL": "sqlite:////usual", "BACKOFFICE_DATABASE_URI": "sqlite:////own"}, tmp_path)

    assert sqlite_of(config) == "/own"


def test_the_nearer_source_goes_first_whichever_name_it_uses(tmp_path: Path) -> None:
    write(tmp_path, ".env", BACKOFFICE_DATABASE_URI="sqlite:////farther")

    config = read_config({"DATABASE_URL": "sqlite:////nearer"}, tmp_path)

    assert sqlite_of(config) == "/nearer"


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("postgres://u:p@h/shop", "postgresql+psycopg2://u:p@h/shop"),
        ("postgresql://u:p@h:5433/shop", "postgresql+psycopg2://u:p@h:5433/shop"),
        ("postgresql+psycopg2://h/shop", "postgresql+psycopg2://h/shop"),
        ("postgres://u:p%40ss@h/shop?sslmode=require", "postgresql+psycopg2://u:p%40ss@h/shop?sslmode=require"),
        ("mysql://u:p@h/shop", "mysql+pymysql://u:p@h/shop?charset=utf8mb4"),
        ("mariadb://u:p@h/shop", "mysql+pymysql://u:p@h/shop?charset=utf8mb4"),
        ("mysql+pymysql://h/shop?charset=latin1", "mysql+pymysql://h/shop?charset=utf8mb4"),
        ("  postgres://h/shop\n", "postgresql+psycopg2://h/shop"),
        ("sqlite://", "sqlite:///:memory:"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite:////data/shop.db", "sqlite:////data/shop.db"),
    ],
)
def test_a_database_uri_gets_the_installed_driver(tmp_path: Path, given: str, normal: str) -> None:
    assert read_config({"BACKOFFICE_DATABASE_URI": given}, tmp_path).database_uri == normal


def test_a_relative_sqlite_path_lies_in_the_instance_folder_wherever_a_command_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")

    config = read_config({"BACKOFFICE_DATABASE_URI": "sqlite:///shop.db"}, tmp_path)
    app = create_app(config)

    with app.app_context():
        assert db.engine.url.database == str(tmp_path / "instance/shop.db")
        db.engine.connect().close()
    assert Path(tmp_path, "instance/shop.db").is_file()


def test_a_relative_media_folder_lies_in_the_instance_folder(tmp_path: Path) -> None:
    assert read_config({"BACKOFFICE_MEDIA_URI": "photos"}, tmp_path).media_folder == tmp_path / "instance/photos"


def test_a_database_in_memory_holds_for_the_whole_application(tmp_path: Path) -> None:
    from backoffice.catalog.models import Brand

    app = create_app(read_config({"BACKOFFICE_DATABASE_URI": "sqlite:///:memory:"}, tmp_path))
    with app.app_context():
        db.create_all()
        db.session.add(Brand(name="Norr", slug="norr"))
        db.session.commit()

    with app.app_context():
        assert db.session.scalar(db.select(Brand.name)) == "Norr"


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_what_is_missing_is_told_at_once(tmp_path: Path, environment: str) -> None:
    found = problems({"BACKOFFICE_ENV": environment}, tmp_path)

    assert [problem.split()[0] for problem in found] == ["BACKOFFICE_DATABASE_URI", "BACKOFFICE_SECRET_KEY"]
    assert not Path(tmp_path, "instance").exists()


def test_everything_wrong_is_told_at_once_and_by_variable(tmp_path: Path) -> None:
    found = problems(
        {
            "BACKOFFICE_ENV": "staging",
            "BACKOFFICE_DATABASE_URI": "oracle://h/shop",
            "BACKOFFICE_SECRET_KEY": "short",
            "BACKOFFICE_MEDIA_URI": "s3://bucket",
            "BACKOFFICE_REDIS_URI": "http://redis",
        },
        tmp_path,
    )

    assert [problem.split()[0] for problem in found] == [
        "BACKOFFICE_DATABASE_URI",
        "BACKOFFICE_SECRET_KEY",
        "BACKOFFICE_MEDIA_URI",
        "BACKOFFICE_REDIS_URI",
    ]


@pytest.mark.parametrize(
    "uri",
    [
        "hunter2secret",
        "postgresql://shop:hunter2secret@host",
        "postgresql://shop:hunter2secret@host:port/shop",
        "oracle://shop:hunter2secret@host/shop",
        "://shop:hunter2secret@host/shop",
    ],
)
def test_a_secret_is_never_echoed(tmp_path: Path, uri: str) -> None:
    values = {"BACKOFFICE_ENV": "production", "BACKOFFICE_DATABASE_URI": uri, "BACKOFFICE_SECRET_KEY": "hunter2secret"}

    found = problems(values, tmp_path)

    assert [problem.split()[0] for problem in found] == ["BACKOFFICE_DATABASE_URI", "BACKOFFICE_SECRET_KEY"]
    assert "hunter2secret" not in "\n".join(found)


def test_a_configuration_shows_no_secret_where_it_is_printed(tmp_path: Path) -> None:
    config = read_config({"BACKOFFICE_ENV": "staging"} | GUARDED, tmp_path)

    assert "letmein" not in repr(config) and SECRET not in repr(config)


def test_a_key_of_31_characters_is_too_short_and_one_of_32_is_not(tmp_path: Path) -> None:
    values = {"BACKOFFICE_ENV": "production", "BACKOFFICE_DATABASE_URI": URI}

    assert "shorter than 32" in problems(values | {"BACKOFFICE_SECRET_KEY": SECRET[:31]}, tmp_path)[0]
    assert read_config(values | {"BACKOFFICE_SECRET_KEY": SECRET}, tmp_path).secret_key == SECRET


@pytest.mark.parametrize("name", ["prod", "Production", "dev", "../../etc/passwd"])
def test_an_environment_that_does_not_exist_is_told_with_those_that_do(tmp_path: Path, name: str) -> None:
    found = problems({"BACKOFFICE_ENV": name} | GUARDED, tmp_path)

    assert found == [
        "BACKOFFICE_ENV is none of development, testing, staging, production. Set it to one of them.",
    ]


def test_other_variables_of_a_file_are_none_of_our_business(tmp_path: Path) -> None:
    write(tmp_path, ".env", SECRET_KEY="x", DATABASE_URI="oracle://h", FLASK_DEBUG="1")

    assert sqlite_of(read_config({}, tmp_path)).endswith("development.sqlite")


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_debugging_is_impossible_where_real_data_may_be(
    tmp_path: Path, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    app = create_app(read_config({"BACKOFFICE_ENV": environment} | GUARDED, tmp_path))

    assert app.debug is False and app.testing is False
    assert app.config["SESSION_COOKIE_SECURE"] is True


def test_only_one_module_reads_the_environment() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("backoffice", "seed", "migrations")
        for path in ROOT.joinpath(folder).rglob("*.py")
        if re.search(r"\b(environ|getenv|load_dotenv)\b[^=]", path.read_text(encoding="utf-8"))
    }

    assert readers == {"backoffice/config.py"}


def test_the_example_documents_every_variable() -> None:
    read = set(re.findall(r"\b(BACKOFFICE_[A-Z]+(?:_[A-Z]+)*|DATABASE_URL)\b", config_source()))
    example = Path(ROOT, ".env.example").read_text(encoding="utf-8")
    documented = set(re.findall(r"\b(BACKOFFICE_[A-Z]+(?:_[A-Z]+)*|DATABASE_URL)\b", example))

    assert read - documented == set()
    assert {name for name in documented - read if not name.endswith("_FILE") and "TEST" not in name} == set()


def config_source() -> str:
    return Path(ROOT, "backoffice/config.py").read_text(encoding="utf-8")
