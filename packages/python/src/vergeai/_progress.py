"""Progress bars in terminals and notebooks, where the package tqdm is installed."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any, Optional

OnProgress = Callable[[int, Optional[int]], None]
"""Called with the bytes so far and all there are, when that is known."""

# What is over sooner needs no bar.
SMALLEST_BAR_BYTES = 8 * 1024 * 1024
BYTES = "B"


def is_notebook() -> bool:
    """Whether somebody sees what a notebook shows."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def _tqdm(wanted: bool | None) -> Any:
    """tqdm's class: None where nobody would see a bar unless asked for, and None where it is not installed."""
    if wanted is False or (wanted is None and not sys.stderr.isatty() and not is_notebook()):
        return None
    try:
        return importlib.import_module("tqdm.auto").tqdm
    except ImportError:
        return None


class Bar:
    """A bar that counts bytes, updates or rounds, or nothing at all. A context manager."""

    def __init__(self, what: str, total: int | None, wanted: bool | None, on_progress: OnProgress | None = None, *, unit: str = BYTES):
        self._on_progress = on_progress
        self._total = total
        self._is_slow = unit != BYTES
        small = wanted is None and unit == BYTES and (total or 0) < SMALLEST_BAR_BYTES
        make = None if small else _tqdm(wanted)
        scale = {"unit_scale": True, "unit_divisor": 1024} if unit == BYTES else {}
        self._bar = make(total=total, desc=what, leave=False, unit=unit, **scale) if make else None

    def at(self, count: int, note: str | None = None) -> None:
        if self._on_progress:
            self._on_progress(count, self._total)
        if self._bar is not None:
            # Not n = count: a notebook's bar draws what it is told of.
            self._bar.update(count - self._bar.n)
            if note is not None:
                self._bar.set_postfix_str(note)
            elif self._is_slow:
                self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
