"""What a model is made of, without its numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

Format = Literal["json", "safetensors"]


@dataclass(frozen=True)
class DType:
    """An element type. ``code`` is that of the modules array and struct; the 16-bit floats have none in array."""

    name: str
    width: int
    code: str
    numpy: str | None
    torch: str
    kind: Literal["float", "integer", "bool"]


dtypes: dict[str, DType] = {
    dtype.name: dtype
    for dtype in (
        DType("F64", 8, "d", "<f8", "float64", "float"),
        DType("F32", 4, "f", "<f4", "float32", "float"),
        DType("F16", 2, "e", "<f2", "float16", "float"),
        # NumPy has no bfloat16: there it becomes float32, which holds every bfloat16 exactly.
        DType("BF16", 2, "", None, "bfloat16", "float"),
        DType("I64", 8, "q", "<i8", "int64", "integer"),
        DType("I32", 4, "i", "<i4", "int32", "integer"),
        DType("I16", 2, "h", "<i2", "int16", "integer"),
        DType("I8", 1, "b", "|i1", "int8", "integer"),
        DType("U8", 1, "B", "|u1", "uint8", "integer"),
        DType("BOOL", 1, "?", "|b1", "bool", "bool"),
    )
}


@dataclass(frozen=True)
class TensorSpec:
    """One tensor: ``shape`` lists its dimensions, outermost first; ``()`` is a single number."""

    name: str
    dtype: DType
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    @property
    def size(self) -> int:
        """In bytes."""
        return self.count * self.dtype.width


@dataclass(frozen=True)
class Layout:
    """Format, names, shapes and dtypes: what every update in an experiment has in common with its start model.

    ``tensors`` is empty for JSON, where the numbers tell it all.
    """

    format: Format
    tensors: dict[str, TensorSpec]


def quoted(name: Any) -> str:
    text = name if isinstance(name, str) else str(name)
    return repr(text if len(text) <= 80 else text[:80] + "…")
