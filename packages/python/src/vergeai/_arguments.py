"""What a caller gives, as JSON: plain values, and the numbers of NumPy and PyTorch."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Set
from typing import Any

from ._guards import is_mapping, is_row
from .errors import VergeAIError

DEEPEST = 64
"""How deep a request may be nested."""
LONGEST_INTEGER = 1024
"""In bits: what is larger has no float64 near it, and the API refuses it."""


class JsonText(bytes):
    """An argument that is JSON already."""


def request_json(arguments: Mapping[str, Any]) -> bytes:
    """The arguments of a call as JSON. Tuples, arrays and tensors are lists, and an array without a dimension is a
    number. Integers have all their digits.

    :raises VergeAIError: with an RFC 6901 pointer, for what JSON can't say, such as NaN.
    """
    members = (json.dumps(name).encode() + b":" + argument_json(name, value) for name, value in arguments.items())
    return b"{" + b",".join(members) + b"}"


def argument_json(name: str, value: Any) -> bytes:
    """One of them, without its name."""
    if isinstance(value, JsonText):
        return value
    return json.dumps(_plain(value, (name,)), allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any, path: tuple[Any, ...]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, path)
    # Subclasses, such as those of enum or numpy.float64, as the number that they are.
    if isinstance(value, int):
        return _bounded(int(value), path)
    if isinstance(value, float):
        return _finite(float(value), path)
    if len(path) >= DEEPEST:
        raise _refused(path, f"is nested deeper than {DEEPEST}, or holds itself")
    if is_mapping(value):
        return {_name(name, path): _plain(member, (*path, name)) for name, member in value.items()}
    if is_row(value):
        return [_plain(entry, (*path, index)) for index, entry in enumerate(value)]
    if callable(getattr(value, "tolist", None)):
        return _of_library(value, path)
    if isinstance(value, Set):
        raise _refused(path, "is a set, which has no order: pass a list")
    hint = ", such as vars() of it" if hasattr(value, "__dict__") and not isinstance(value, type) and vars(value) else ""
    raise _refused(path, f"is a {type(value).__name__}, which JSON does not know: pass what it stands for as a number, text, list or dict{hint}")


def _of_library(value: Any, path: tuple[Any, ...]) -> Any:
    """A number or an array of NumPy's, PyTorch's, or of a library like them."""
    try:
        plain = value.tolist()
    except Exception as error:
        raise _refused(path, f"is a {type(value).__name__} that has no values: {error}".rstrip(".")) from error
    if isinstance(plain, (bool, int, float, str, list)):
        return _plain(plain, path)
    raise _refused(path, f"is a {type(value).__name__} of {getattr(value, 'dtype', 'something')}, which JSON does not know")


def _bounded(number: int, path: tuple[Any, ...]) -> int:
    if number.bit_length() > LONGEST_INTEGER:
        raise _refused(path, f"is an integer of {number.bit_length()} bits, beyond what a float64 reaches: send it as text")
    return number


def _finite(number: float, path: tuple[Any, ...]) -> float:
    if not math.isfinite(number):
        raise _refused(path, f"is {number}, and JSON has no such number: leave it out, or send it as text")
    return number


def _text(text: str, path: tuple[Any, ...]) -> str:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _refused(path, "has half of a surrogate pair, which no UTF-8 can hold: it was decoded with errors='surrogateescape', perhaps")
    return str(text)


def _name(name: Any, path: tuple[Any, ...]) -> str:
    """As ``json`` writes it, but a float or None that was meant as a name is more likely a mistake."""
    if isinstance(name, str):
        return _text(name, path)
    if isinstance(name, int) and not isinstance(name, bool):
        return str(int(name))
    raise _refused(path, f"has the key {name!r}, which is a {type(name).__name__}: a name in JSON is text")


def _refused(path: tuple[Any, ...], sentence: str) -> VergeAIError:
    pointer = "".join("/" + str(step).encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1") for step in path)
    return VergeAIError(f"The arguments can't be written as JSON: {pointer} {sentence}.")
