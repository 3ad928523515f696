"""JSON models, written piece by piece so that a large one never becomes one string."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .._guards import is_row
from ..errors import ModelError
from .layout import quoted

CHUNK = 64 * 1024
RUN = 4096


def _number(value: Any) -> Any:
    if hasattr(value, "tolist"):  # a number of NumPy's or PyTorch's, or a row of them
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is not a number")


_encoder = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=_number)


def json_chunks(model: Mapping[str, Any]) -> Iterator[bytes]:
    """The model as JSON, some 64 KiB at a time. Raises ModelError for what JSON can't hold, such as NaN."""
    pieces: list[str] = []
    length = 0
    for piece in _model(model):
        pieces.append(piece)
        length += len(piece)
        if length >= CHUNK:
            yield "".join(pieces).encode()
            pieces, length = [], 0
    yield "".join(pieces).encode()


def _model(model: Mapping[str, Any]) -> Iterator[str]:
    separator = "{"
    for name, tensor in model.items():
        yield f"{separator}{json.dumps(name)}:"
        try:
            yield from _tensor(tensor)
        except (TypeError, ValueError, RecursionError) as error:
            raise ModelError(f"Tensor {quoted(name)} can't be written as JSON: {_reason(error)}.") from None
        separator = ","
    yield "}"


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "its lists are nested too deeply"
    # JSONEncoder speaks of "out of range float values", or of circles.
    return "it has NaN or an infinity" if "float" in str(error) else str(error)


def _tensor(tensor: Any) -> Iterator[str]:
    if not is_row(tensor):
        yield _encoder.encode(tensor)
    elif tensor and is_row(tensor[0]):
        separator = "["
        for row in tensor:
            yield separator
            yield from _tensor(row)
            separator = ","
        yield "]"
    else:
        for start in range(0, len(tensor), RUN):
            yield ("," if start else "[") + _encoder.encode(tensor[start : start + RUN])[1:-1]
        yield "]" if tensor else "[]"
