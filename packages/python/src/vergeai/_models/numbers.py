"""Lists of Python numbers as little-endian bytes and back, without NumPy."""

from __future__ import annotations

import struct
import sys
from array import array
from typing import Any

from .._guards import is_row
from ..errors import ModelError
from .layout import DType, TensorSpec, quoted

_NATIVE = sys.byteorder == "little"


def pack(spec: TensorSpec, numbers: list[Any]) -> bytes:
    """Each number rounded to nearest, bfloat16 by way of float32; raises ModelError for one that the dtype can't hold."""
    try:
        return _pack(spec.dtype, numbers)
    except (TypeError, ValueError, OverflowError, struct.error) as error:
        raise ModelError(f"Tensor {quoted(spec.name)} has a value that is no {spec.dtype.name}: {error}.") from None


def _pack(dtype: DType, numbers: list[Any]) -> bytes:
    if dtype.name == "BF16":
        words = array("I", array("f", numbers).tobytes())
        # To nearest, ties to even; NaN keeps its sign and stays NaN.
        rounded = (
            (word >> 16) | 0x40 if word & 0x7FFFFFFF > 0x7F800000 else (word + 0x7FFF + (word >> 16 & 1)) >> 16
            for word in words
        )
        return _bytes_of(array("H", rounded))
    if dtype.name in ("F16", "BOOL"):
        return struct.pack(f"<{len(numbers)}{dtype.code}", *numbers)
    if dtype.kind == "integer":
        return _bytes_of(array(dtype.code, map(_whole, numbers)))
    return _bytes_of(array(dtype.code, numbers))


def unpack(dtype: DType, data: bytes | bytearray | memoryview) -> list[Any]:
    if dtype.name == "BF16":
        words = _array_of("H", data)
        return array("f", array("I", (word << 16 for word in words)).tobytes()).tolist()
    if dtype.name in ("F16", "BOOL"):
        return list(struct.unpack(f"<{len(data) // dtype.width}{dtype.code}", data))
    return _array_of(dtype.code, data).tolist()


def _whole(number: Any) -> int:
    if isinstance(number, float) and number.is_integer():
        return int(number)
    return number  # type: ignore[no-any-return]


def _bytes_of(numbers: array[Any]) -> bytes:
    if not _NATIVE:
        numbers.byteswap()
    return numbers.tobytes()


def _array_of(code: str, data: bytes | bytearray | memoryview) -> array[Any]:
    numbers: array[Any] = array(code)
    numbers.frombytes(data)
    if not _NATIVE:
        numbers.byteswap()
    return numbers


def flatten(name: str, value: Any) -> tuple[tuple[int, ...], list[Any]]:
    """Shape and row-major numbers of nested lists. Raises ModelError when they are ragged."""
    shape: list[int] = []
    at: Any = value
    while is_row(at):
        shape.append(len(at))
        if not at:
            break
        at = at[0]
    flat: list[Any] = []
    _flatten(name, value, tuple(shape), flat)
    return tuple(shape), flat


def _flatten(name: str, value: Any, shape: tuple[int, ...], flat: list[Any]) -> None:
    if not shape:
        if isinstance(value, (list, tuple)):
            raise ModelError(f"Tensor {quoted(name)} is ragged: some rows are nested deeper than others.")
        flat.append(value)
        return
    if not is_row(value) or len(value) != shape[0]:
        raise ModelError(f"Tensor {quoted(name)} is ragged: not all rows have {shape[0]} entries.")
    if len(shape) > 1:
        for row in value:
            _flatten(name, row, shape[1:], flat)
    elif any(isinstance(number, (list, tuple)) for number in value):
        raise ModelError(f"Tensor {quoted(name)} is ragged: some rows are nested deeper than others.")
    else:
        flat.extend(value)


def nest(flat: list[Any], shape: tuple[int, ...]) -> Any:
    """The inverse of :func:`flatten`."""
    if not shape:
        return flat[0]
    if len(shape) == 1:
        return flat
    step = len(flat) // shape[0] if shape[0] else 0
    return [nest(flat[row * step : (row + 1) * step], shape[1:]) for row in range(shape[0])]
