"""Tensors of NumPy and PyTorch as bytes. Neither is imported unless a tensor of theirs is there, or asked for."""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Callable
from typing import Any

from .._guards import is_row
from ..errors import ModelError, VergeAIError
from .layout import DType, TensorSpec, dtypes, quoted
from .numbers import flatten, nest, pack, unpack

_by_torch_name = {f"torch.{dtype.torch}": dtype for dtype in dtypes.values()}
_by_numpy_name = {dtype.numpy: dtype for dtype in dtypes.values() if dtype.numpy}


def require(module: str, what: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise VergeAIError(f"{what} needs the package {module}, which is not installed.") from error


def is_torch(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, getattr(torch, "Tensor", ()))


def is_array(value: Any) -> bool:
    """A NumPy array or number, or what turns itself into one, such as a JAX array."""
    return not isinstance(value, type) and hasattr(value, "__array__") and hasattr(value, "dtype")


def as_lists(name: str, value: Any) -> Any:
    """Any tensor as nested lists of Python numbers."""
    if is_torch(value):
        _require_plain(name, value)
        return value.detach().tolist()
    if is_array(value):
        _require_unmasked(name, value)
        array = _numpy_array(value)
        if _numpy_dtype(name, array) is dtypes["BF16"]:
            array = array.astype("f4")
        return array.tolist()
    return value


def _rows(value: Any) -> Any:
    """Nested lists of Python numbers, where some of the rows or numbers are NumPy's or PyTorch's."""
    if is_row(value):
        return [_rows(row) if is_row(row) or hasattr(row, "tolist") else row for row in value]
    return value.tolist() if hasattr(value, "tolist") else value


class Tensor:
    """A tensor on its way out: what it is, and its little-endian bytes, made when they are needed."""

    def __init__(self, spec: TensorSpec, data: Callable[[], tuple[memoryview, Any]]) -> None:
        self.spec = spec
        self.data = data
        """Gives the bytes, and whatever has to stay alive while they are read."""


def tensor_of(name: str, value: Any, wanted: DType | None = None) -> Tensor:
    """``value`` as it is, or turned into the dtype ``wanted``, which must be of the same kind or a wider one.

    Raises ModelError for what no model can hold.
    """
    if is_torch(value):
        return _from_torch(name, value, wanted)
    if is_array(value):
        return _from_numpy(name, value, wanted)
    shape, flat = flatten(name, _rows(value))
    spec = TensorSpec(name, wanted or dtypes["F64"], shape)
    return Tensor(spec, lambda: (memoryview(pack(spec, flat)), None))


# PyTorch


def _require_plain(name: str, value: Any) -> None:
    torch = sys.modules["torch"]
    if type(value).__name__.startswith("Uninitialized"):
        raise ModelError(f"Tensor {quoted(name)} is a lazy parameter without values yet: run the module once on a batch, and take its state_dict() then.")
    if getattr(value, "is_nested", False):
        raise ModelError(f"Tensor {quoted(name)} is nested, of rows that differ in length; send one tensor for each.")
    kind = "sparse" if value.layout is not torch.strided else "quantized" if value.is_quantized else ""
    if kind or value.is_meta:
        raise ModelError(f"Tensor {quoted(name)} is {kind or 'on the meta device, without values'}; send a dense one.")


def _from_torch(name: str, value: Any, wanted: DType | None) -> Tensor:
    torch = sys.modules["torch"]
    _require_plain(name, value)
    dtype = _by_torch_name.get(str(value.dtype))
    if dtype is None and not (wanted and value.dtype.is_floating_point):
        raise ModelError(f"Tensor {quoted(name)} has the dtype {value.dtype}; {_supported()}")
    target = wanted or dtype
    assert target is not None
    target_dtype = getattr(torch, target.torch)
    if not torch.can_cast(value.dtype, target_dtype):
        raise ModelError(f"Tensor {quoted(name)} has the dtype {value.dtype} where {target.name} is expected.")
    spec = TensorSpec(name, target, tuple(value.shape))

    def data() -> tuple[memoryview, Any]:
        tensor = value.detach().to(device="cpu", dtype=target_dtype).resolve_neg().contiguous()
        if sys.byteorder != "little":
            return memoryview(pack(spec, tensor.reshape(-1).tolist())), None
        return _memory_of(tensor, spec.size), tensor

    return Tensor(spec, data)


def _memory_of(tensor: Any, size: int) -> memoryview:
    """The bytes of a contiguous CPU tensor where they lie: needs no NumPy, and takes bfloat16."""
    if size == 0:
        return memoryview(bytearray())
    return memoryview((ctypes.c_ubyte * size).from_address(tensor.data_ptr())).cast("B")


# NumPy


def _numpy_array(value: Any) -> Any:
    numpy = require("numpy", "A model of arrays")
    return numpy.asarray(value)


def _require_unmasked(name: str, value: Any) -> None:
    numpy = require("numpy", "A model of arrays")
    if numpy.ma.isMaskedArray(value):
        raise ModelError(f"Tensor {quoted(name)} is masked, and a model has a number everywhere; send its filled(…).")


def _numpy_dtype(name: str, array: Any) -> DType:
    if array.dtype.name == "bfloat16":  # of the package ml_dtypes
        return dtypes["BF16"]
    dtype = _by_numpy_name.get(array.dtype.newbyteorder("<").str)
    if dtype is None:
        raise ModelError(f"Tensor {quoted(name)} has the dtype {array.dtype}; {_supported()}")
    return dtype


def _from_numpy(name: str, value: Any, wanted: DType | None) -> Tensor:
    import numpy

    _require_unmasked(name, value)
    array = _numpy_array(value)
    dtype = _numpy_dtype(name, array)
    target = wanted or dtype
    if target is not dtype:
        between = numpy.dtype(target.numpy or "<f4")
        if not numpy.can_cast("<f4" if dtype.numpy is None else array.dtype, between, "same_kind"):
            raise ModelError(f"Tensor {quoted(name)} has the dtype {array.dtype} where {target.name} is expected.")
    spec = TensorSpec(name, target, tuple(array.shape))

    def data() -> tuple[memoryview, Any]:
        if target.numpy is None:
            plain = array.view("u2") if dtype is target else _bfloat16_bits(array.astype("f4"))
        else:
            plain = array.astype(target.numpy, copy=False)
        return _memory_of_array(numpy.ascontiguousarray(plain).reshape(-1)), None

    return Tensor(spec, data)


def _memory_of_array(flat: Any) -> memoryview:
    """The bytes of a contiguous array of one dimension where they lie; keeps the array alive."""
    return memoryview(flat.view("u1")).cast("B") if flat.size else memoryview(bytearray())


def _bfloat16_bits(array: Any) -> Any:
    """To nearest, ties to even; NaN stays NaN."""
    import numpy

    words = numpy.ascontiguousarray(array, dtype="<f4").view("<u4")
    rounded = ((words + 0x7FFF + (words >> 16 & 1)) >> 16).astype("<u2")
    return numpy.where(numpy.isnan(array), ((words >> 16) | 0x40).astype("<u2"), rounded)


def _supported() -> str:
    return f"a model may have {', '.join(dtypes)}."


# The way in

Sink = Callable[[TensorSpec], "tuple[memoryview, Callable[[], Any]]"]


def list_sink(spec: TensorSpec) -> tuple[memoryview, Callable[[], Any]]:
    """Memory to read a tensor's bytes into, and what makes nested lists of them."""
    buffer = bytearray(spec.size)
    return memoryview(buffer), lambda: nest(unpack(spec.dtype, buffer), spec.shape)


def numpy_sink(spec: TensorSpec) -> tuple[memoryview, Callable[[], Any]]:
    """The same for a NumPy array of its own; bfloat16 becomes float32."""
    numpy = require("numpy", "numpy()")
    array = numpy.empty(spec.count, dtype=spec.dtype.numpy or "<u2")

    def finish() -> Any:
        if spec.dtype.numpy is None:
            return (array.astype("<u4") << 16).view("<f4").reshape(spec.shape)
        return array.reshape(spec.shape)

    view = _memory_of_array(array)
    return view, finish


def torch_sink(spec: TensorSpec) -> tuple[memoryview, Callable[[], Any]]:
    """The same for a PyTorch tensor on the CPU."""
    torch = require("torch", "torch()")
    if sys.byteorder != "little":
        view, lists = list_sink(spec)
        return view, lambda: torch.tensor(lists(), dtype=getattr(torch, spec.dtype.torch)).reshape(spec.shape)
    tensor = torch.empty(spec.shape, dtype=getattr(torch, spec.dtype.torch))
    return _memory_of(tensor, spec.size), lambda: tensor
