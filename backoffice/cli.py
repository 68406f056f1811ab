"""manage.py inside its environment: find the command, run it, and say what stands in the way in one sentence."""

import json
import sys

import click
from alembic.util import CommandError
from flask.cli import AppGroup, ScriptInfo
from flask_migrate.cli import db
from sqlalchemy.exc import OperationalError

from backoffice import create_app
from backoffice.commands import COMMANDS
from backoffice.errors import Refusal

# What manage.py runs itself, since it needs the tests' packages.
OF_DEVELOPERS = """
For developers: `manage.py test [--long] [PATHS]` runs the tests, `manage.py bench` measures, `manage.py screenshots
FOLDER` pictures every screen.
"""
group = AppGroup("manage.py", help="The back office of a small shop.", epilog=OF_DEVELOPERS)
for command in (*COMMANDS, db):
    group.add_command(command)


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit status."""
    try:
        info = ScriptInfo(create_app=lambda: create_app(), set_debug_flag=False)
        group.main(args=arguments or ["--help"], prog_name="manage.py", standalone_mode=False, obj=info)
        return 0
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    except Refusal as refusal:
        return _refuse(refusal.message, arguments)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 1
    except click.ClickException as error:
        return _refuse(error.format_message(), arguments)
    except (OperationalError, CommandError) as error:
        return _refuse(_words_for(error), arguments)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{name}{error.strerror}. Check that the disk is writable and has room.", arguments)
    except (KeyboardInterrupt, click.Abort):
        return _refuse("Stopped. Nothing that was not finished is kept.", arguments, 130)


def _words_for(error: OperationalError | CommandError) -> str:
    """What the database or the migrations refused, without the driver's own words, which may hold a password."""
    if isinstance(error, CommandError):
        return f"{str(error).rstrip('.')}. See: python3 manage.py db --help"
    return "The database cannot be reached or refused the work. See: python3 manage.py check"


def _refuse(message: str, arguments: list[str], status: int = 1) -> int:
    if "--json" in arguments:
        click.echo(json.dumps({"error": message}, ensure_ascii=False))
    else:
        click.echo(message, err=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
