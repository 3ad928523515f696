"""The bodies of answers, as type checkers see them, against the contract."""

import typing
import unittest
from typing import Any

import vergeai
from support.contract import answers
from support.resources import RESOURCES, method_of
from vergeai._operations import operations

SIMPLE = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}


def body_of(operation: str) -> Any:
    """The type of ``body`` that the method for an operation says it answers with."""
    answer = typing.get_type_hints(method_of(operation))["return"]
    return typing.get_args(answer)[0] if typing.get_args(answer) else typing.get_args(answer.__orig_bases__[0])[0]


def members_of(hint: Any) -> dict[str, Any] | None:
    """The keys that a class of types.py has, with their types; None when it is no such class."""
    origin = typing.get_origin(hint) or hint
    if not (isinstance(origin, type) and issubclass(origin, vergeai.AttributeDict)):
        return None
    parameters = dict(zip(getattr(origin, "__parameters__", ()), typing.get_args(hint)))
    return {name: substituted(member, parameters) for name, member in typing.get_type_hints(origin).items()}


def substituted(hint: Any, parameters: dict[Any, Any]) -> Any:
    if hint in parameters:
        return parameters[hint]
    inner = getattr(hint, "__parameters__", ())
    return hint[tuple(parameters.get(one, one) for one in inner)] if inner else hint


def differences(schema: Any, hint: Any, where: str) -> list[str]:
    """What a type would have to say to be what a schema says."""
    if hint is Any or not schema:
        return []
    alternatives = alternatives_of(schema)
    hints = list(typing.get_args(hint)) if typing.get_origin(hint) is typing.Union else [hint]
    if len(alternatives) > 1 or len(hints) > 1:
        return among(alternatives, hints, where)
    return of_one(schema, hint, where)


def alternatives_of(schema: Any) -> list[Any]:
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": each} for each in schema["type"]]
    alternatives = schema.get("anyOf", [schema])
    # {} while unset: types say that in words.
    set_ones = [one for one in alternatives if one.get("properties") != {}]
    return set_ones or alternatives


def among(alternatives: list[Any], hints: list[Any], where: str) -> list[str]:
    """Each alternative must be one of the types, and none may be left over."""
    wrong = []
    for alternative in alternatives:
        tried = [of_one(alternative, hint, where) for hint in hints]
        wrong += min(tried, key=len)
    return wrong if wrong or len(alternatives) >= len(hints) else [f"{where} is never some of {hints}"]


def of_one(schema: Any, hint: Any, where: str) -> list[str]:
    if "properties" in schema:
        return of_object(schema, hint, where)
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if values and origin is typing.Literal:
        return [] if set(values) == set(arguments) else [f"{where} is one of {values}, not of {list(arguments)}"]
    kind = schema.get("type")
    if kind == "array":
        return differences(schema.get("items", {}), arguments[0], f"{where}[]") if origin is list else [f"{where} is a list, not {hint}"]
    if kind == "object":
        inner = schema.get("additionalProperties") or {}
        return differences(inner, arguments[1], f"{where}{{}}") if origin is dict else [f"{where} is a dict, not {hint}"]
    return [] if kind is None or hint is SIMPLE[kind] else [f"{where} is {kind}, not {hint}"]


def of_object(schema: Any, hint: Any, where: str) -> list[str]:
    members = members_of(hint)
    if members is None and not schema["properties"] and typing.get_origin(hint) is dict:
        return []
    if members is None:
        return [f"{where} has the keys {list(schema['properties'])}: give it a class in types.py, not {hint}"]
    name = getattr(hint, "__name__", str(hint))
    wrong = [f"{where}: add {key!r} to {name} in types.py: {inner}" for key, inner in schema["properties"].items() if key not in members]
    wrong += [f"{where}: {name} in types.py has {key!r}, which the contract has not" for key in members if key not in schema["properties"]]
    for key, inner in schema["properties"].items():
        if key in members:
            wrong += differences(inner, members[key], f"{where}.{key}")
    return wrong


class TheTypesOfAnswers(unittest.TestCase):
    maxDiff = None

    def test_are_those_of_the_contract_key_for_key(self) -> None:
        for name, schema in answers().items():
            # Those have a file of their own, and a test.
            if name == "experiment.events" or name not in operations():
                continue
            with self.subTest(name):
                self.assertEqual(differences(schema, body_of(name), name), [])

    def test_would_be_told_of_what_they_lack(self) -> None:
        schema = {"type": "object", "properties": {"project_id": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}}}
        (told,) = differences(schema, body_of("project.create"), "project.create")
        self.assertIn("add 'tags' to ProjectId in types.py", told)
        (told,) = differences({**schema, "properties": {"project_id": {"type": "integer"}}}, body_of("project.create"), "project.create")
        self.assertIn("project.create.project_id is integer, not", told)
        self.assertEqual(set(RESOURCES), {name.split(".")[0] for name in operations()})
