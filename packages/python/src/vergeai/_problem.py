"""Answers that are not what was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ._attribute_dict import with_attributes
from ._backoff import retry_after
from ._guards import is_list, is_object
from .errors import APIError, ServerError, by_status

Header = Callable[[str], "str | None"]

LONGEST_PROBLEM = 1024 * 1024


def is_json(header: Header) -> bool:
    return re.match(r"application/([\w.-]+\+)?json\b", header("Content-Type") or "", re.IGNORECASE) is not None


def require_json(status: int, header: Header) -> None:
    """:raises APIError: a success that is not the API's, and that nobody should wait for the end of."""
    if not is_json(header):
        raise _not_ours(status, header, "something that is not JSON")


def parsed_body(status: int, header: Header, text: bytes) -> Any:
    """The body of a success.

    :raises APIError: it is not the API's.
    """
    try:
        return with_attributes(json.loads(text))
    except ValueError:
        raise _not_ours(status, header, "broken JSON") from None


def _not_ours(status: int, header: Header, what: str) -> APIError:
    detail = f"The server answered {status} with {what}: does base_url point at the API?"
    return APIError(detail, status_code=status, request_id=header("X-Request-Id"))


def problem_of(status: int, reason: str, header: Header, text: bytes) -> APIError:
    """The typed error for an answer that is not a success."""
    problem: dict[str, Any] = {}
    if is_json(header):
        try:
            parsed = json.loads(text)
            problem = parsed if is_object(parsed) else {}
        except ValueError:
            pass

    def member(name: str) -> str | None:
        """A proxy may speak JSON of its own, so that a member is believed only if it has the right type."""
        value = problem.get(name)
        return value if isinstance(value, str) else None

    errors = problem.get("errors")
    kind = by_status.get(status) or (ServerError if status >= 500 else APIError)
    return kind(
        member("detail") or _plain_detail(status, reason, header),
        status_code=status,
        code=member("code"),
        request_id=member("request_id") or header("X-Request-Id"),
        errors=errors if is_list(errors) else None,
        retry_after=retry_after(header("Retry-After")),
    )


def _plain_detail(status: int, reason: str, header: Header) -> str:
    if 300 <= status < 400:
        target = header("Location")
        where = f" to {target}" if target else ""
        return f"The server redirects{where}; the client follows no redirects: set base_url to where the API is."
    kind = (header("Content-Type") or "nothing").split(";")[0]
    answer = f"{status} {reason}".strip()
    return f"The server, or something in front of it, answered {answer} with {kind} instead of a problem document."
