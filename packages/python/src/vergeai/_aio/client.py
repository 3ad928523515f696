"""Clients: one for each server or key."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping

import httpx2

from .._connecting import Route
from .._settings import (
    DEFAULT_MAX_RETRIES,
    DEFAULT_TIMEOUT,
    CallOptions,
    Settings,
    default_base_url,
    usable_count,
    usable_key,
    usable_timeout,
    usable_url,
)
from .download import AsyncModelDownload
from .engine import AsyncEngine
from .resources.api_key import AsyncAPIKeys
from .resources.device import AsyncDevices
from .resources.experiment import AsyncExperiments
from .resources.job import AsyncJobs
from .resources.project import AsyncProjects
from .resources.sweep import AsyncSweeps
from .resources.user import AsyncUsers
from .transport import AsyncTransport


class AsyncClient:
    """The API with a key and an address of its own. May be shared, and used on after a fork.

    Each method returns ``{"statusCode": …, "body": …}`` and raises an :class:`APIError` subclass for an answer that is
    not a success, :class:`ConnectionError` when no whole answer came, or :class:`TimeoutError`.

    Repeated up to ``max_retries`` times, waiting as ``Retry-After`` says or exponentially with full jitter: lost
    connections, timeouts, 408, 429, 502, 503, 504. That is safe for a POST, because each call carries an
    ``Idempotency-Key``. 500 is not repeated.

    :param api_key: a user's or a device's key; the environment's VERGEAI_API_KEY when it is left out.
    :param base_url: the environment's VERGEAI_BASE_URL when it is left out, else http://localhost:3000.
    :param timeout: how long one attempt may stand still, in seconds.
    :param headers: sent with every request to the API, for instance for tracing.
    :param ssl_context: for certificates of your own.
    :param proxy: such as ``"http://user:password@proxy:3128"``; what the environment names when it is left out.
    :param http_client: one of httpx2's to be used instead of those that this makes, or better a function that makes one:
        that goes on after a fork. A client that was passed is not closed.

    >>> async with vergeai.AsyncClient(api_key="…", base_url="https://api.example.com") as client:  # doctest: +SKIP
    ...     await client.Project.list()
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        ssl_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
        http_client: httpx2.AsyncClient | Callable[[], httpx2.AsyncClient] | None = None,
    ) -> None:
        settings = Settings(
            api_key=usable_key(api_key),
            base_url=usable_url(base_url or default_base_url()),
            timeout=usable_timeout(timeout),
            max_retries=usable_count(max_retries),
            headers=dict(headers or {}),
        )
        engine = AsyncEngine(settings, AsyncTransport(Route(ssl_context, proxy, http_client)))
        self._engine = engine
        self.base_url: str = settings.base_url
        self.Experiment = AsyncExperiments(lambda: engine)
        self.Project = AsyncProjects(lambda: engine)
        self.Job = AsyncJobs(lambda: engine)
        self.Sweep = AsyncSweeps(lambda: engine)
        self.Device = AsyncDevices(lambda: engine)
        self.APIKey = AsyncAPIKeys(lambda: engine)
        self.User = AsyncUsers(lambda: engine)

    def download(
        self, model_url: str, *, sha256: str | None = None, options: CallOptions | None = None
    ) -> AsyncModelDownload:
        """The model behind a signed link, such as the ``model_url`` that ``Device.next_job`` gives.

        :param sha256: what the bytes must hash to, in hex; otherwise what the server announces.
        """
        return AsyncModelDownload(self._engine, model_url, options, sha256)

    async def close(self) -> None:
        """Closes all connections; what others wait for ends with a ConnectionError."""
        await self._engine.transport.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"vergeai.AsyncClient(base_url={self.base_url!r})"
