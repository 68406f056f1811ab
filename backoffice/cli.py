"""manage.py inside its environment: find the command, run it, and say what stands in the way in one sentence."""

import json
import sys

import click
from flask.cli import FlaskGroup

from backoffice import create_app
from backoffice.errors import Refusal

group = FlaskGroup(
    create_app=lambda: create_app(),
    add_default_commands=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="The back office of a small shop.",
)


def main(arguments: list[str]) -> int:
    """Run one command; returns its exit status."""
    try:
        group.main(args=arguments or ["--help"], prog_name="manage.py", standalone_mode=False)
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
    except (KeyboardInterrupt, click.Abort):
        return _refuse("Stopped. Nothing that was not finished is kept.", arguments, 130)


def _refuse(message: str, arguments: list[str], status: int = 1) -> int:
    if "--json" in arguments:
        click.echo(json.dumps({"error": message}, ensure_ascii=False))
    else:
        click.echo(message, err=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
