"""For the asynchronous client, on asyncio: whatever waits, lets others go on."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from .._device.flag import LOOK_EVERY, Flag

T = TypeVar("T")
ReadInto = Callable[[memoryview], int]

MOST_AT_ONCE = 100

Owner = tuple[int, asyncio.AbstractEventLoop]


def owner() -> Owner:
    """Whose connections may be used here: those of this event loop of this process."""
    return os.getpid(), asyncio.get_running_loop()


def is_gone(other: Owner) -> bool:
    process, loop = other
    return process != os.getpid() or loop.is_closed()


class Turns:
    """So many tasks may call at once, and others wait, however many there are: a process may have a thousand
    connections or so."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(MOST_AT_ONCE)

    async def acquire(self) -> None:
        await self._free.acquire()

    def release(self) -> None:
        self._free.release()


async def sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """What takes the processor or a disk for a while."""
    return await asyncio.to_thread(work, *arguments)


async def each(values: Iterator[T]) -> AsyncIterator[T]:
    """What a disk or the processor takes a while to give."""
    end = object()
    while (value := await asyncio.to_thread(next, values, end)) is not end:
        yield value  # type: ignore[misc]


async def read_through(read_into: Callable[[memoryview], Awaitable[int]], work: Callable[[ReadInto], T]) -> T:
    """``work``, in a thread, with what gives it the bytes that it asks for: they are read by this loop."""
    loop = asyncio.get_running_loop()
    reading: list[Future[int]] = []
    over = threading.Event()

    async def read(view: memoryview) -> int:
        return await read_into(view)

    def blocking(view: memoryview) -> int:
        if over.is_set():
            raise CancelledError
        reading[:] = [asyncio.run_coroutine_threadsafe(read(view), loop)]
        return reading[0].result()

    try:
        return await asyncio.to_thread(work, blocking)
    finally:
        over.set()
        for future in reading:
            future.cancel()


class Done:
    """Set once, and waited for."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    async def wait(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except (TimeoutError, asyncio.TimeoutError):
            pass
        return self._event.is_set()


class Lock:
    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> None:
        await self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


class Background:
    """Work that goes on beside the rest, and is not waited for."""

    def __init__(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        self._task = asyncio.ensure_future(work())

    def abandon(self) -> None:
        """Nobody may be left behind in a loop that ends."""
        self._task.cancel()


async def wait_for_flag(flag: threading.Event, seconds: float) -> bool:
    """A flag may be set by any thread, or in a signal handler: nobody is woken, so it is looked at now and then."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not flag.is_set() and (left := end - loop.time()) > 0:
        await asyncio.sleep(min(left, LOOK_EVERY))
    return flag.is_set()


async def outcome_unless(flag: Flag, work: Callable[[], Awaitable[T]], end: Callable[[], Awaitable[None]]) -> T | None:
    """What ``work`` gives. When the flag is set before it is done, it is cancelled, and this gives None."""
    task = asyncio.ensure_future(work())
    try:
        while not task.done() and not flag.is_set():
            await asyncio.wait([task], timeout=LOOK_EVERY)
        if task.done():
            return task.result()
        await end()
        return None
    finally:
        task.cancel()
        await asyncio.wait([task])


async def result_of(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function of the user's gives: a coroutine function in this loop, any other one in a thread."""
    if inspect.iscoroutinefunction(function):
        return await function(*arguments)
    result = await asyncio.to_thread(function, *arguments)
    return await result if inspect.isawaitable(result) else result


def traced(note: Callable[[str, Mapping[str, Any]], None]) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    """As httpx2 calls it."""

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        note(event, info)

    return trace
