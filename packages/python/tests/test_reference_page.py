import ast
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import vergeai
from support.api_server import shared_server
from support.fixtures import reference_examples

TESTS = Path(__file__).resolve().parent
PAGES = [TESTS / "fixtures" / "reference-page.md", TESTS.parent / "README.md"]


def snippets(page: Path) -> list[tuple[str, dict[str, Any]]]:
    """Each call of the page, with what it says the call returns."""
    blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    pairs = zip(blocks, blocks[1:])
    return [(call, ast.literal_eval(printed)) for call, printed in pairs if call.startswith("import vergeai") and "statusCode" in printed]


def run(snippet: str, placeholders: dict[str, str], url: str) -> Any:
    """Runs a snippet in a Python of its own, with nothing changed but what the reader has to fill in."""
    for placeholder, value in placeholders.items():
        snippet = snippet.replace(placeholder, value)
    environment = {**os.environ, "VERGEAI_BASE_URL": url, "PYTHONPATH": str(TESTS.parent / "src")}
    program = f"{snippet}\nprint(response)"
    result = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    if result.returncode:
        raise AssertionError(result.stderr)
    return ast.literal_eval(result.stdout)


def keys_in_order(value: Any) -> Any:
    return [(key, keys_in_order(member)) for key, member in value.items()] if isinstance(value, dict) else type(value)


def model_of(size: int, path: Path) -> Path:
    """A safetensors model of exactly so many bytes."""
    count = (size - 8 - 88) // 4
    header = {"w": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}
    text = json.dumps(header).encode().ljust(size - 8 - 4 * count)
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(4 * count))
    assert path.stat().st_size == size
    return path


class TheReferencePage(unittest.TestCase):
    def setUp(self) -> None:
        self.server = shared_server()
        self.client = vergeai.Client(api_key=self.server.key, base_url=self.server.url)
        self.project_id = self.client.Project.create(project_name="Reference page").body.project_id
        self.fill_in = {"...API Key Here...": self.server.key, "...Project ID...": self.project_id}

    def new_experiment(self, **how: Any) -> str:
        return self.client.Experiment.create(project_id=self.project_id, **how).body.ID

    def check(self, returned: Any, printed: Any, ids: dict[str, str]) -> None:
        expected = json.dumps(printed)
        for page_id, our_id in ids.items():
            expected = expected.replace(page_id, our_id)
        self.assertEqual(returned, json.loads(expected))
        self.assertEqual(keys_in_order(returned), keys_in_order(printed))

    def test_has_three_snippets_wherever_it_is_copied(self) -> None:
        for page in PAGES:
            self.assertEqual(snippets(page), snippets(PAGES[0]), page)
            self.assertEqual(len(snippets(page)), 3, page)
        self.assertEqual([printed for _, printed in snippets(PAGES[0])], [example["prints"] for example in reference_examples])
        for (snippet, _), example in zip(snippets(PAGES[0]), reference_examples):
            call = example["call"]
            self.assertIn(f"vergeai.{call['resource']}.{call['method']}(", snippet)
            for name, value in call["input"].items():
                self.assertRegex(snippet, rf'\b{name}="?{re.escape(str(value))}"?')

    def test_create_experiment_prints_what_the_page_prints(self) -> None:
        snippet, printed = snippets(PAGES[0])[0]
        returned = run(snippet, self.fill_in, self.server.url)
        self.check(returned, printed, {"64fb44b25e0d48d2b74e120513687bd7": returned["body"]["ID"]})
        self.assertRegex(returned["body"]["ID"], r"^[0-9a-f]{32}$")

    def test_get_experiment_prints_what_the_page_prints(self) -> None:
        snippet, printed = snippets(PAGES[0])[1]
        experiment_id = self.new_experiment(hyperparameters={"learning_rate": 0.01})
        with tempfile.TemporaryDirectory() as folder:
            path = model_of(403693, Path(folder) / "model.safetensors")
            self.client.Experiment.submit_start_model(project_id=self.project_id, experiment_id=experiment_id, model=path)
        returned = run(snippet, {**self.fill_in, "...Experiment ID...": experiment_id}, self.server.url)
        self.check(returned, printed, {"e627ffd92d6449e9a411b6462b47b47d": experiment_id, "ace0e5d0f50c40ec89e38f770c23eedd": self.project_id})

    def test_submit_start_model_prints_what_the_page_prints(self) -> None:
        snippet, printed = snippets(PAGES[0])[2]
        experiment_id = self.new_experiment()
        model = "{'w': [[0.5, 1], [2, 3]], 'b': [0, 0]}"
        fill_in = {**self.fill_in, "...Experiment ID...": experiment_id, "{...}": model}
        self.check(run(snippet, fill_in, self.server.url), printed, {})
        kept = self.client.Experiment.start_model(project_id=self.project_id, experiment_id=experiment_id)
        self.assertEqual(kept.dict(), ast.literal_eval(model))
