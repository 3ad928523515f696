"""Trying again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from .._backoff import backoff, is_passing
from .._runtime.aio import sleep

T = TypeVar("T")


async def with_retries(max_retries: int, attempt: Callable[[int], Awaitable[T]]) -> T:
    """Calls ``attempt(failures so far)`` until it succeeds, fails for good, or has been repeated ``max_retries`` times."""
    failures = 0
    while True:
        try:
            return await attempt(failures)
        except Exception as error:
            failures += 1
            delay = backoff(error, failures) if is_passing(error) and failures <= max_retries else None
            if delay is None:
                raise
        await sleep(delay)
