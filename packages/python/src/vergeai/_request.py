"""What carries every call of the API."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from ._arguments import request_json
from ._attribute_dict import with_attributes
from ._http import Reply, Transport
from ._operations import Operation, operations
from ._retry import retry_after, with_retries
from ._settings import CallOptions, Settings, usable_count, usable_timeout
from .errors import APIError, ServerError, VergeAIError, by_status

LONGEST_PROBLEM = 1024 * 1024


class Engine:
    """Adds the key, repeats what is safe to repeat, and turns everything but a success into a typed error."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.settings = settings
        self.transport = transport

    def __repr__(self) -> str:
        return f"Engine({self.settings.base_url!r})"

    def limits(self, options: CallOptions | None) -> tuple[float, int]:
        """Timeout in seconds and number of retries: the call's own, or the client's."""
        options = options or {}
        return (
            usable_timeout(options.get("timeout", self.settings.timeout)),
            usable_count(options.get("max_retries", self.settings.max_retries)),
        )

    def call(self, name: str, given: Mapping[str, Any], options: CallOptions | None = None) -> tuple[int, Any]:
        """Calls the operation ``name``; gives the status that answers print, and the body ({} when there is none).

        All attempts of one POST carry one Idempotency-Key.
        """
        operation = operations()[name]
        options = options or {}
        timeout, max_retries = self.limits(options)
        url, body = self._address(operation, given)
        headers = {**self.settings.headers, **options.get("headers", {}), "Accept": "application/json"}
        if operation.method != "GET":
            headers["Idempotency-Key"] = options.get("idempotency_key") or uuid.uuid4().hex
        if body is not None:
            headers["Content-Type"] = "application/json"
        patience = timeout + float(given.get("wait") or 0 if "wait" in operation.query else 0)

        def attempt(_: int) -> Any:
            with self.transport.send(
                operation.method, url, headers=headers, timeout=patience, authorization=self.settings.api_key, body=body
            ) as reply:
                if not 200 <= reply.status < 300:
                    raise api_error(reply)
                return _success_body(reply)

        return operation.status_code, with_retries(max_retries, attempt)

    def _address(self, operation: Operation, given: Mapping[str, Any]) -> tuple[str, bytes | None]:
        """One flat set of arguments becomes path, query and body."""
        path = operation.path.format(**{name: _path_part(name, given.get(name)) for name in operation.path_parameters})
        query = {name: given[name] for name in operation.query if given.get(name) is not None}
        url = f"{self.settings.base_url}{path}" + (f"?{urlencode(query)}" if query else "")
        content = {name: given[name] for name in operation.body if name in given}
        if operation.method == "GET" or not (content or operation.required):
            return url, None
        return url, request_json(content)


def _path_part(name: str, value: Any) -> str:
    """URLs can't hold an empty part, and "." and ".." lose themselves even when they are escaped."""
    if not isinstance(value, str) or value in ("", ".", ".."):
        raise VergeAIError(f"{name} is part of the path and must be an id.")
    return quote(value, safe="")


def _success_body(reply: Reply) -> Any:
    if reply.status == 204:
        reply.read()
        return with_attributes({})

    def not_ours(what: str) -> APIError:
        return APIError(
            f"The server answered {reply.status} with {what}: does base_url point at the API?",
            status_code=reply.status,
            request_id=reply.header("X-Request-Id"),
        )

    if not _is_json(reply):
        raise not_ours("something that is not JSON")
    text = reply.read()
    try:
        return with_attributes(json.loads(text))
    except ValueError:
        raise not_ours("broken JSON") from None


def _is_json(reply: Reply) -> bool:
    return re.match(r"application/([\w.-]+\+)?json\b", reply.header("Content-Type") or "", re.IGNORECASE) is not None


def api_error(reply: Reply) -> APIError:
    """The typed error for an answer that is not a success. Reads its body."""
    text = reply.read(LONGEST_PROBLEM)
    problem: dict[str, Any] = {}
    if _is_json(reply):
        try:
            parsed = json.loads(text)
            problem = parsed if isinstance(parsed, dict) else {}
        except ValueError:
            pass

    def member(name: str) -> str | None:
        """A proxy may speak JSON of its own, so that a member is believed only if it has the right type."""
        value = problem.get(name)
        return value if isinstance(value, str) else None

    errors = problem.get("errors")
    kind = by_status.get(reply.status) or (ServerError if reply.status >= 500 else APIError)
    return kind(
        member("detail") or _plain_detail(reply),
        status_code=reply.status,
        code=member("code"),
        request_id=member("request_id") or reply.header("X-Request-Id"),
        errors=errors if isinstance(errors, list) else None,
        retry_after=retry_after(reply.header("Retry-After")),
    )


def _plain_detail(reply: Reply) -> str:
    if 300 <= reply.status < 400:
        target = reply.header("Location")
        where = f" to {target}" if target else ""
        return f"The server redirects{where}; the client follows no redirects: set base_url to where the API is."
    kind = (reply.header("Content-Type") or "nothing").split(";")[0]
    status = f"{reply.status} {reply.reason}".strip()
    return f"The server, or something in front of it, answered {status} with {kind} instead of a problem document."
