"""A device outlives its server's restarts."""

from __future__ import annotations

import random

from ..errors import APIError

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 15.0
LONGEST_OBEYED = 60.0


class Pauses:
    """They grow while things fail, with jitter; each is at least as long as the server asked for, up to a minute."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    def after(self, error: BaseException | None) -> float:
        """Seconds to wait now."""
        growing = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures, 10))
        self._failures += 1
        asked = error.retry_after if isinstance(error, APIError) else None
        return max(growing * (0.5 + random.random() / 2), min(asked or 0.0, LONGEST_OBEYED))
