"""The one command: `python3 manage.py up` starts the back office, `python3 manage.py test` tests it.

It makes .venv once, installs what is pinned, and continues in .venv's Python.
"""

# Any Python may start this file, and an old one must still read it to say that it is too old.
# So there are no annotations and no f-strings here, and only the standard library until .venv
# has taken over; modules are imported where they are needed, which keeps every start short.
import contextlib
import errno
import json
import os
import subprocess
import sys

HOME = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HOME, ".venv")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")
OLDEST_PYTHON = (3, 11)
REQUIREMENTS = {"up": ["requirements.txt"], "test": ["requirements.txt", "tests/requirements.txt"]}
REQUIREMENTS["bench"] = REQUIREMENTS["screenshots"] = REQUIREMENTS["test"]


class Stop(Exception):
    """The one sentence that says why we cannot go on and what to do."""


def main():
    arguments = sys.argv[1:]
    command = arguments[0] if arguments else ""
    try:
        if not is_inside_venv():
            if command in REQUIREMENTS:
                make_venv_if_needed(command)
            return continue_inside_venv(command)
        check_python(sys.version_info)
        if command in REQUIREMENTS:
            install_if_changed(command)
        return run(command, arguments)
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


def run(command, arguments):
    if command == "test":
        return run_tests(arguments[1:])
    if command == "bench":
        return run_benchmarks(arguments[1:])
    if command == "screenshots":
        return take_screenshots(arguments[1:])
    try:
        from backoffice.cli import main as run_command
    except ImportError as error:
        if is_installed("up"):
            raise
        raise Stop("The .venv folder is not up to date (%s): type `python3 manage.py up`." % error)
    return run_command(arguments)


def run_tests(arguments):
    os.environ["BACKOFFICE_ENV"] = "testing"
    os.chdir(HOME)
    import pytest

    class Interruption:
        """Tells Ctrl-C from broken test files, for which pytest has the same exit status."""

        happened = False

        def pytest_keyboard_interrupt(self, excinfo):
            self.happened = excinfo.errisinstance(KeyboardInterrupt)

    interruption = Interruption()
    status = pytest.main(parallel_options(arguments) + arguments, plugins=[interruption])
    return 130 if interruption.happened else int(status)


def run_benchmarks(arguments):
    os.environ["BACKOFFICE_ENV"] = "testing"
    os.chdir(HOME)
    from tests.benchmarks.run import main as run_chosen

    return run_chosen(arguments)


def take_screenshots(arguments):
    os.environ["BACKOFFICE_ENV"] = "testing"
    # The code lies at home, and the folder is meant from where the person stands.
    sys.path.insert(0, HOME)
    from tests.browser.pictures import main as take

    return take(arguments)


def parallel_options(arguments):
    """Return pytest's options for several processes, unless the arguments ask for what needs a single one."""
    single = {"--pdb", "--trace", "-s", "--capture=no", "--co", "--collect-only", "--help", "-h", "--version", "-V"}
    chosen = any(a.startswith(("-n", "--numprocesses")) or a.endswith("no:xdist") or "::" in a for a in arguments)
    if chosen or single.intersection(arguments):
        return []
    # Beyond eight, browsers and database connections cost more than another process brings.
    return ["-n", str(max(2, min(8, os.cpu_count() or 2))), "--dist", "loadgroup"]


def say(sentence):
    # Standard output belongs to the commands, some of which print JSON there.
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def check_python(version):
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return
    wanted, found = "%d.%d" % OLDEST_PYTHON, "%d.%d" % tuple(version[:2])
    if is_inside_venv():
        raise Stop(
            "The .venv folder was made with Python %s and %s or newer is needed: delete the folder and type "
            "`python%s manage.py up`." % (found, wanted, wanted)
        )
    raise Stop(
        "Python %s or newer is needed and this is Python %s: install one and type `python%s manage.py up`."
        % (wanted, found, wanted)
    )


def is_inside_venv():
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV)


def clean_environment():
    # These lead .venv's Python, or an installation into it, to another Python's packages.
    foreign = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    return {name: value for name, value in os.environ.items() if name not in foreign}


def continue_inside_venv(command):
    if not os.path.lexists(VENV):
        raise Stop("The back office is not set up yet: type `python3 manage.py up`.")
    if command not in REQUIREMENTS and venv_python_version() is None:
        raise Stop(
            "The .venv folder does not work (its Python was moved, upgraded or never finished): "
            "type `python3 manage.py up`, which makes it anew."
        )
    call = [VENV_PYTHON, os.path.abspath(__file__)] + sys.argv[1:]
    if os.name != "nt":
        os.execve(VENV_PYTHON, call, clean_environment())
    # Windows has no exec that keeps the terminal, so the parent waits; Ctrl-C reaches the child by itself.
    process = subprocess.Popen(call, env=clean_environment())
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


def venv_python_version():
    """Return the version of .venv's Python as text, or None where it does not run or belongs elsewhere."""
    question = (
        "import os, sys; os.path.samefile(sys.prefix, sys.argv[1]) or sys.exit(1); "
        "print('%d.%d' % sys.version_info[:2])"
    )
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.check_output(
                [VENV_PYTHON, "-I", "-c", question, VENV],
                stderr=nowhere,
                env=clean_environment(),
                universal_newlines=True,
            ).strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def is_usable():
    """Tell whether .venv can be continued in; one left behind by a killed installation cannot."""
    version, installed = venv_python_version(), read_stamp()
    return version is not None and installed is not None and installed.get("python", version) == version


