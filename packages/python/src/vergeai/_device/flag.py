"""What a signal handler may touch."""

from __future__ import annotations

import threading
import time

LOOK_EVERY = 0.05


class Flag(threading.Event):
    """An event that may be set in a signal handler: setting it takes no lock, for the thread that the signal has
    interrupted may be holding it. So nobody is woken; whoever waits looks every now and then."""

    def __init__(self) -> None:
        super().__init__()
        self._raised = False

    def is_set(self) -> bool:
        return self._raised

    def set(self) -> None:
        self._raised = True

    def clear(self) -> None:
        self._raised = False

    def wait(self, timeout: float | None = None) -> bool:
        end = float("inf") if timeout is None else time.monotonic() + timeout
        while not self._raised and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_EVERY))
        return self._raised
