import keyword
import shutil
import subprocess
import typing
import unittest
from pathlib import Path
from typing import Any

import vergeai
from support.fault_server import FaultServer, as_json
from support.fixtures import events
from vergeai.events import Event, EventEntry, ExperimentUpdatedData, UnknownEvent

PACKAGE = Path(__file__).resolve().parents[1]


def classes() -> dict[str, Any]:
    known = [entry for entry in typing.get_args(EventEntry) if entry is not UnknownEvent]
    return {typing.get_args(typing.get_type_hints(entry)["type"])[0]: entry for entry in known}


def fits(value: Any, hint: Any) -> bool:
    """Whether a JSON value is what a type hint says."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return value in args
    if origin is typing.Union:
        return any(fits(value, each) for each in args)
    if origin is dict:
        return all(fits(key, args[0]) and fits(member, args[1]) for key, member in value.items())
    if origin is list:
        return isinstance(value, list) and all(fits(member, args[0]) for member in value)
    if isinstance(hint, type) and issubclass(hint, vergeai.AttributeDict):
        hints = typing.get_type_hints(hint)
        keys = {key for key in value if not keyword.iskeyword(key)}
        # What was left as it is has no key.
        return (keys <= set(hints) if hint is ExperimentUpdatedData else keys == set(hints)) and all(fits(value[key], hints[key]) for key in keys)
    return hint is Any or isinstance(value, (int, float) if hint is float else hint)


class TheTypesOfEvents(unittest.TestCase):
    def test_are_in_step_with_the_contract(self) -> None:
        if not shutil.which("node"):
            self.skipTest("node is not installed")
        check = subprocess.run(["node", "scripts/events.mjs", "--check"], cwd=PACKAGE, capture_output=True, text=True)
        self.assertEqual(check.returncode, 0, check.stderr)

    def test_describe_each_example_of_the_contract_key_for_key(self) -> None:
        self.assertEqual(list(classes()), [event["type"] for event in events])
        for event in events:
            with self.subTest(event["type"]):
                self.assertTrue(fits(event, classes()[event["type"]]))
                self.assertFalse(fits({**event, "data": {**event["data"], "more": 1}}, classes()[event["type"]]))
                self.assertFalse(fits({**event, "job_id": 7}, classes()[event["type"]]))

    def test_say_when_each_is_written(self) -> None:
        for entry in classes().values():
            self.assertTrue(issubclass(entry, Event))
            self.assertRegex(entry.__doc__, r"^[A-Z].+\.$")

    def test_are_not_all_that_may_come(self) -> None:
        newer = {**events[0], "type": "job_paused", "data": {"until": None}}
        with FaultServer(as_json(200, {"data": [*events, newer], "next_after": None})) as server:
            client = vergeai.Client(api_key="key", base_url=server.url)
            told = list(client.Experiment.events(project_id="p", experiment_id="e").entries())
        self.assertEqual(told, [*events, newer])
        self.assertEqual([event.data.reason for event in told if event.type == "job_failed"], ["aggregation failed 5 times"])
