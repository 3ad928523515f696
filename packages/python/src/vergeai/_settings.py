"""What a client needs to know, checked once."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict
from urllib.parse import urlsplit

from .errors import VergeAIError

DEFAULT_TIMEOUT = 60.0
DEFAULT_MAX_RETRIES = 4


class CallOptions(TypedDict, total=False):
    """What any single call may decide for itself: ``Job.get(…, options={"timeout": 5})``."""

    timeout: float
    """How long one attempt may stand still, in seconds."""
    max_retries: int
    """How often the call is repeated when it fails for a passing reason."""
    idempotency_key: str
    """Makes a POST safe to repeat, also by another process; each call makes its own when this is left out."""
    headers: Mapping[str, str]
    """Sent in addition."""


class Secret:
    """A key that shows itself to nobody who does not ask for it."""

    __slots__ = ("_reveal",)

    def __init__(self, text: str) -> None:
        # In a closure, where nothing that prints attributes finds it.
        self._reveal: Callable[[], str] = lambda: text

    def reveal(self) -> str:
        return self._reveal()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("A key is not to be pickled or copied.")


@dataclass(frozen=True)
class Settings:
    api_key: Secret
    base_url: str
    timeout: float = DEFAULT_TIMEOUT
    max_retries: int = DEFAULT_MAX_RETRIES
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def usable_key(key: str | None) -> Secret:
    """Checked here, because what travels in a header can't be just any text."""
    key = key or os.environ.get("VERGEAI_API_KEY")
    if not key:
        raise VergeAIError("No API key: set vergeai.api_key, pass api_key=…, or set VERGEAI_API_KEY.")
    if not isinstance(key, str) or not re.fullmatch(r"[\x21-\x7e]+", key):
        raise VergeAIError("The API key has characters that no key has, such as a space or a line break.")
    return Secret(key)


def default_base_url() -> str:
    return os.environ.get("VERGEAI_BASE_URL") or "http://localhost:3000"


def module_base_url() -> str:
    """``vergeai.base_url`` as it is now."""
    base_url: str | None = sys.modules["vergeai"].base_url
    return base_url or default_base_url()


def usable_url(base_url: str) -> str:
    if not _is_address(base_url) or re.search(r"[\s\x00-\x1f\x7f]", base_url):
        raise VergeAIError(
            "base_url must be an http or https URL without user, query or fragment, such as https://api.example.com."
        )
    return base_url.rstrip("/")


def _is_address(base_url: str) -> bool:
    try:
        parts = urlsplit(base_url)
        is_http = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except (ValueError, AttributeError):
        return False
    return bool(is_http) and not ("@" in parts.netloc or parts.query or parts.fragment)


def usable_timeout(timeout: float) -> float:
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool) and 0 < timeout < math.inf:
        return timeout
    raise VergeAIError("timeout must be a number of seconds above 0.")


def usable_count(max_retries: int) -> int:
    if isinstance(max_retries, int) and not isinstance(max_retries, bool) and max_retries >= 0:
        return max_retries
    raise VergeAIError("max_retries must be a whole number, 0 or more.")
