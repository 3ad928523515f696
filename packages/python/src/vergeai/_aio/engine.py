"""What carries every call of the API."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from .._arguments import request_json
from .._attribute_dict import with_attributes
from .._operations import Operation, operations
from .._problem import LONGEST_PROBLEM, parsed_body, problem_of, require_json
from .._settings import CallOptions, Settings, usable_count, usable_timeout
from ..errors import APIError, VergeAIError
from .retrying import with_retries
from .transport import AsyncReply, AsyncTransport


class AsyncEngine:
    """Adds the key, repeats what is safe to repeat, and turns everything but a success into a typed error."""

    def __init__(self, settings: Settings, transport: AsyncTransport) -> None:
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

    async def call(self, name: str, given: Mapping[str, Any], options: CallOptions | None = None) -> tuple[int, Any]:
        """Calls the operation ``name``; gives the status that answers print, and the body ({} when there is none).

        All attempts of one POST carry one Idempotency-Key.
        """
        operation = operations()[name]
        options = options or {}
        timeout, max_retries = self.limits(options)
        url, body = self.address(operation, given)
        headers = {**self.headers(options), "Accept": "application/json"}
        if operation.method != "GET":
            headers["Idempotency-Key"] = options.get("idempotency_key") or uuid.uuid4().hex
        if body is not None:
            headers["Content-Type"] = "application/json"
        patience = timeout + float(given.get("wait") or 0 if "wait" in operation.query else 0)

        async def attempt(_: int) -> Any:
            async with await self.transport.send(
                operation.method, url, headers=headers, timeout=patience, authorization=self.settings.api_key, body=body
            ) as reply:
                if not 200 <= reply.status < 300:
                    raise await api_error(reply)
                if reply.status == 204:
                    return with_attributes({})
                require_json(reply.status, reply.header)
                return parsed_body(reply.status, reply.header, await reply.read())

        return operation.status_code, await with_retries(max_retries, attempt)

    def headers(self, options: CallOptions) -> dict[str, str]:
        return {**self.settings.headers, **options.get("headers", {})}

    def address(self, operation: Operation, given: Mapping[str, Any]) -> tuple[str, bytes | None]:
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


async def api_error(reply: AsyncReply) -> APIError:
    """The typed error for an answer that is not a success. Reads its body."""
    return problem_of(reply.status, reply.reason, reply.header, await reply.read(LONGEST_PROBLEM))
