"""A model as a user has it: tensors, a file, or a module of PyTorch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from ._device.job import Update
from ._guards import is_mapping
from ._models.read import Form
from ._models.source import Model
from ._models.tensors import is_array, is_torch


class GivenModel:
    """What is sent, and in which form it comes back."""

    def __init__(self, given: Any, form: Form | None) -> None:
        is_module = hasattr(given, "state_dict") and hasattr(given, "load_state_dict")
        self._module: Any = given if is_module else None
        self._given: Any = given
        self.form: Form = form or ("torch" if self._module is not None else _form_of(given))

    @property
    def tensors(self) -> Model:
        return cast(Model, self._given if self._module is None else self._module.state_dict())

    def for_training(self, tensors: dict[str, Any]) -> Any:
        """What a training function is given: the module, when there is one, with these numbers in it."""
        if self._module is None:
            return tensors
        self._module.load_state_dict(tensors)
        return self._module

    def trained(self, result: Any) -> Any:
        """What it gives back, as something that can be sent. A module may just have been trained where it is."""
        if self._module is None:
            return result
        if result is None or result is self._module:
            return self.tensors
        if isinstance(result, Update) and result.model is self._module:
            return replace(result, model=self.tensors)
        return result

    def keep(self, tensors: dict[str, Any]) -> None:
        """The module has what was trained."""
        if self._module is not None:
            self._module.load_state_dict(tensors)


def _form_of(model: Any) -> Form:
    values = list(model.values()) if is_mapping(model) else []
    if any(is_torch(value) for value in values):
        return "torch"
    return "numpy" if any(is_array(value) for value in values) else "dict"


