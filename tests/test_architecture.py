"""Who may import whom: every import of the house is read and held against the rules.

Each rule is also shown a planted violation, for a checker that finds nothing proves nothing.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backoffice.config import ROOT

# From left to right; services and models import only slices to their right.
SLICES = (
    "dashboard",
    "import_export",
    "search",
    "media",
    "inventory",
    "catalog",
    "settings",
    "audit",
    "staff",
    "health",
)
# What puts the house together may import anything.
TOP = (
    "manage",
    "backoffice",
    "backoffice.screens",
    "backoffice.cli",
    "backoffice.commands",
    "backoffice.development",
    "backoffice.texts",
)
GROUND = ("config", "dialects", "errors", "extensions", "languages", "records", "wording")
SCREENS = ("admin", "routes", "commands")
SLICES_OF_WEB = ("settings", "audit", "staff")
SLICES_OF_COMMANDS = ("audit", "health")

DATABASES = ("sqlite", "sqlite3", "postgres", "postgresql", "mysql", "mariadb")
DRIVERS = ("sqlite3", "psycopg", "psycopg2", "pymysql", "MySQLdb")
WEB_PACKAGES = ("flask", "flask_login", "flask_admin", "flask_wtf", "wtforms")

FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for place in ("manage.py", "backoffice/**/*.py", "seed/**/*.py", "migrations/**/*.py")
    for path in ROOT.glob(place)
)


@dataclass(frozen=True)
class Module:
    """Where a module stands. layer: top, ground, command_line, web, screen, models, service, seed or migrations."""

    layer: str
    slice: str = ""

    @property
    def place(self) -> int:
        """Its slice's place from the left; a slice that is new to the house stands before them all."""
        return SLICES.index(self.slice) if self.slice in SLICES else -1


def name_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {name_of(path) for path in FILES}


def module(name: str) -> Module | None:
    """Where a module of ours stands; None for one that is not ours."""
    parts = name.split(".")
    if name in TOP:
        return Module("top")
    if parts[0] == "migrations":
        return Module("migrations")
    if parts[0] == "seed":
        return Module("screen" if parts[1:2] == ["commands"] else "seed", "seed")
    if parts[0] != "backoffice":
        return None
    if parts[1] in GROUND:
        return Module("ground")
    if parts[1] in ("web", "command_line"):
        return Module(parts[1])
    kind = parts[2] if len(parts) > 2 else ""
    layer = "screen" if set(SCREENS) & set(parts[2:]) else "models" if kind == "models" else "service"
    return Module(layer, parts[1])


