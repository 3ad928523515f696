"""Runs every test and leaves the counts in .test-results.json, under the names that vitest uses.

    python3 tests/run.py [part of a test's name …]

They run in a virtual environment of their own, which is made first where there is none.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from environment.prepare import CannotPrepare, is_prepared, prepared_python

TESTS = Path(__file__).resolve().parent
PACKAGE = TESTS.parent
sys.path[:0] = [str(PACKAGE), str(PACKAGE / "src"), str(TESTS)]

from make_sync import make_sync  # noqa: E402


def main(patterns: list[str]) -> int:
    # Everything that is asked is on this machine.
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    make_sync()
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns]
    suite = loader.discover(str(TESTS), top_level_dir=str(TESTS))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped) + len(result.expectedFailures)
    # A fixture that fails is an error without having been a test.
    passed = max(0, result.testsRun - failed - skipped)
    leave_counts(passed, failed, skipped)
    for reason in sorted({reason for _, reason in result.skipped}):
        print(f"Skipped: {reason}")
    return 0 if failed == 0 else 1


def leave_counts(passed: int, failed: int, skipped: int) -> None:
    counts = {"numPassedTests": passed, "numFailedTests": failed, "numPendingTests": skipped, "numTodoTests": 0}
    text = json.dumps({**counts, "success": failed == 0, "testResults": []})
    (PACKAGE / ".test-results.json").write_text(text)


def in_environment(arguments: list[str]) -> int:
    """Goes on in the environment of the tests."""
    if is_prepared():
        return main(arguments)
    try:
        python = prepared_python()
    except CannotPrepare as reason:
        print(f"SKIPPED: the tests of the Python package: {reason}")
        # The suite itself counts as skipped: nothing at all would look like a suite that was lost.
        leave_counts(0, 0, 1)
        return 0
    return subprocess.run([python, __file__, *arguments]).returncode


if __name__ == "__main__":
    sys.exit(in_environment(sys.argv[1:]))
