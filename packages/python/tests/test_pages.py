"""The programs of the pages and of the notebook, on the built server, as they are printed."""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

from support.api_server import REPOSITORY, shared_server
from support.optional import needs_torch

PACKAGE = Path(__file__).resolve().parents[1]
NOTEBOOK = PACKAGE / "examples" / "train_your_own_model.ipynb"


def program_of(page: Path) -> str:
    """All of a page's Python, but for what the reference page prints, which has tests of its own."""
    blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return "\n".join(block for block in blocks if "response" not in block and not block.startswith("{"))


def cells_of(notebook: Path) -> str:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    # A cell shows what its last line gives; a program does not.
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def run(program: str) -> str:
    server = shared_server()
    program = program.replace("...API Key Here...", server.key)
    environment = {**os.environ, "VERGEAI_BASE_URL": server.url, "VERGEAI_API_KEY": server.key, "PYTHONPATH": str(PACKAGE / "src")}
    result = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300)
    if result.returncode:
        raise AssertionError(result.stderr + result.stdout)
    return result.stdout


class APage(unittest.TestCase):
    @needs_torch
    def test_the_readme_of_the_package_does_what_it_says(self) -> None:
        told = run(program_of(PACKAGE / "README.md"))
        self.assertRegex(told, r"^\[[45]\.\d+, [45]\.\d+\]\nExperiment [0-9a-f]{8}\nround +loss\n")
        self.assertIn("3 COMPLETED", told)
        self.assertRegex(told, r"(?m)^loss is [\d.e-]+, which reaches the threshold of 0\.01$")
        self.assertIn("job_not_found 404", told)

    def test_the_readme_of_the_repository_does_what_it_says(self) -> None:
        self.assertRegex(run(program_of(REPOSITORY / "README.md")), r"^\[2\.90\d*\] Experiment")

    @needs_torch
    def test_train_your_own_model_does_what_it_says(self) -> None:
        told = run(program_of(PACKAGE / "docs" / "train-your-own-model.md"))
        self.assertEqual(told.count("made of 4 updates"), 4)
        self.assertRegex(told, r"(?m)^round \d: (9\d|100)\.\d%$")
        self.assertRegex(told, r"(?m)^4$")
        self.assertRegex(told, r"(?m)^True$")
        self.assertRegex(told, r"Job [0-9a-f]{32} is still IN_PROGRESS after 2 s: 0 of 4 updates; waiting for")

    def test_migrating_does_what_it_says(self) -> None:
        self.assertEqual(run(program_of(PACKAGE / "docs" / "migrating.md") + "\nprint(status, model)"), "COMPLETED {'w': [2.0]}\n")

    @needs_torch
    def test_the_notebook_runs_from_its_first_cell_to_its_last(self) -> None:
        told = run(cells_of(NOTEBOOK) + "\nprint('to its end')")
        self.assertTrue(told.endswith("to its end\n"), told)
