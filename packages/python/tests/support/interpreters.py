"""The Pythons of this machine that the package is for."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

SUPPORTED = [f"3.{minor}" for minor in range(10, 15)]


@functools.cache
def interpreters() -> dict[str, str]:
    """The path of one interpreter for each supported version that is here, by the version."""
    found: dict[str, str] = {}
    for candidate in _candidates():
        version = _version(candidate)
        if version in SUPPORTED and version not in found:
            found[version] = candidate
    return found


def _candidates() -> list[str]:
    on_path = [shutil.which(f"python{version}") for version in SUPPORTED]
    kept = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions", Path.home() / ".local/share/uv/python"]
    managed = [str(path) for folder in kept for path in sorted(folder.glob("*3.*/bin/python3"))]
    return [*managed, "/usr/bin/python3", *filter(None, on_path)]


def _version(interpreter: str) -> str:
    try:
        program = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
        return subprocess.run([interpreter, "-c", program], capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""
