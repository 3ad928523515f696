"""Packages that tests use where they are installed."""

from __future__ import annotations

import importlib
import unittest
from typing import Any


def optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


numpy = optional("numpy")
torch = optional("torch")

needs_numpy = unittest.skipUnless(numpy, "NumPy is not installed (Debian: python3-numpy)")
needs_torch = unittest.skipUnless(torch, "PyTorch is not installed (Debian: python3-torch)")
needs_matplotlib = unittest.skipUnless(optional("matplotlib"), "matplotlib is not installed")
