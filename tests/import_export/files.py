"""Files of our own making, and the command that takes them in."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from backoffice.extensions import db
from backoffice.import_export.catalog_file import CatalogFile
from backoffice.import_export.commands import import_file
from backoffice.import_export.plan import Plan, PlannedProduct, plan_import
from backoffice.import_export.readers import shopify

MUG = {
    "Handle": "mug",
    "Title": "Mug",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant Price": "12.50",
}


def write_rows(folder: Path, *rows: dict[str, str], name: str = "products.csv", delimiter: str = ",") -> Path:
    """A CSV whose columns are all that any of the rows names, in the order in which they come up."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, headers, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return write_bytes(folder, buffer.getvalue().encode(), name)


def write_bytes(folder: Path, content: bytes, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read_rows(folder: Path, *rows: dict[str, str]) -> CatalogFile:
    return shopify.read(write_rows(folder, *rows))


def plan_rows(folder: Path, *rows: dict[str, str]) -> Plan:
    return plan_import(read_rows(folder, *rows))


def plan_row(folder: Path, *rows: dict[str, str]) -> PlannedProduct:
    """The plan of the one product that the rows describe."""
    [planned] = plan_rows(folder, *rows).products
    return planned


def run(path: Path, *options: str) -> Result:
    """The command as a process of its own would run it: no lock of the test's session is held meanwhile."""
    db.session.commit()
    return CliRunner().invoke(import_file, [str(path), *options])


def import_json(path: Path, *options: str) -> dict[str, Any]:
    result = run(path, "--json", *options)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


def import_rows(folder: Path, *rows: dict[str, str]) -> dict[str, Any]:
    """Take the rows in; returns the report."""
    return import_json(write_rows(folder, *rows))


def messages(report: dict[str, Any]) -> list[tuple[int, str | None]]:
    return [(problem["row"], problem["column"]) for problem in report["problems"]]
