"""When to try again, and after how long."""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime

from .errors import APIError, ConnectionError, TimeoutError

FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 10.0
LONGEST_OBEYED = 60.0

_PASSING_STATUS = {408, 429, 502, 503, 504}


def is_passing(error: BaseException) -> bool:
    """Whether the same request may well succeed a little later. 500 is not among them: a bug stays one."""
    if isinstance(error, APIError):
        return error.status_code in _PASSING_STATUS or error.code == "idempotency_in_progress"
    return isinstance(error, (ConnectionError, TimeoutError))


def backoff(error: BaseException, failures: int) -> float | None:
    """Seconds to wait after ``failures`` failed attempts: what the server asked for, else exponential with full jitter.

    None when it asked for more than a minute: coming back earlier would be rude, and waiting that long should be the
    caller's decision.
    """
    jitter = random.random() * min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** min(failures - 1, 30))
    asked = error.retry_after if isinstance(error, APIError) else None
    if asked is None:
        return jitter
    return asked + min(jitter, FIRST_BACKOFF) if asked <= LONGEST_OBEYED else None


def retry_after(header: str | None) -> float | None:
    """Seconds that a Retry-After header asks for: a number of them, or an HTTP date (RFC 9110 §10.2.3)."""
    if not header or not header.strip():
        return None
    try:
        return max(0.0, float(header)) if float(header) < float("inf") else None
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
