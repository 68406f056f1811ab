"""`manage.py bench lists` on shops of a few hundred products: every task answers, and the table tells all of it."""

import json

import pytest

from tests.benchmarks import databases, lists_table, screens
from tests.benchmarks.goals import goals_of
from tests.benchmarks.lists import measure
from tests.benchmarks.load import Effort
from tests.benchmarks.operations import TASKS
from tests.benchmarks.run import main

SHORT = Effort(times=2, seconds=0.2, requests=20)

pytestmark = pytest.mark.any_engine


@pytest.fixture(scope="module")
def report(engine, fresh_database):
    uri = fresh_database(engine)
    databases.fill(uri, 200)
    return {"engine": engine} | measure({200: uri}, SHORT, {})


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_task_shows_what_it_should(report, task):
    found = report["tasks"][task.name]["ours"]["200"]

    assert found["status"] == (302 if "save" in task.name else 200)
    assert found["median_ms"] > 0 and found["times"] == 2
    if task.rows is not None:
        assert found["rows"] == found["expected_rows"] > 0


def test_the_words_are_in_as_many_names_as_they_should_be(report):
    sample = report["samples"]["200"]

    assert 1 <= sample["found"][sample["rare"]] <= 20
    assert 10 <= sample["found"][sample["common"]] <= 40


def test_the_table_has_a_line_for_each_task_and_for_what_a_worker_can_do(report):
    lines = lists_table.table(report).splitlines()

    for task in TASKS:
        assert any(line.startswith(task.name) for line in lines)
    assert any(line.startswith("pages a second, 4 clients, 200 products: ours") for line in lines)
    assert any(line.startswith("memory of a worker") for line in lines)
    assert not any(line.startswith("not as expected") for line in lines)


def test_a_goal_that_is_missed_is_told_with_its_number():
    task = TASKS[0].name
    found = {"ours": {"1000": {"median_ms": 5.0}, "1000000": {"median_ms": 20.0}}, "django": {}}
    found["django"]["1000000"] = {"median_ms": 90.0}

    goals = goals_of({"sizes": [1000, 1_000_000], "tasks": {task: found}})

    assert [(goal["measured"], goal["is_held"]) for goal in goals] == [(4.0, False), (20.0, False), (4.5, False)]
    assert (goals[0]["of"], goals[0]["goal"]) == ("first page", "growth ≤ 1.5")


def test_of_what_was_too_slow_to_wait_for_the_ratio_is_at_least_that_of_the_wait():
    found = {"ours": {"1000000": {"median_ms": 5.0}}, "django": {"1000000": {"is_too_slow": True}}}

    goals = goals_of({"sizes": [1_000_000], "tasks": {TASKS[0].name: found}})

    assert [(goal["goal"], goal["measured"]) for goal in goals] == [
        ("≤ 12 ms", 5.0),
        ("django ≥ 5×", 4000.0),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--products", "many"], "--products takes numbers from 100 to 10,000,000"),
        (["--products", "5"], "--products takes numbers from 100 to 10,000,000"),
        (["--engine", "oracle"], "Invalid value for '--engine'"),
        (["--uri", "ftp://here"], "--uri names no database"),
        (["--uri", "sqlite:///x", "--engine", "mysql"], "--uri and --engine name two databases"),
        (["--against", "rails"], "--against takes flask-admin and django"),
        (["--engine", "sqlite", "--against", "django"], "The others are compared on PostgreSQL"),
        (["--times", "0"], "Invalid value for '--times'"),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_sentence(capsys, arguments, words):
    status = main(["lists", *arguments])

    told = capsys.readouterr()
    assert status == 1 and told.out == ""
    assert words in told.err and len(told.err.strip().splitlines()) == 1


def test_searches_alone_are_one_object_for_programs(capfd, tmp_path):
    status = main(["search", "--uri", f"sqlite:///{tmp_path}", "--products", "200", "--times", "2", "--json"])

    told = capfd.readouterr()
    facts = json.loads(told.out)
    assert status == 0
    assert list(facts["tasks"]) == [task.name for task in TASKS if task.is_search]
    assert facts["problems"] == []


def test_a_server_that_is_not_there_is_told_as_one_object(capfd):
    status = main(["lists", "--uri", "postgresql://nobody@127.0.0.1:1/none", "--products", "200", "--json"])

    told = capfd.readouterr()
    assert status == 1
    assert "does not serve" in json.loads(told.out)["error"]


def test_a_share_of_all_pages_is_visited_and_the_slowest_query_of_each_told(engine, fresh_database):
    uri = fresh_database(engine)
    databases.fill(uri, 200)

    report = {"products": 200, "engine": engine} | screens.measure(uri, times=1, every=10)
    lines = screens.table(report).splitlines()

    assert report["refused"] == []
    assert report["pages"] > 50
    assert report["growing"] == []
    assert all(one["statement"] and one["slowest_ms"] > 0 and one["status"] == 200 for one in report["slowest"])
    assert lines[-1] == "lists with more queries for 200 rows than for 25: none"
