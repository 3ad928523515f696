"""The operations of the API as the contract has them: paths, parameters and the status that answers print."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True)
class Operation:
    """One operation. ``statusCode`` is what answers print, which is not always the status on the wire: HTTP 204
    cannot carry a body (RFC 9110 §15.3.5), and three operations print 204 with one."""

    method: str
    path: str
    status_code: int
    path_parameters: tuple[str, ...]
    query: tuple[str, ...]
    body: tuple[str, ...]
    required: tuple[str, ...]


def _read() -> dict[str, Operation]:
    table = json.loads(resources.files("vergeai").joinpath("_operations.json").read_text("utf-8"))
    return {
        name: Operation(
            method=entry["method"],
            path=entry["path"],
            status_code=entry["statusCode"],
            path_parameters=tuple(entry["pathParameters"]),
            query=tuple(entry["query"]),
            body=tuple(entry["body"]),
            required=tuple(entry["required"]),
        )
        for name, entry in table["operations"].items()
    }


# At once: what reads it imports modules of Python's own, and a call in a signal handler could find one of them half imported.
_TABLE = _read()


def operations() -> dict[str, Operation]:
    """Every operation by its dotted name, such as ``experiment.create``."""
    return _TABLE
