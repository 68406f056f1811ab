"""Running a command as a person does: its words, its object for programs, its exit status."""

import contextlib
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backoffice import dialects
from backoffice.cli import main

SECRET = "only the tests know this key, and it guards nothing"


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        """The one object on standard output; anything beside it is a fault."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Desk:
    """Where commands are typed: one database, one environment."""

    uri: str
    media: Path
    environment: str = "testing"
    variables: dict[str, str] = field(default_factory=dict)

    def type(self, *arguments: str, keyboard: str = "") -> Answer:
        values = {
            "BACKOFFICE_ENV": self.environment,
            "BACKOFFICE_DATABASE_URI": self.uri,
            "BACKOFFICE_MEDIA_URI": str(self.media),
            "BACKOFFICE_SECRET_KEY": SECRET,
        }
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (values | self.variables).items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO(keyboard))
            patch.setattr("sys.argv", ["manage.py", *arguments])
            dialects.work_may_write()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main(list(arguments))
        return Answer(status, out.getvalue(), err.getvalue())
