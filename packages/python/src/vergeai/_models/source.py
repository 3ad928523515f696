"""Where the bytes of an upload come from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from ..errors import ModelError
from . import safetensors
from .json_text import json_chunks
from .layout import Format, Layout, quoted
from .tensors import as_lists, is_array, is_torch, tensor_of

BLOCK = 256 * 1024

Model = Union[Mapping[str, Any], str, os.PathLike[str], bytes, bytearray, memoryview]
"""A dict of tensors (nested lists of numbers, NumPy arrays or PyTorch tensors), the path of a .json or .safetensors
file, or the bytes of one."""


@dataclass(frozen=True)
class ModelSource:
    format: Format
    size: int | None
    """In bytes, when it is known beforehand."""
    chunks: Callable[[], Iterator[bytes | memoryview]]
    """The bytes from the beginning, the same every time."""
    inline: bool = False
    """Whether it is made of nested lists, which may go inside a request."""


def model_source(model: Model, like: Layout | None = None) -> ModelSource:
    """How ``model`` travels: nested lists as JSON, arrays and tensors as safetensors, files as they are.

    With ``like``, in that format and in those dtypes instead. Raises ModelError for what is no model.
    """
    if isinstance(model, (str, os.PathLike)):
        return _file_source(Path(model))
    if isinstance(model, (bytes, bytearray, memoryview)):
        return _bytes_source(memoryview(model).cast("B"))
    if not isinstance(model, Mapping):
        hint = "; pass its state_dict()" if hasattr(model, "state_dict") else "; call it" if callable(model) else ""
        raise ModelError(f"A model is a dict of tensors or the path of a file, not a {type(model).__name__}{hint}.")
    return _dict_source(model, like)


def _dict_source(model: Mapping[str, Any], like: Layout | None) -> ModelSource:
    if not model:
        raise ModelError("The model has no tensors.")
    for name in model:
        if not isinstance(name, str):
            raise ModelError(f"A tensor's name must be a str, and {quoted(name)} is a {type(name).__name__}.")
        if any("\ud800" <= letter <= "\udfff" for letter in name):
            raise ModelError(f"The tensor name {ascii(name)} has half of a surrogate pair, which no UTF-8 can hold: rename it.")
    _refuse_checkpoint(model)
    arrays = [name for name, value in model.items() if is_torch(value) or is_array(value)]
    if like and like.format == "json" or not like and not arrays:
        lists = {name: as_lists(name, value) for name, value in model.items()} if arrays else model
        return ModelSource("json", None, lambda: json_chunks(lists), inline=True)
    if not like and len(arrays) < len(model):
        other = next(name for name in model if name not in set(arrays))
        raise ModelError(
            f"{quoted(other)} is a {type(model[other]).__name__} while others are arrays: a model is all arrays "
            "and tensors, or all nested lists."
        )
    expected = like.tensors if like else {}
    tensors = [
        tensor_of(name, value, expected[name].dtype if name in expected else None) for name, value in model.items()
    ]
    size, chunks = safetensors.write(tensors)
    return ModelSource("safetensors", size, chunks)


def _refuse_checkpoint(model: Mapping[str, Any]) -> None:
    """What training scripts save has the state_dict inside, beside an epoch or an optimizer."""
    inside = [name for name, value in model.items() if isinstance(value, Mapping)]
    if inside:
        states = [name for name in inside if any(is_torch(value) or is_array(value) for value in model[name].values())]
        name = (states or inside)[0]
        raise ModelError(
            f"{quoted(inside[0])} is a dict itself, as in a checkpoint, and a model is one dict of tensors: "
            f"pass the one inside, such as checkpoint[{quoted(name)}]."
        )


def _file_source(path: Path) -> ModelSource:
    size = path.stat().st_size
    with path.open("rb") as file:
        format = _format_of(file.read(1024), f"The file {path.name!r}")

    def chunks() -> Iterator[bytes]:
        left = size
        with path.open("rb") as file:
            while left > 0:
                chunk = file.read(min(BLOCK, left))
                if not chunk:
                    raise ModelError(f"The file {path.name!r} became shorter while it was read.")
                left -= len(chunk)
                yield chunk

    return ModelSource(format, size, chunks)


def _bytes_source(view: memoryview) -> ModelSource:
    def chunks() -> Iterator[memoryview]:
        return (view[start : start + BLOCK] for start in range(0, len(view), BLOCK))

    return ModelSource(_format_of(bytes(view[:1024]), "This"), len(view), chunks)


def _format_of(head: bytes, what: str) -> Format:
    """JSON starts with a brace; safetensors with a length, whose upper bytes are 0, and then a brace."""
    if head[8:9] == b"{" and head[4:8] == bytes(4):
        return "safetensors"
    if head.lstrip(b" \t\r\n")[:1] == b"{":
        return "json"
    pickled = head[:1] == b"\x80" or head[:2] == b"PK"
    hint = " It looks pickled: load it, and pass the state_dict itself." if pickled else ""
    raise ModelError(f"{what} is neither JSON nor safetensors.{hint}")
