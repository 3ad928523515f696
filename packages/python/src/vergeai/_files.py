"""Models in files, without a server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ._models.read import Form, read_model, require_form
from ._models.source import Model, _format_of, model_source


def load_model(path: str | os.PathLike[str], form: Form = "dict") -> dict[str, Any]:
    """Reads a .json or .safetensors file as a dict of nested lists (``"dict"``), arrays (``"numpy"``) or tensors
    (``"torch"``).

    :raises ModelError: the file is neither.
    """
    require_form(form)
    with Path(path).open("rb", buffering=0) as file:
        format = _format_of(file.read(1024), f"The file {Path(path).name!r}")
        file.seek(0)
        return read_model(lambda view: file.readinto(view) or 0, format, form)[0]


def save_model(model: Model, path: str | os.PathLike[str]) -> None:
    """Writes what an upload would send: nested lists as JSON, arrays and tensors as safetensors.

    :raises ModelError: this is no model.
    """
    source = model_source(model)
    with Path(path).open("wb") as file:
        for chunk in source.chunks():
            file.write(chunk)
