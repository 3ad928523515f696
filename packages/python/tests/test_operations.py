import ast
import inspect
import json
import unittest
from pathlib import Path
from typing import Any

import vergeai
from support.contract import ask, method_for
from support.coroutines import in_coroutines
from support.fault_server import FaultServer, as_json
from support.fixtures import client_rules
from support.resources import RESOURCES, method_of
from vergeai._operations import operations

PACKAGE = Path(__file__).resolve().parents[1]
# What methods take beyond the wire.
OURS = {"options", "upload", "progress", "on_progress"}
# What they are beyond the contract.
BEYOND = {"job.wait_for_completion", "experiment.follow", "project.changes", "experiment.plot", "experiment.train"}


class TheTableOfOperations(unittest.TestCase):
    def test_is_in_step_with_the_contract(self) -> None:
        ask("--check")

    def test_has_a_method_for_each_operation_that_takes_what_it_takes(self) -> None:
        for name, operation in operations().items():
            with self.subTest(name):
                resource = name.split(".")[0]
                method = method_of(name)
                if method is None:
                    file = f"src/vergeai/_aio/resources/{'api_key' if resource == 'auth' else resource}.py"
                    self.fail(f"there is no method for {name}: add one to {file}, such as\n\n{method_for(name)}")
                parameters = inspect.signature(method).parameters
                wire = {*operation.path_parameters, *operation.query, *operation.body}
                taken = {parameter.rstrip("_") for parameter in parameters} - (OURS - wire)
                self.assertEqual(taken, wire, f"{name} should take {sorted(wire - taken)}, and not {sorted(taken - wire)}")
                required = {n.rstrip("_") for n, p in parameters.items() if p.default is inspect.Parameter.empty}
                self.assertEqual(required, set(operation.required))
                self.assertEqual({p.kind for p in parameters.values()}, {inspect.Parameter.KEYWORD_ONLY})
                self.assertTrue(inspect.getdoc(method))

    def test_has_no_method_without_an_operation(self) -> None:
        for resource, methods in RESOURCES.items():
            named = {f"{resource}.{name}" for name in dir(methods) if not name.startswith("_")}
            self.assertLessEqual(named - BEYOND, set(operations()))

    def test_alone_decides_what_status_is_printed(self) -> None:
        printed = {name for name, operation in operations().items() if operation.status_code == 204}
        self.assertEqual(printed, {"experiment.create", "experiment.get", "experiment.submit_start_model"})
        for path in (PACKAGE / "src").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.keyword) and node.arg == "statusCode":
                    self.assertIsInstance(node.value, ast.Name, path)
                self.assertFalse(isinstance(node, ast.Dict) and "statusCode" in map(ast.unparse, filter(None, node.keys)), path)


class AMethod(unittest.TestCase):
    def test_sends_what_its_operation_says(self) -> None:
        with FaultServer(as_json(200, {"data": [], "next_cursor": None, "model_url": "u"})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            for name, operation in operations().items():
                with self.subTest(name):
                    resource, method = name.split(".")
                    bound = getattr(getattr(client, type(RESOURCES[resource]).__name__.removesuffix("s")), method)
                    wire = [*operation.path_parameters, *operation.query, *operation.body]
                    # What carries a model is sent otherwise.
                    values: dict[str, Any] = {n: f"{n}-value" for n in wire if not (n in ("model", "block") and n in operation.body)}
                    values.update({n: [{"type": "T"}] for n in values if n in ("termination_criteria", "reports")})
                    values.update({n: {"k": 1} for n in values if n in ("hyperparameters", "config", "metrics", "progress")})
                    values.update({n: 7 for n in values if n in ("limit", "wait", "after")})
                    answer = bound(**{("from_" if n == "from" else n): value for n, value in values.items()})
                    seen = server.seen[-1]
                    path, _, query = seen.path.partition("?")
                    self.assertEqual(seen.method, operation.method)
                    self.assertEqual(path, operation.path.format(**values))
                    self.assertEqual({part.split("=")[0] for part in query.split("&") if part}, set(operation.query))
                    sent = json.loads(seen.body) if seen.body else {}
                    self.assertEqual(sent, {n: values[n] for n in operation.body if n in values})
                    self.assertEqual("idempotency-key" in seen.headers, operation.method == "POST")
                    self.assertEqual(answer.statusCode, operation.status_code)


class ACall(unittest.TestCase):
    def test_escapes_what_stands_in_the_path(self) -> None:
        with FaultServer(as_json(200, {})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            for rule in client_rules["paths"]["escaped"]:
                client.Project.get(project_id=rule["id"])
                self.assertEqual(server.seen[-1].path, f"/v1/project/get/{rule['path']}")

    def test_refuses_what_would_get_lost_in_the_path(self) -> None:
        with FaultServer(as_json(200, {})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            for id in (*client_rules["paths"]["refused"], None, 7):
                with self.subTest(id), self.assertRaisesRegex(vergeai.VergeAIError, "project_id is part of the path"):
                    client.Project.get(project_id=id)  # type: ignore[arg-type]
            self.assertEqual(server.seen, [])

    def test_leaves_out_what_is_left_out_and_sends_null_where_it_means_something(self) -> None:
        with FaultServer(as_json(200, {})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            client.Experiment.update(project_id="p", experiment_id="e", experiment_name=None)
            client.Experiment.create(project_id="p", hyperparameters=None)
            client.APIKey.create()
            client.Project.limit_storage(project_id="p", max_bytes=None)
            self.assertEqual(server.seen[0].json(), {"project_id": "p", "experiment_id": "e", "experiment_name": None})
            self.assertEqual(server.seen[1].json(), {"project_id": "p"})
            self.assertEqual(server.seen[2].body, b"")
            self.assertNotIn("content-type", server.seen[2].headers)
            self.assertEqual(server.seen[3].json(), {"project_id": "p", "max_bytes": None})


in_coroutines(globals(), without=("TheTableOfOperations",))
