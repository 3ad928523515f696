"""What type checkers and editors know of the package, in their strict modes."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = PACKAGE / "src"
PYRIGHT = PACKAGE / "node_modules" / ".bin" / "pyright"

PROGRAM = """
import vergeai
response = vergeai.Experiment.create(project_id="p")
response.body.ID.lower()
response.body.nope
response.nope
response.body.start_model.nope
vergeai.Job.get(project_id="p", job_id="j").body.configuration.nope
print([entry.name, entry.nope] for entry in vergeai.Project.list().entries())
for event in vergeai.Experiment.events(project_id="p", experiment_id="e").entries(): print(event.nope)
"""


ASYNC_PROGRAM = """
import vergeai
async def main(client: vergeai.AsyncClient) -> None:
    response = await client.Experiment.create(project_id="p")
    response.body.ID.lower()
    response.body.nope
    (await client.Job.get(project_id="p", job_id="j")).body.configuration.nope
    client.Experiment.create(project_id="p").body
    async for event in (await client.Experiment.events(project_id="p", experiment_id="e")).entries(): print(event.nope)
    await client.Experiment.create(project_id=7)
    tensors: int = await (await client.Experiment.current_model(project_id="p", experiment_id="e")).torch()
    print(tensors)
"""


def mypy(*arguments: str, cwd: Path) -> list[str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir=/dev/null", "--no-error-summary", *arguments]
    result = subprocess.run(command, cwd=cwd, env={**os.environ, "MYPYPATH": str(SOURCES)}, capture_output=True, text=True)
    return (result.stdout + result.stderr).splitlines()


def pyright(*include: str, cwd: Path) -> list[str]:
    if not PYRIGHT.exists():
        raise unittest.SkipTest("pyright is not installed here: npm install in the repository brings it")
    # What is checked while a program runs is for those who have no checker.
    checks = {"typeCheckingMode": "strict", "reportPrivateUsage": False, "reportUnnecessaryIsInstance": False}
    config = {"include": include, "extraPaths": [str(SOURCES)], "pythonVersion": "3.10", **checks}
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=cwd) as file:
        file.write(json.dumps(config))
        file.flush()
        command = [str(PYRIGHT), "--project", file.name, "--pythonpath", sys.executable]
        result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    return [line for line in result.stdout.splitlines() if " - error: " in line]


class TheSources(unittest.TestCase):
    maxDiff = None

    def test_pass_mypy(self) -> None:
        self.assertEqual(mypy(str(SOURCES / "vergeai"), cwd=PACKAGE), [])

    def test_pass_pyright(self) -> None:
        self.assertEqual(pyright("src", cwd=PACKAGE), [])


class AProgram(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def lines_told(self, checker: Any, program: str) -> set[int]:
        (self.folder / "program.py").write_text(program.lstrip())
        return {int(line.split("program.py:")[1].split(":")[0]) for line in checker("program.py", cwd=self.folder) if "error:" in line}

    def test_is_told_of_what_is_not_in_an_answer(self) -> None:
        for checker in (mypy, pyright):
            self.assertEqual(self.lines_told(checker, PROGRAM), {4, 5, 6, 7, 8, 9})

    def test_in_coroutines_is_told_of_what_is_not_in_an_answer_and_of_what_is_not_awaited(self) -> None:
        for checker in (mypy, pyright):
            self.assertEqual(self.lines_told(checker, ASYNC_PROGRAM), {5, 6, 7, 8, 9, 10})
