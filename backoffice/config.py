"""The environment, read and checked once, in one place."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from backoffice import dialects
from backoffice.errors import Refusal

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("development", "testing", "staging", "production")
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Config:
    """What the environment says.

    media_folder: where pictures lie. limiter_uri: where tries at the sign-in page are counted.
    """

    environment: str
    # Both would otherwise stand in every log that shows this object.
    database_uri: str = field(repr=False)
    secret_key: str = field(repr=False)
    media_folder: Path
    limiter_uri: str
    instance: Path

    @property
    def is_guarded(self) -> bool:
        """Whether real data may be behind it: staging and production."""
        return self.environment in ("staging", "production")


class ConfigProblems(Refusal):
    """All that is wrong with the environment, one sentence a variable."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_config(process: Mapping[str, str] | None = None, root: Path = ROOT) -> Config:
    """Read the environment, or raise ConfigProblems that name every variable at fault."""
    values = _collect(dict(os.environ if process is None else process), root)
    problems: list[str] = list(values.pop("", "").splitlines())
    environment = _environment(values, problems)
    instance = root / "instance"
    uri = _database_uri(values, environment, instance, problems)
    secret = _secret_key(values, environment, instance, problems)
    media = _media_folder(values, instance, problems)
    limiter = _limiter_uri(values, problems)
    if problems:
        raise ConfigProblems(problems)
    return Config(environment, uri, secret, media, limiter, instance)


def _collect(process: dict[str, str], root: Path) -> dict[str, str]:
    """Merge the process, .env.<environment> and .env, the first to name a variable winning; read …_FILE variables."""
    general = _file_values(root / ".env")
    problems: list[str] = []
    environment = _named_environment(process, general, problems)
    special = _file_values(root / f".env.{environment}") if environment in ENVIRONMENTS else {}
    merged: dict[str, str] = {}
    for source in (process, special, general):
        named: dict[str, str] = {}
        for name, value in source.items():
            if not name.startswith("BACKOFFICE_") and name not in ("DATABASE_URL", "DATABASE_URL_FILE"):
                continue
            if name.endswith("_FILE"):
                name, value = name.removesuffix("_FILE"), _read_file(name, value, problems)
            named[name] = value
        # Two names for one thing: whichever stands in the nearer source wins.
        if "DATABASE_URL" in named:
            named.setdefault("BACKOFFICE_DATABASE_URI", named["DATABASE_URL"])
        merged = named | merged
    return merged | {"": "\n".join(problems)}


def _named_environment(process: Mapping[str, str], general: Mapping[str, str], problems: list[str]) -> str:
    """Which environment it is must be known before its own file can be read."""
    for source in (process, general):
        name = "BACKOFFICE_ENV"
        if source.get(f"{name}_FILE"):
            return _read_file(f"{name}_FILE", source[f"{name}_FILE"], problems)
        if source.get(name):
            return source[name]
    return "development"


def _file_values(path: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(path).items() if value is not None} if path.is_file() else {}


def _read_file(name: str, path: str, problems: list[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        problems.append(f"{name} names a file that cannot be read. Check the path and its permissions.")
        return ""


def _environment(values: Mapping[str, str], problems: list[str]) -> str:
    environment = values.get("BACKOFFICE_ENV") or "development"
    if environment not in ENVIRONMENTS:
        problems.append(f"BACKOFFICE_ENV is none of {', '.join(ENVIRONMENTS)}. Set it to one of them.")
    return environment


def _database_uri(values: Mapping[str, str], environment: str, instance: Path, problems: list[str]) -> str:
    uri = values.get("BACKOFFICE_DATABASE_URI", "")
    if not uri:
        if environment in ("development", "testing"):
            return dialects.sqlite_file_uri(instance / f"{environment}.sqlite")
        problems.append(
            "BACKOFFICE_DATABASE_URI (or DATABASE_URL) is missing. Set it to postgresql://user:password@host/name."
        )
        return ""
    try:
        return dialects.normalise_uri(uri, instance)
    except Refusal as refusal:
        problems.append(f"BACKOFFICE_DATABASE_URI {refusal.message}")
        return ""


def _secret_key(values: Mapping[str, str], environment: str, instance: Path, problems: list[str]) -> str:
    secret = values.get("BACKOFFICE_SECRET_KEY", "")
    if environment in ("development", "testing"):
        return secret or _kept_secret(instance, problems)
    if not secret:
        problems.append(
            "BACKOFFICE_SECRET_KEY is missing. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    elif len(secret) < SHORTEST_SECRET:
        problems.append(f"BACKOFFICE_SECRET_KEY is shorter than {SHORTEST_SECRET} characters. Make a longer one.")
    return secret


def _kept_secret(instance: Path, problems: list[str]) -> str:
    """A developer's own key, made once, so that a restart signs nobody out."""
    path = instance / "secret_key"
    try:
        # A start that was killed may have left an empty file.
        return (path.read_text(encoding="ascii") if path.is_file() else "") or _make_secret(path)
    except OSError:
        problems.append(f"{instance} cannot be written. Check its permissions, or copy the project to another folder.")
        return ""


def _make_secret(path: Path) -> str:
    secret = secrets.token_urlsafe(48)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="ascii") as file:
        file.write(secret)
    return secret


def _media_folder(values: Mapping[str, str], instance: Path, problems: list[str]) -> Path:
    uri = values.get("BACKOFFICE_MEDIA_URI", "")
    if "://" in uri:
        problems.append("BACKOFFICE_MEDIA_URI names an object store, which is not served yet. Name a folder.")
        return instance
    folder = Path(uri) if uri else instance / "media"
    return folder if folder.is_absolute() else instance / folder


def _limiter_uri(values: Mapping[str, str], problems: list[str]) -> str:
    uri = values.get("BACKOFFICE_REDIS_URI", "")
    if uri and not uri.startswith(("redis://", "rediss://")):
        problems.append("BACKOFFICE_REDIS_URI is not a Redis URI. Write it like redis://host:6379/0.")
    return uri or "memory://"
