"""The methods of both clients, by the names that the contract has for them."""

from __future__ import annotations

from typing import Any

import vergeai

RESOURCES = {
    "auth": vergeai.APIKey,
    "user": vergeai.User,
    "project": vergeai.Project,
    "experiment": vergeai.Experiment,
    "job": vergeai.Job,
    "sweep": vergeai.Sweep,
    "device": vergeai.Device,
}


def method_of(name: str) -> Any:
    """The method for an operation; None when there is none."""
    resource, _, method = name.partition(".")
    return getattr(RESOURCES.get(resource), method, None)
