"""A virtual environment for the tests, with what the lock files pin: made once, and kept where caches are.

It builds on the Python that is asked for, and sees what that one has: Debian's PyTorch, for instance. Run by itself it also
makes the synchronous client, and its last line is the interpreter to run it with.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPLETE = "complete"


class CannotPrepare(Exception):
    """What the tests need is not to be had here; the text says what, and why."""


def is_prepared() -> bool:
    """Whether this is the interpreter of such an environment."""
    return (Path(sys.prefix) / COMPLETE).exists()


def prepared_python() -> str:
    """The interpreter of an environment with everything in ``checks.txt``, and as much as can be had of ``plots.txt``.

    :raises CannotPrepare: without a network, most likely.
    """
    folder = _folder()
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    with _alone(folder):
        if not (folder / COMPLETE).exists():
            _make(folder, python)
    return str(python)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else makes the same one meanwhile, where files can be locked."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        if importlib.util.find_spec("fcntl"):
            fcntl = importlib.import_module("fcntl")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    """One for each lock file and Python, so that nothing is ever changed in one that somebody uses."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    what = hashlib.sha256(sys.version.encode() + os.path.realpath(sys.executable).encode() + str(_has_numpy()).encode())
    for lock in ("checks.txt", "plots.txt"):
        what.update((HERE / lock).read_bytes())
    return cache / "vergeai-python-tests" / what.hexdigest()[:16]


def _has_numpy() -> bool:
    return importlib.util.find_spec("numpy") is not None


def _make(folder: Path, python: Path) -> None:
    """It is complete when it says so: one that was interrupted is made again."""
    print(f"Making a virtual environment for the tests in {folder}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    made = _run([sys.executable, "-m", "venv", "--system-site-packages", str(folder)])
    if made is not None:
        raise CannotPrepare(f"{sys.executable} can't make a virtual environment (Debian: python3-venv): {made}")
    missing = _install(python, HERE / "checks.txt")
    if missing is not None:
        raise CannotPrepare(f"the packages of tests/environment/checks.txt can't be installed: {missing}")
    missing = _install(python, _plots(folder))
    if missing is not None:
        print(f"Going on without matplotlib: {missing}", flush=True)
    (folder / COMPLETE).touch()


def _plots(folder: Path) -> Path:
    """Without NumPy where there is one: Debian's PyTorch speaks to its own only."""
    text = (HERE / "plots.txt").read_text("utf-8")
    entries = text.replace("\\\n", "\\\r").splitlines(keepends=True)
    kept = [entry for entry in entries if not (_has_numpy() and entry.startswith("numpy=="))]
    lock = folder / "plots.txt"
    lock.write_text("".join(kept).replace("\\\r", "\\\n"), "utf-8")
    return lock


def _install(python: Path, lock: Path) -> str | None:
    """None when it went well, else the last line of what pip says."""
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    return _run([*pip, "--require-hashes", "--no-deps", "--requirement", str(lock)])


def _run(command: list[str]) -> str | None:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return None
    lines = (result.stdout + result.stderr).strip().splitlines()
    return lines[-1] if lines else f"exit code {result.returncode}"


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1]))
    importlib.import_module("make_sync").make_sync()
    try:
        print(prepared_python())
    except CannotPrepare as reason:
        sys.exit(f"There is no environment for the Python package: {reason}")
