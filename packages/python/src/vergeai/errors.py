"""What can go wrong. Everything this package raises on its own account is a :class:`VergeAIError`."""

from __future__ import annotations

import builtins
from typing import Any

__all__ = [
    "APIError",
    "AuthenticationError",
    "Conflict",
    "ConnectionError",
    "IntegrityError",
    "InvalidRequest",
    "JobCancelled",
    "JobEnded",
    "JobFailed",
    "ModelError",
    "NotFound",
    "PayloadTooLarge",
    "PermissionDenied",
    "RateLimited",
    "ServerError",
    "TimeoutError",
    "Unprocessable",
    "UnsupportedMediaType",
    "VergeAIError",
]


class VergeAIError(Exception):
    """What every error of this package descends from."""


class APIError(VergeAIError):
    """The server answered, and the answer is not a success. Its subclasses say which kind."""

    status_code: int
    """The HTTP status on the wire."""
    code: str | None
    """Stable and snake_case: what a program should look at. None when the answer was not the API's (a proxy's page)."""
    detail: str
    """The server's sentence for people."""
    request_id: str | None
    """What the operator needs to find the request in the logs."""
    errors: list[dict[str, str]]
    """For validation: every part of the request that failed, as ``{"path": JSON pointer, "message": sentence}``."""
    retry_after: float | None
    """How long the server asked to wait, in seconds."""

    def __init__(
        self,
        detail: str,
        *,
        status_code: int,
        code: str | None = None,
        request_id: str | None = None,
        errors: list[dict[str, str]] | None = None,
        retry_after: float | None = None,
    ) -> None:
        marks = ", ".join(filter(None, [code, request_id and f"request {request_id}"]))
        super().__init__(f"{detail} ({marks})" if marks else detail)
        self.detail = detail
        self.status_code = status_code
        self.code = code
        self.request_id = request_id
        self.errors = errors or []
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_api_error, (type(self), self.detail, {k: v for k, v in vars(self).items() if k != "detail"})


def _rebuild_api_error(kind: type[APIError], detail: str, rest: dict[str, Any]) -> APIError:
    return kind(detail, **rest)


class InvalidRequest(APIError):
    """400: the request is malformed, or not valid in the resource's present state; ``code`` says which."""


class AuthenticationError(APIError):
    """401: no key, or one that is unknown, expired or revoked."""


class PermissionDenied(APIError):
    """403: the key may see this, but not do that."""


class NotFound(APIError):
    """404: it does not exist, or the key may not see it."""


class Conflict(APIError):
    """409: lost to another request."""


class PayloadTooLarge(APIError):
    """413: the model or the request is larger than the server takes."""


class UnsupportedMediaType(APIError):
    """415: the bytes are neither JSON nor safetensors."""


class Unprocessable(APIError):
    """422: a model that does not fit (``invalid_model``, with a JSON pointer in ``errors``), or an idempotency
    key used for two requests."""


class RateLimited(APIError):
    """429: too many requests; ``retry_after`` says when to come back."""


class ServerError(APIError):
    """5xx: the server's fault, or that of something in front of it."""


by_status: dict[int, type[APIError]] = {
    400: InvalidRequest,
    401: AuthenticationError,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    413: PayloadTooLarge,
    415: UnsupportedMediaType,
    422: Unprocessable,
    429: RateLimited,
}


class ConnectionError(VergeAIError, builtins.ConnectionError):
    """No whole answer came: refused, reset, cut off, or not found by name. ``__cause__`` has the reason."""


class TimeoutError(VergeAIError, builtins.TimeoutError):
    """Nothing moved for ``timeout`` seconds, or what was waited for did not happen in time."""


class IntegrityError(VergeAIError):
    """The bytes that arrived are not the model that was sent."""


class ModelError(VergeAIError, ValueError):
    """This is no model the API can carry, or it can't be given in the form that was asked for; the message names
    the tensor. Raised before anything is sent."""


class JobEnded(VergeAIError):
    """The job ended without a model; the experiment's model stays where it was."""

    def __init__(self, job: Any, reason: str | None) -> None:
        super().__init__(f"Job {job['ID']} is {job['status']}" + (f": {reason}" if reason else "") + ".")
        self.job = job
        """The job as it ended: a dict like the ``body`` of ``Job.get``."""
        self.reason = reason
        """Why, as the server keeps it; None when it could not be read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.job, self.reason)


class JobFailed(JobEnded):
    """The job is FAILED: too few devices are left, or aggregation failed."""


class JobCancelled(JobEnded):
    """The job is CANCELLED: somebody asked for it, or a termination criterion was met."""
