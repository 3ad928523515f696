"""Clients: one for each server, key or thread that wants its own, and the module's."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable, Mapping

from ._download import ModelDownload
from ._http import Transport
from ._request import Engine
from ._settings import (
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
from .resources import APIKeys, Devices, Experiments, Jobs, Projects, Users


class Client:
    """The API with a key and an address of its own. May be shared by threads.

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

    >>> with vergeai.Client(api_key="…", base_url="https://api.example.com") as client:  # doctest: +SKIP
    ...     client.Project.list()
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
    ) -> None:
        settings = Settings(
            api_key=usable_key(api_key),
            base_url=usable_url(base_url or default_base_url()),
            timeout=usable_timeout(timeout),
            max_retries=usable_count(max_retries),
            headers=dict(headers or {}),
            ssl_context=ssl_context,
        )
        engine = Engine(settings, Transport(ssl_context))
        self._engine = engine
        self.base_url: str = settings.base_url
        self.Experiment = Experiments(lambda: engine)
        self.Project = Projects(lambda: engine)
        self.Job = Jobs(lambda: engine)
        self.Device = Devices(lambda: engine)
        self.APIKey = APIKeys(lambda: engine)
        self.User = Users(lambda: engine)

    def download(
        self, model_url: str, *, sha256: str | None = None, options: CallOptions | None = None
    ) -> ModelDownload:
        """The model behind a signed link, such as the ``model_url`` that ``Device.next_job`` gives.

        :param sha256: what the bytes must hash to, in hex; otherwise what the server announces.
        """
        return ModelDownload(self._engine, lambda: model_url, options, sha256)

    def close(self) -> None:
        """Closes all connections; what other threads wait for ends with a ConnectionError."""
        self._engine.transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"vergeai.Client(base_url={self.base_url!r})"


def module_base_url() -> str:
    """``vergeai.base_url`` as it is now."""
    base_url: str | None = sys.modules[__package__].base_url
    return base_url or default_base_url()


def _module_engine() -> Callable[[], Engine]:
    """Gives an engine with what ``vergeai.api_key`` and its neighbours are at that moment; connections are kept."""
    transport = Transport()

    def engine() -> Engine:
        module = sys.modules[__package__]
        settings = Settings(
            api_key=usable_key(module.api_key),
            base_url=usable_url(module_base_url()),
            timeout=usable_timeout(module.timeout),
            max_retries=usable_count(module.max_retries),
        )
        return Engine(settings, transport)

    return engine


module_engine = _module_engine()
