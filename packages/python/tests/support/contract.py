"""What the contract says, as long as the repository is built around this package."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2]


def ask(*arguments: str) -> str:
    """What scripts/operations.mjs prints."""
    if not shutil.which("node"):
        raise unittest.SkipTest("node is not installed")
    result = subprocess.run(["node", "scripts/operations.mjs", *arguments], cwd=PACKAGE, capture_output=True, text=True)
    if result.returncode:
        raise AssertionError(result.stderr)
    return result.stdout


@functools.cache
def answers() -> Any:
    """The JSON schema of each operation's answer."""
    return json.loads(ask("--answers"))


def method_for(operation: str) -> str:
    """A method to begin with, as Python text."""
    return ask("--method", operation)
