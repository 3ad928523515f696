"""What was given to a method, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any


class Unset(Enum):
    """For arguments where None says something, and leaving them out says something else."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset.UNSET


class _Null:
    """Stands for a None that is to be sent."""


NULL = _Null()


def nullable(value: Any) -> Any:
    return NULL if value is None else value


def present(given: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left out; names that Python keeps for itself end in an underscore here."""
    return {
        name.rstrip("_"): None if value is NULL else value
        for name, value in given.items()
        if value is not None and value is not UNSET
    }
