"""An end to waiting."""

from __future__ import annotations

import time
from typing import cast

from .._runtime.aio import sleep
from .._settings import CallOptions, usable_timeout


class AsyncDeadline:
    """``seconds`` from now; None: never."""

    def __init__(self, seconds: float | None) -> None:
        self._end = float("inf") if seconds is None else time.monotonic() + usable_timeout(seconds)

    def left(self) -> float:
        return self._end - time.monotonic()

    def options(self, options: CallOptions | None, timeout: float) -> CallOptions:
        """Options for one request, which may not stand still beyond the deadline, nor be repeated without looking at it."""
        bounded = max(0.001, min(timeout, self.left()))
        return cast(CallOptions, {**(options or {}), "timeout": bounded, "max_retries": 0})

    async def pause(self, seconds: float) -> None:
        await sleep(max(0.0, min(seconds, self.left())))
