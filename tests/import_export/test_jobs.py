"""What became of each file is kept, and what did not come in waits for somebody."""

from pathlib import Path

import pytest
from flask import Flask

from backoffice.audit.taking_back import take_back
from backoffice.catalog.models import Product
from backoffice.extensions import db
from backoffice.import_export import commands
from backoffice.import_export.models import ImportJob
from tests.import_export.files import MUG, import_json, run, write_bytes, write_rows
from tests.making import Person, change_set_of, stored, text_of

PAN = MUG | {"Handle": "pan", "Title": "Pan"}
BAD = MUG | {"Handle": "pot", "Title": "Pot", "Variant Price": "-1"}


def waiting(app: Flask) -> str:
    """How many files Today tells the manager to look at."""
    page = Person(app, "manager").page("/admin/")
    [panel] = [one for one in page.select(".worklist") if one.select_one("h2").text == "Imports to look at"]
    return panel.select_one(".worklist-count").contents[0]


def test_what_a_file_did_is_kept_with_its_change(app: Flask, tmp_path: Path) -> None:
    report = import_json(write_rows(tmp_path, MUG, PAN))

    [job] = stored(ImportJob)
    assert (job.file_name, job.file_format, job.state) == ("products.csv", "shopify", "done")
    assert (job.created, job.updated, job.unchanged, job.refused) == (2, 0, 0, 0)
    assert job.change_set_id == report["change_set"]
    assert waiting(app) == "0"


def test_what_was_refused_waits_until_the_file_comes_in_whole(app: Flask, tmp_path: Path) -> None:
    run(write_rows(tmp_path, MUG, BAD))
    [job] = stored(ImportJob)
    kept, problem = (job.state, job.created, job.refused, job.products), job.problem
    before = waiting(app)

    run(write_rows(tmp_path, MUG))

    assert kept == ("refused", 0, 1, 2)
    assert "Row 3, Variant Price: " in problem
    assert before == "1"
    assert waiting(app) == "0"


def test_a_file_of_which_a_part_came_in_waits_too(app: Flask, tmp_path: Path) -> None:
    run(write_rows(tmp_path, MUG, BAD), "--skip-refused")

    [job] = stored(ImportJob)
    assert (job.state, job.created, job.refused) == ("partly", 1, 1)
    assert job.change_set_id is not None
    assert waiting(app) == "1"


def test_a_file_that_cannot_be_read_is_kept_as_failed_and_shown(app: Flask, tmp_path: Path) -> None:
    run(write_bytes(tmp_path, b"\xff\xfe\x00broken", "broken.csv"))

    [job] = stored(ImportJob)
    manager = Person(app, "manager")
    listed = text_of(manager.get("/admin/import_job/?waiting=1"))
    page = text_of(manager.get(f"/admin/import_job/details/?id={job.id}"))
    assert job.state == "failed" and job.problem
    assert waiting(app) == "1"
    assert "broken.csv" in listed
    assert job.problem in page


def test_what_breaks_off_leaves_a_failed_job_and_nothing_else(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_args: object) -> None:
        raise RuntimeError("A fault nobody thought of.")

    monkeypatch.setattr(commands, "apply_plan", break_off)

    run(write_rows(tmp_path, MUG))

    [job] = stored(ImportJob)
    assert (job.state, job.problem) == ("failed", "It broke off; nothing was written. Whoever ran it saw why.")
    assert stored(Product) == []


def test_a_dry_run_and_a_mistyped_name_are_no_jobs(app: Flask, tmp_path: Path) -> None:
    run(write_rows(tmp_path, MUG, BAD), "--dry-run")
    run(tmp_path / "no-such-file.csv")

    assert stored(ImportJob) == []


def test_a_manager_sets_a_job_aside_and_an_editor_may_not(app: Flask, tmp_path: Path) -> None:
    run(write_rows(tmp_path, BAD))
    [job] = stored(ImportJob)
    form = {"action": "aside", "rowid": job.id}

    refused = Person(app, "editor").post("/admin/import_job/action/", form)
    Person(app, "manager").post("/admin/import_job/action/", form)

    assert refused.status_code == 403
    db.session.refresh(job)
    assert job.is_aside
    assert waiting(app) == "0"


def test_who_may_not_import_sees_no_files_to_look_at(app: Flask, tmp_path: Path) -> None:
    run(write_rows(tmp_path, BAD))

    assert "Imports to look at" not in text_of(Person(app, "editor").get("/admin/"))


def test_the_job_stays_when_its_change_is_taken_back(app: Flask, tmp_path: Path) -> None:
    report = import_json(write_rows(tmp_path, MUG))

    take_back(change_set_of(report["change_set"]), None)
    db.session.commit()

    assert len(stored(ImportJob)) == 1
