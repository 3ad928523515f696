"""A device outlives its server's restarts."""

from __future__ import annotations

import random
import threading
import time

from .._retry import is_passing
from ..errors import APIError, VergeAIError

LONGEST_PAUSE = 15.0


def is_temporary(error: VergeAIError) -> bool:
    """Whether a device should come back later. More than what a single call repeats: a server's fault, or a full disk,
    is not the end of a device."""
    return is_passing(error) or (isinstance(error, APIError) and error.status_code >= 500)


class Backoff:
    """Pauses that grow while things fail, with jitter; at least as long as the server asked for."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def pause(self, error: VergeAIError | None, *unless: threading.Event) -> None:
        """Waits; ends early when one of the events is set."""
        self._failures += 1
        growing = min(LONGEST_PAUSE, 0.25 * 2 ** min(self._failures, 10))
        asked = error.retry_after if isinstance(error, APIError) else None
        end = time.monotonic() + max(growing * (0.5 + random.random() / 2), min(asked or 0.0, 60.0))
        while (left := end - time.monotonic()) > 0 and not any(event.is_set() for event in unless):
            time.sleep(min(left, 0.05))
