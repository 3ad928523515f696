"""Models as they come in: as nested lists, NumPy arrays or PyTorch tensors."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args

from .._guards import is_object
from ..errors import ModelError, VergeAIError
from . import safetensors
from .layout import Format, Layout, quoted
from .numbers import flatten
from .safetensors import ReadInto
from .tensors import Sink, list_sink, numpy_sink, require, torch_sink

Form = Literal["dict", "numpy", "torch"]

_sinks: dict[str, Sink] = {"dict": list_sink, "numpy": numpy_sink, "torch": torch_sink}


def require_form(form: str) -> None:
    """Fails before anything travels when the form is unknown, or what it needs is not installed."""
    if form not in get_args(Form):
        raise VergeAIError(f"A model is given as one of {', '.join(get_args(Form))}, not as {form!r}.")
    if form != "dict":
        require(form, f"A model as {form}")


def read_model(read_into: ReadInto, format: Format, form: Form) -> tuple[dict[str, Any], Layout]:
    """Reads a model to its end. JSON numbers are float64, whatever the form. Raises ModelError for what is no model."""
    if format == "safetensors":
        values, specs = safetensors.read(read_into, _sinks[form])
        return values, Layout("safetensors", specs)
    try:
        model = json.loads(_read_all(read_into))
    except ValueError as error:
        raise ModelError(f"This is no JSON model: {error}.") from None
    if not is_object(model):
        raise ModelError("This is no JSON model: it is no object of tensors.")
    return {name: _given_as(form, name, tensor) for name, tensor in model.items()}, Layout("json", {})


def _read_all(read_into: ReadInto) -> bytes:
    data = bytearray()
    block = memoryview(bytearray(256 * 1024))
    while count := read_into(block):
        data += block[:count]
    return bytes(data)


def _given_as(form: Form, name: str, tensor: Any) -> Any:
    if form == "dict":
        return tensor
    shape, flat = flatten(name, tensor)
    try:
        if form == "numpy":
            return require("numpy", "numpy()").array(flat, dtype="float64").reshape(shape)
        torch = require("torch", "torch()")
        return torch.tensor(flat, dtype=torch.float64).reshape(shape)
    except (TypeError, ValueError) as error:
        raise ModelError(f"Tensor {quoted(name)} is not made of numbers: {error}.") from None