def make_venv_if_needed(command):
    if is_usable():
        return
    with setup_lock():
        if is_usable():
            return
        check_python(sys.version_info)
        with told_in_a_sentence(command):
            make_venv(command)


def make_venv(command):
    say("Setting up .venv (once) ...")
    if os.path.lexists(VENV) and not os.path.isdir(VENV):
        raise Stop(
            "`.venv` is in the way, for it is not a folder: delete or rename it, "
            "then type `python3 manage.py %s` again." % command
        )
    empty_venv_folder()
    write_stamp(None)
    if not is_made_by_uv():
        make_by_venv_module(command)
    write_stamp({})


def empty_venv_folder():
    import shutil

    # The folder itself stays, for it may be a link to a roomier disk.
    os.makedirs(VENV, exist_ok=True)
    for entry in os.scandir(VENV):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)


def is_made_by_uv():
    uv = find_uv()
    return bool(uv) and output_of([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV])[0] == 0


def make_by_venv_module(command):
    import importlib.util

    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Stop(
            "This Python lacks its venv module: install it (on Debian and Ubuntu: `apt install python3-venv`), "
            "then type `python3 manage.py %s` again." % command
        )
    status, output = output_of([sys.executable, "-m", "venv", VENV])
    if status:
        raise Stop(failure("Making .venv", output, command))


def install_if_changed(command):
    if is_installed(command):
        return
    with setup_lock():
        if is_installed(command):
            return
        with told_in_a_sentence(command):
            install(command)


def install(command):
    """Install the command's requirement files; the stamp is written last, so that a killed installation shows."""
    names, installed, digests = REQUIREMENTS[command], read_stamp(), requirement_digests(command)
    say("Installing %s ..." % " and ".join(names))
    write_stamp(None)
    status, output = install_by_uv_or_pip([part for name in names for part in ("-r", os.path.join(HOME, name))])
    if status:
        write_stamp(installed)
        raise Stop(failure("Installing " + " and ".join(names), output, command))
    write_stamp(dict(installed or {}, python="%d.%d" % sys.version_info[:2], **digests))


def install_by_uv_or_pip(files):
    uv = find_uv()
    if uv and output_of([uv, "pip", "install", "--quiet", "--python", sys.executable] + files)[0] == 0:
        return 0, ""
    # Mirrors and certificates are often told to pip alone, so what uv cannot fetch is worth a second try.
    pip = [sys.executable, "-m", "pip"]
    if output_of(pip + ["--version"])[0]:
        status, output = output_of([sys.executable, "-m", "ensurepip"])
        if status:
            return status, output
    return output_of(
        pip + ["install", "--quiet", "--disable-pip-version-check", "--no-input", "--retries", "2"] + files
    )


def find_uv():
    import shutil

    return shutil.which("uv")


def output_of(call):
    """Return the exit status of a program and all that it wrote."""
    done = subprocess.run(
        call,
        cwd=HOME,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, done.stdout


def is_installed(command):
    installed = read_stamp() or {}
    return all(installed.get(name) == digest for name, digest in requirement_digests(command).items())


def requirement_digests(command):
    import hashlib

    digests = {}
    for name in REQUIREMENTS[command]:
        try:
            with open(os.path.join(HOME, name), "rb") as requirements:
                digests[name] = hashlib.sha256(requirements.read()).hexdigest()
        except OSError as error:
            raise Stop("%s cannot be read (%s): restore it from the repository." % (name, error.strerror))
    return digests


def read_stamp():
    """Return the installed digests by file name, or None while an installation is unfinished."""
    try:
        with open(STAMP) as stamp:
            return json.load(stamp)
    except ValueError:
        return None
    except OSError:
        return {}


def write_stamp(installed):
    with open(STAMP, "w") as stamp:
        json.dump(installed, stamp)


@contextlib.contextmanager
def setup_lock():
    """Let one process at a time change .venv; the others wait."""
    # The lock lies on this very file: nothing is left behind, and a killed process cannot keep it.
    with open(os.path.abspath(__file__), "rb") as handle:
        if not is_locked_by_us(handle):
            import time

            say("Another start is setting up .venv; waiting for it ...")
            while not is_locked_by_us(handle):
                time.sleep(0.2)
        yield


def is_locked_by_us(handle):
    try:
        if os.name == "nt":
            import msvcrt

            # Windows locks keep readers out, so the locked byte lies far behind the end of the file.
            handle.seek(1 << 30)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network disks know no locks; two starts at once are then the person's own care.
        return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


@contextlib.contextmanager
def told_in_a_sentence(command):
    try:
        yield
    except OSError as error:
        raise Stop(failure("Setting up .venv", os.strerror(error.errno) if error.errno else str(error), command))


def failure(doing, output, command):
    """Return the sentence for a failed step, judged by what it wrote."""
    again = "then type `python3 manage.py %s` again." % command
    reason = last_relevant_line(output)
    if os.strerror(errno.ENOSPC) in output or os.strerror(errno.EDQUOT) in output or has_full_disk():
        return "The disk is full: free about 500 MB, " + again
    if any(os.strerror(refusal) in reason for refusal in (errno.EROFS, errno.EACCES, errno.EPERM)):
        return "%s cannot be written (%s): copy the project to a folder of yours, %s" % (VENV, reason, again)
    return "%s failed (%s): put that right (most often it is the network), %s" % (doing, reason, again)


def has_full_disk():
    import shutil

    # The venv module keeps to itself why it failed.
    return shutil.disk_usage(HOME).free < 1000000


def last_relevant_line(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["no reason was given"])[-1].rstrip(".")


if __name__ == "__main__":
    sys.exit(main())