def imports(tree: ast.AST, importer: str, is_package: bool) -> Iterator[str]:
    """The full name of every module that is imported, wherever in the file it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = importer.split(".")
            kept = parts[: len(parts) - node.level + is_package] if node.level else []
            start = ".".join([*kept, node.module] if node.module else kept)
            for alias in node.names:
                yield f"{start}.{alias.name}" if f"{start}.{alias.name}" in MODULES else start


def may_import(importer: Module, imported: Module) -> bool:
    if importer.layer == "top":
        return True
    if imported.layer == "top":
        return False
    if imported.layer == "screen":
        return importer.layer == "screen" and importer.slice == imported.slice
    if imported.layer == "ground":
        return True
    is_slice = imported.layer in ("models", "service")
    if importer.layer == "web":
        return imported.layer == "web" or is_slice and imported.slice in SLICES_OF_WEB
    if importer.layer == "command_line":
        return is_slice and imported.slice in SLICES_OF_COMMANDS
    if importer.layer == "screen":
        return is_slice or imported.layer in ("web", "command_line") or importer.slice == imported.slice
    if importer.layer in ("models", "service"):
        is_at_hand = importer.slice == imported.slice or importer.place < imported.place
        return is_slice and is_at_hand and not (importer.layer == "models" and imported.layer == "service")
    if importer.layer == "seed":
        return is_slice or imported.layer == "seed"
    return importer.layer == imported.layer == "migrations"


def faults(path: str, source: str) -> list[str]:
    """What a file of ours does against the rules."""
    tree = ast.parse(source)
    return [
        *_import_faults(path, tree),
        *_request_faults(path, tree),
        *_commit_faults(path, tree),
        *_database_faults(path, tree),
        *_stock_faults(path, tree),
    ]


def _imported(path: str, tree: ast.AST) -> Iterator[str]:
    return imports(tree, name_of(path), path.endswith("/__init__.py"))


def _import_faults(path: str, tree: ast.AST) -> Iterator[str]:
    importer = module(name_of(path))
    for name in _imported(path, tree):
        imported = module(name)
        is_past = path.startswith("migrations/versions/") and imported is not None and imported.layer != "migrations"
        if imported is not None and (is_past or not may_import(importer, imported)):
            yield f"{path} imports {name}"


def _is_service(path: str) -> bool:
    return module(name_of(path)).layer in ("service", "models", "ground", "seed") and "extensions" not in path


def _request_faults(path: str, tree: ast.AST) -> Iterator[str]:
    for name in _imported(path, tree):
        if _is_service(path) and name.split(".")[0] in WEB_PACKAGES:
            yield f"{path} imports {name}, which belongs to a request"


def _commit_faults(path: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if _is_service(path) and isinstance(node, ast.Attribute) and node.attr == "commit":
            yield f"{path}:{node.lineno} commits"


def _database_faults(path: str, tree: ast.AST) -> Iterator[str]:
    """Names of databases and drivers, except in what people read: docstrings and whole sentences."""
    if path == "backoffice/dialects.py" or path.startswith("migrations/"):
        return
    for name in _imported(path, tree):
        if name.split(".")[0] in DRIVERS or name.startswith("sqlalchemy.dialects"):
            yield f"{path} imports {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("dialect", "drivername", "get_backend_name"):
            yield f"{path}:{node.lineno} asks for a {node.attr}"
        elif isinstance(node, ast.Constant) and _names_a_database(node.value):
            yield f"{path}:{node.lineno} names {node.value}"
        elif isinstance(node, ast.keyword) and (node.arg or "").split("_")[0] in DATABASES:
            yield f"{path}:{node.value.lineno} gives {node.arg}"


def _names_a_database(value: object) -> bool:
    if not isinstance(value, str) or " " in value:
        return False
    return value.lower().split(":")[0].split("+")[0] in (*DATABASES, *DRIVERS)


def _stock_faults(path: str, tree: ast.AST) -> Iterator[str]:
    """Writing stock past its one writer."""
    if path == "backoffice/inventory/stock.py" or path.startswith("migrations/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (what := _written_stock(node)):
            yield f"{path}:{node.lineno} writes a {what}"
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in ("on_hand", "reserved"):
            if "level" in ast.unparse(node.value):
                yield f"{path}:{node.lineno} sets {node.attr}"


def _written_stock(call: ast.Call) -> str:
    """The table of stock that a call makes a row of, or writes by a statement of its own."""
    called = ast.unparse(call.func).split(".")[-1]
    given = ast.unparse(call.args[0]).split(".")[0] if call.args else ""
    written = given if called in ("insert", "update", "delete") else called
    return written if written in ("StockLevel", "StockMovement") else ""


@pytest.mark.parametrize("path", FILES)
def test_every_file_keeps_the_rules(path: str) -> None:
    source = Path(ROOT, path).read_text(encoding="utf-8")

    assert faults(path, source) == []


def test_the_whole_house_is_read() -> None:
    assert len(FILES) > 80
    assert {"manage.py", "backoffice/__init__.py", "backoffice/catalog/models/product.py"} <= set(FILES)
    assert {"seed/commands.py", "migrations/env.py", "migrations/versions/0001_create_staff.py"} <= set(FILES)


@pytest.mark.parametrize(
    ("path", "planted"),
    [
        # 2: screens
        ("backoffice/catalog/admin/products.py", "from backoffice.media.admin import PictureScreen"),
        ("backoffice/catalog/admin/products.py", "from backoffice.staff import routes"),
        ("backoffice/catalog/slugs.py", "from backoffice.catalog.admin import ProductScreen"),
        ("backoffice/web/base.py", "from backoffice.catalog.admin.products import ProductScreen"),
        ("backoffice/health/commands.py", "from seed.commands import seed"),
        # 3: web
        ("backoffice/web/base.py", "from backoffice.catalog.models import Product"),
        ("backoffice/web/base.py", "def late():\n    from backoffice.inventory import stock"),
        ("backoffice/web/base.py", "import backoffice.health.checks"),
        ("backoffice/audit/undo.py", "from backoffice.web.base import Screen"),
        ("backoffice/staff/accounts.py", "from backoffice.web import access"),
        # 4: slices to the left
        ("backoffice/catalog/pricing.py", "from backoffice.inventory.stock import move"),
        ("backoffice/catalog/pricing.py", "from backoffice.inventory.models import Location"),
        ("backoffice/catalog/pricing.py", "from ..inventory import stock"),
        ("backoffice/audit/trash.py", "from backoffice.settings.shop import shop_settings"),
        ("backoffice/health/checks.py", "from backoffice.staff.models import StaffMember"),
        ("backoffice/catalog/pricing.py", "from backoffice.supplier.models import Supplier"),
        ("backoffice/dialects.py", "from backoffice.catalog.models import Product"),
        ("backoffice/records.py", "from backoffice.audit.recorder import describe"),
        # 5: models and services
        ("backoffice/catalog/models/variant.py", "from backoffice.catalog.slugs import make_slug"),
        ("backoffice/inventory/models.py", "from backoffice.settings.money import to_minor"),
        ("backoffice/catalog/slugs.py", "from flask import request"),
        ("backoffice/catalog/slugs.py", "from flask import current_app"),
        ("backoffice/inventory/stock.py", "from flask_login import current_user"),
        ("seed/reference.py", "import flask"),
        ("backoffice/inventory/stock.py", "db.session.commit()"),
        ("backoffice/catalog/models/product.py", "db.session.commit()"),
        ("seed/demo/load.py", "db.session.commit()"),
        # 6: databases
        ("backoffice/catalog/pricing.py", "import sqlite3"),
        ("backoffice/web/listing.py", "from sqlalchemy.dialects.postgresql import insert"),
        ("backoffice/web/listing.py", "if db.engine.dialect.name == 'x': pass"),
        ("backoffice/web/listing.py", "is_light = engine.name == 'sqlite'"),
        ("backoffice/config.py", "uri = 'postgresql+psycopg2://' + host"),
        ("backoffice/catalog/models/brand.py", "Index('ix', 'name', mysql_length=191)"),
        # 7: the one writer of stock
        ("seed/demo/load.py", "db.session.add(StockLevel(on_hand=4))"),
        ("seed/demo/load.py", "StockMovement(delta=1)"),
        ("backoffice/import_export/stored.py", "level.on_hand = 4"),
        ("backoffice/import_export/stored.py", "db.session.execute(db.update(StockLevel).values(on_hand=4))"),
        ("backoffice/catalog/trash.py", "session.execute(delete(StockMovement.__table__))"),
        # history does not change
        ("migrations/versions/0001_create_staff.py", "from backoffice.dialects import words"),
        ("migrations/versions/0001_create_staff.py", "import backoffice.records"),
        ("migrations/env.py", "from backoffice.catalog.models import Product"),
        # nothing below builds upon what puts the house together
        ("backoffice/catalog/slugs.py", "from backoffice import create_app"),
        ("backoffice/web/base.py", "from backoffice.screens import SCREENS"),
        ("backoffice/catalog/slugs.py", "from seed.demo.load import fill_with_demo"),
    ],
)
def test_a_planted_violation_is_found(path: str, planted: str) -> None:
    assert faults(path, planted) != []


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("backoffice/__init__.py", "from backoffice.screens import SCREENS"),
        ("backoffice/catalog/admin/products.py", "from backoffice.catalog.admin.parts import cell"),
        ("backoffice/catalog/admin/products.py", "from backoffice.media.storage import first_pictures"),
        ("backoffice/staff/routes.py", "from backoffice.web.access import allows"),
        ("backoffice/staff/routes.py", "db.session.commit()"),
        ("backoffice/inventory/stock.py", "from backoffice.catalog.models import Variant"),
        ("backoffice/supplier/models.py", "from backoffice.catalog.models import Brand"),
        ("backoffice/supplier/admin.py", "from backoffice.web.base import Screen"),
        ("backoffice/config.py", "raise Refusal('Write it like postgresql://user@host/shop.')"),
        ("backoffice/config.py", '"""It may be sqlite."""'),
        ("seed/commands.py", "from seed.reference import fill_with_reference"),
    ],
)
def test_what_the_rules_allow_is_left_alone(path: str, allowed: str) -> None:
    assert faults(path, allowed) == []


def test_the_application_is_made_in_a_glance() -> None:
    tree = ast.parse(Path(ROOT, "backoffice/__init__.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    made = functions["create_app"]

    assert made.end_lineno - made.lineno < 15
    assert len(tree.body) <= 16
