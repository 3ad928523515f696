"""Runs every test and leaves the counts in .test-results.json, under the names that vitest uses.

    python3 tests/run.py [part of a test's name …]
"""

from __future__ import annotations

import json
import os
import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent
PACKAGE = TESTS.parent
sys.path[:0] = [str(PACKAGE / "src"), str(TESTS)]


# Everything that is asked is on this machine.
for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]


def main(patterns: list[str]) -> int:
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns]
    suite = loader.discover(str(TESTS), top_level_dir=str(TESTS))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped) + len(result.expectedFailures)
    # A fixture that fails is an error without having been a test.
    passed = max(0, result.testsRun - failed - skipped)
    (PACKAGE / ".test-results.json").write_text(
        json.dumps(
            {
                "numPassedTests": passed,
                "numFailedTests": failed,
                "numPendingTests": skipped,
                "numTodoTests": 0,
                "success": failed == 0,
                "testResults": [],
            }
        )
    )
    for reason in sorted({reason for _, reason in result.skipped}):
        print(f"Skipped: {reason}")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
