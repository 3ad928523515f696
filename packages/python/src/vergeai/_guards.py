"""What ``isinstance`` tells type checkers too little of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard


def is_row(value: Any) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    return isinstance(value, (list, tuple))


def is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """A JSON object, as it was parsed."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
