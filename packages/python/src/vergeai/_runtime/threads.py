"""For the synchronous client: whatever waits, blocks."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from .._device.flag import LOOK_EVERY, Flag

T = TypeVar("T")
ReadInto = Callable[[memoryview], int]

LONGEST_FAREWELL = 1.0

Owner = int


def owner() -> Owner:
    """Whose connections may be used here: those of this process."""
    return os.getpid()


def is_gone(other: Owner) -> bool:
    return other != os.getpid()


class Turns:
    """As many threads as there are may call at once."""

    def acquire(self) -> None: ...

    def release(self) -> None: ...


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """What takes the processor or a disk for a while; here in this thread."""
    return work(*arguments)


def each(values: Iterator[T]) -> Iterator[T]:
    """What a disk or the processor takes a while to give."""
    return values


def read_through(read_into: ReadInto, work: Callable[[ReadInto], T]) -> T:
    """``work`` with what gives it the bytes that it asks for."""
    return work(read_into)


class Done:
    """Set once, and waited for."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        return self._event.wait(seconds)


class Lock:
    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Background:
    """Work that goes on beside the rest, and is not waited for."""

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self._thread = threading.Thread(target=work, name=name, daemon=True)
        self._thread.start()

    def abandon(self) -> None:
        """It ends by itself."""


def wait_for_flag(flag: threading.Event, seconds: float) -> bool:
    return flag.wait(seconds)


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


def result_of(function: Callable[..., T], *arguments: Any) -> T:
    """What a function of the user's gives, called in this thread."""
    return function(*arguments)


def traced(note: Callable[[str, Mapping[str, Any]], None]) -> Callable[[str, Mapping[str, Any]], None]:
    """As httpx2 calls it."""
    return note
