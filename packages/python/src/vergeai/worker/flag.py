"""What a signal handler may touch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

LOOK_EVERY = 0.05
LONGEST_FAREWELL = 1.0

T = TypeVar("T")


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


def outcome_unless(flag: Flag, work: Callable[[], T], end: Callable[[], None]) -> T | None:
    """What ``work`` gives, done in a thread of its own: not everything that blocks can be ended, such as a connection
    that nobody answers. When the flag is set before it is done, ``end`` ends what can be ended,
    and this gives None; a thread that still does not come back is left alone."""
    given: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(work())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="vergeai-wait", daemon=True)
    thread.start()
    while thread.is_alive() and not flag.is_set():
        thread.join(LOOK_EVERY)
    if thread.is_alive():
        end()
        # A thread that wakes while the interpreter ends could bring the process down.
        thread.join(LONGEST_FAREWELL)
    if raised:
        raise raised[0]
    return given[0] if given else None
