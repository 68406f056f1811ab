"""A newcomer adds an entity with the five files that the README shows, in a copy of the repository, and all holds."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = (
    "backoffice/supplier/models.py",
    "backoffice/supplier/admin.py",
    "migrations/versions/0018_create_supplier.py",
    "tests/supplier/test_suppliers.py",
)


def shown_in_readme(path: str) -> str:
    """The code that stands in the README below the step that names the file."""
    found = re.search(rf"^\d\. .*`{re.escape(path)}`.*?```python\n(.*?)```", README, re.DOTALL | re.MULTILINE)
    assert found, f"the README shows no {path}"
    return found.group(1)


README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("newcomer") / "copy"
    left_out = shutil.ignore_patterns(".venv", ".git", "instance", "__pycache__", ".pytest_cache", "pictures")
    shutil.copytree(ROOT, folder, ignore=left_out)
    for path in FILES:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(shown_in_readme(path), encoding="utf-8")
    (folder / "backoffice/supplier/__init__.py").touch()
    screens = folder / "backoffice/screens.py"
    line = shown_in_readme("backoffice/screens.py")
    screens.write_text(
        screens.read_text().replace('    ("Shop", "backoffice.audit', f'{line}    ("Shop", "backoffice.audit', 1)
    )
    return folder


def run_tests(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--engine", "sqlite", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=600)


def test_only_one_line_of_the_house_is_touched(copy: Path) -> None:
    before = (ROOT / "backoffice/screens.py").read_text().splitlines()
    after = (copy / "backoffice/screens.py").read_text().splitlines()

    assert len(after) == len(before) + 1
    assert set(after) - set(before) == {'    ("Stock", "backoffice.supplier.admin.SupplierScreen"),'}


def test_the_new_entity_passes_its_own_tests(copy: Path) -> None:
    run = run_tests(copy, "tests/supplier")

    assert run.returncode == 0, run.stdout[-4000:]
    assert "3 passed" in run.stdout


def test_the_walks_through_the_whole_house_pass_with_the_new_entity(copy: Path, request: pytest.FixtureRequest) -> None:
    """Walks the routes as one role; `--long` walks them as each, and does all else that is done to them."""
    left_out = ("every_route_gives", "who_may_read_one", "without_a_token", "answered_405", "the_menu_and_the_pages")
    short = () if request.config.getoption("--long") else ("-k", " and ".join(f"not {name}" for name in left_out))
    run = run_tests(copy, "tests/test_access.py", "tests/test_architecture.py", "tests/test_migrations.py", *short)

    assert run.returncode == 0, run.stdout[-4000:]


def test_its_demo_rows_are_seeded(copy: Path) -> None:
    program = (
        "from backoffice.cli import main; import sys;"
        "main(['db', 'upgrade']); sys.exit(main(['seed', 'demo', '--dry-run', '--json']))"
    )
    environment = os.environ | {"BACKOFFICE_ENV": "testing", "PYTHONPATH": str(copy)}

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=copy, env=environment, capture_output=True, text=True, timeout=300
    )

    assert run.returncode == 0, run.stderr[-2000:]
    assert '"supplier": 2' in run.stdout
