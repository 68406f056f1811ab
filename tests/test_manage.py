"""manage.py sets up what is missing and continues in .venv; what it cannot do it says in one sentence."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

MANAGE = Path(__file__).parent.parent / "manage.py"
CLI = """
import sys
import mug

def main(arguments):
    print(mug.COLOUR, sys.prefix, *arguments)
    if arguments[1:] == ["wait"]:
        import time
        print("waiting", flush=True)
        time.sleep(30)
"""


@pytest.fixture(scope="module")
def ready_project(tmp_path_factory):
    """A set-up copy, shared because a .venv takes seconds; its requirements come from a folder, not the network."""
    project = make_project(tmp_path_factory.mktemp("ready"))
    done = manage(project, "up")
    assert done.returncode == 0, done.stderr
    return project, done


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path)


def make_project(folder):
    shutil.copy(MANAGE, folder)
    (folder / "backoffice").mkdir()
    (folder / "backoffice" / "__init__.py").touch()
    (folder / "backoffice" / "cli.py").write_text(CLI)
    make_wheel(folder, "1.0", "white")
    (folder / "requirements.txt").write_text("mug==1.0\n")
    return folder


def make_wheel(folder, version, colour):
    (folder / "wheels").mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "wheels" / f"mug-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("mug.py", f"COLOUR = {colour!r}\n")
        facts = f"mug-{version}.dist-info"
        wheel.writestr(f"{facts}/METADATA", f"Metadata-Version: 2.1\nName: mug\nVersion: {version}\n")
        wheel.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{facts}/RECORD", f"mug.py,,\n{facts}/METADATA,,\n{facts}/WHEEL,,\n{facts}/RECORD,,\n")


def environment_for(project):
    # uv is left out by naming only the system's folders, for it would ask other variables where the wheels are.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    return clean | {"PATH": "/usr/bin:/bin", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(project / "wheels")}


def manage(project, *arguments, **environment):
    call = [sys.executable, project / "manage.py", *arguments]
    return subprocess.run(call, cwd="/", env=environment_for(project) | environment, capture_output=True, text=True)


def loaded(project):
    spec = importlib.util.spec_from_file_location("manage_under_test", project / "manage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_one_sentence(done, *parts):
    sentences = [line for line in done.stderr.splitlines() if not line.endswith(" ...")]
    assert done.returncode == 1
    assert len(sentences) == 1, done.stderr
    for part in parts:
        assert part in sentences[0]


def test_a_command_without_venv_says_what_to_type(project):
    done = manage(project, "seed")

    assert_one_sentence(done, "type `python3 manage.py up`")
    assert not (project / ".venv").exists()


def test_up_makes_the_venv_installs_and_continues_in_it(ready_project):
    project, done = ready_project

    assert done.stdout.split() == ["white", str(project / ".venv"), "up"]
    assert done.stderr.splitlines() == ["Setting up .venv (once) ...", "Installing requirements.txt ..."]


def test_an_unchanged_start_is_silent_and_quick(ready_project):
    project, _ = ready_project

    started = time.monotonic()
    done = manage(project, "up")

    assert done.stderr == ""
    assert time.monotonic() - started < 1


def test_other_commands_continue_in_the_venv_whichever_python_starts_them(ready_project):
    project, _ = ready_project

    done = manage(project, "seed", "demo", PYTHONPATH="/nowhere", PYTHONHOME="")

    assert done.stdout.split()[1:] == [str(project / ".venv"), "seed", "demo"]


def test_changed_requirements_are_installed(ready_project):
    project, _ = ready_project
    make_wheel(project, "2.0", "blue")
    (project / "requirements.txt").write_text("mug==2.0\n")

    done = manage(project, "up")
    (project / "requirements.txt").write_text("mug==1.0\n")
    back = manage(project, "up")

    assert done.stderr == "Installing requirements.txt ...\n"
    assert done.stdout.startswith("blue")
    assert back.stdout.startswith("white")


def test_a_failed_installation_is_told_and_tried_again(ready_project):
    project, _ = ready_project
    (project / "requirements.txt").write_text("teapot==1.0\n")

    failures = [manage(project, "up"), manage(project, "up")]
    (project / "requirements.txt").write_text("mug==1.0\n")

    for done in failures:
        assert_one_sentence(done, "Installing requirements.txt failed", "teapot", "type `python3 manage.py up` again")
    assert manage(project, "up").returncode == 0


def test_ctrl_c_ends_without_traceback(ready_project):
    project, _ = ready_project
    call = [sys.executable, project / "manage.py", "up", "wait"]
    process = subprocess.Popen(
        call, env=environment_for(project), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while "waiting" not in process.stdout.readline():
        pass

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()

    assert process.returncode == 130
    assert errors == ""


def test_a_venv_left_by_a_killed_installation_is_made_anew_by_one_of_two_starts(project):
    (project / ".venv").mkdir()
    (project / ".venv" / "installed.json").write_text("null")
    (project / ".venv" / "half-a-package").touch()
    refused = manage(project, "seed")
    starts = [
        subprocess.Popen(
            [sys.executable, project / "manage.py", "up"],
            env=environment_for(project),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    told = [start.communicate() for start in starts]
    errors = "".join(error for _, error in told)

    assert_one_sentence(refused, "type `python3 manage.py up`")
    assert [output.split()[0] for output, _ in told] == ["white", "white"]
    assert errors.count("Setting up .venv") == errors.count("Installing") == 1
    assert "Another start is setting up .venv" in errors
    assert not (project / ".venv" / "half-a-package").exists()
    assert json.loads((project / ".venv" / "installed.json").read_text())["requirements.txt"]


def test_a_venv_whose_python_is_gone_is_told(project):
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")

    assert_one_sentence(manage(project, "seed"), "does not work", "`python3 manage.py up`")


def test_a_file_in_the_place_of_the_venv_is_told(project):
    (project / ".venv").touch()

    assert_one_sentence(manage(project, "up"), "`.venv` is in the way", "delete or rename it")


def test_a_folder_that_cannot_be_written_is_told(project):
    # Nobody may make a folder below /proc, not even root.
    (project / ".venv").symlink_to("/proc/self/task")

    assert_one_sentence(manage(project, "up"), "up` again")


def test_a_missing_venv_module_is_told(project):
    without = (
        "import runpy, sys; sys.modules['ensurepip'] = None; sys.argv = ['manage.py', 'up'];"
        f"runpy.run_path({str(project / 'manage.py')!r}, run_name='__main__')"
    )

    done = subprocess.run([sys.executable, "-c", without], env=environment_for(project), capture_output=True, text=True)

    assert_one_sentence(done, "`apt install python3-venv`")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "The disk is full: free"),
        ("Error: [Errno 30] Read-only file system: '/srv/.venv'", "cannot be written"),
        (
            "ERROR: No matching distribution found for Flask",
            "it is the network), then type `python3 manage.py test` again",
        ),
    ],
)
def test_what_an_installer_wrote_becomes_one_sentence(output, sentence):
    told = loaded(MANAGE.parent).failure("Installing", f"Collecting Flask\n{output}\n", "test")

    assert sentence in told
    assert "\n" not in told


def test_an_old_python_is_told():
    module = loaded(MANAGE.parent)
    module.is_inside_venv = lambda: False

    with pytest.raises(module.Stop, match="Python 3.11 or newer is needed and this is Python 3.9"):
        module.check_python((3, 9, 18, "final", 0))
    module.check_python((3, 11, 0, "final", 0))


def test_old_pythons_can_read_the_file_as_far_as_their_syntax_goes():
    import ast

    tree = ast.parse(MANAGE.read_text(), feature_version=(3, 4))

    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr))]


@pytest.mark.parametrize(
    "arguments", [["-n", "4"], ["-n0"], ["-x", "--pdb"], ["-p", "no:xdist"], ["tests/test_a.py::test_b"]]
)
def test_tests_stay_in_one_process_where_the_person_asked_for_it(arguments):
    assert loaded(MANAGE.parent).parallel_options(arguments) == []


def test_tests_run_in_several_processes_by_themselves():
    name, count, *rest = loaded(MANAGE.parent).parallel_options(["--long", "tests/catalog"])

    assert name == "-n"
    assert int(count) >= 2
    # The browser's tests share one served shop, so one process takes them all.
    assert rest == ["--dist", "loadgroup"]


def test_pytest_runs_in_the_testing_environment_and_passes_its_status_on(tmp_path):
    (tmp_path / "test_one.py").write_text(
        "import os\n\ndef test_one():\n    assert os.environ['BACKOFFICE_ENV'] == 'testing'\n    assert 0, 'told'\n"
    )
    module_run = (
        f"import importlib.util as u; s = u.spec_from_file_location('m', {str(MANAGE)!r}); m = u.module_from_spec(s);"
        f"s.loader.exec_module(m); m.HOME = {str(tmp_path)!r}; raise SystemExit(m.run('test', ['test', '-n0']))"
    )

    done = subprocess.run([sys.executable, "-c", module_run], capture_output=True, text=True)

    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "told" in done.stdout
