"""A device outlives its server's restarts."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from ..errors import APIError
from .refusals import Reaction

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 15.0
LONGEST_OBEYED = 60.0

T = TypeVar("T")


class Backoff:
    """Pauses that grow while things fail, with jitter; at least as long as the server asked for, up to a minute."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def pause(self, error: BaseException | None, unless: threading.Event) -> None:
        """Waits; ends early when the event is set."""
        growing = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures, 10))
        self._failures += 1
        asked = error.retry_after if isinstance(error, APIError) else None
        end = time.monotonic() + max(growing * (0.5 + random.random() / 2), min(asked or 0.0, LONGEST_OBEYED))
        unless.wait(end - time.monotonic())


class Setback(Exception):
    """What came in the way, and what the device does about it other than trying again."""

    def __init__(self, error: Exception, reaction: Reaction) -> None:
        super().__init__(str(error))
        self.error = error
        self.reaction = reaction


def persist(
    react: Callable[[Exception], Reaction],
    unless: threading.Event,
    on_again: Callable[[Exception], None],
    attempt: Callable[[bool], T],
) -> T:
    """Calls ``attempt`` again for as long as ``react`` says so, with pauses; with True after an attempt whose ticket or
    link was spent. ``on_again`` hears of each failure that is tried again.

    :raises Setback: something else is to be done, or the event was set.
    """
    backoff = Backoff()
    renew = False
    while True:
        try:
            return attempt(renew)
        except Exception as error:
            reaction = react(error)
            if unless.is_set():
                raise Setback(error, "let_go") from error
            if reaction not in ("again", "renew"):
                raise Setback(error, reaction) from error
            renew = reaction == "renew"
            on_again(error)
            backoff.pause(error, unless)
            if unless.is_set():
                raise Setback(error, "let_go") from error
