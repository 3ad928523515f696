"""How to reach the server, and what came in the way."""

from __future__ import annotations

import builtins
import os
import select
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any
from urllib.parse import SplitResult, urlsplit

# httpx2 would import this in the midst of its first call, where a signal handler that calls, too, finds it half done.
import httpcore2
import httpx2

from ._version import __version__
from .errors import ConnectionError, TimeoutError, VergeAIError

Origin = tuple[str, str]

IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Route:
    """What a client was told of the way to the server."""

    ssl_context: ssl.SSLContext | None = None
    proxy: str | None = None
    http_client: Any = None
    """A client of httpx2's, or what makes one."""

    def __post_init__(self) -> None:
        if self.http_client is not None and (self.ssl_context or self.proxy):
            raise VergeAIError("An http_client brings its own TLS settings and proxies: leave ssl_context and proxy out.")

    def __repr__(self) -> str:
        # A proxy's address may have a password in it.
        return "Route(…)"


class Certificates:
    """The TLS settings of all connections; reading the machine's certificates takes a while, so it is done once."""

    def __init__(self, given: ssl.SSLContext | None) -> None:
        self._given = given
        self._never_used: ssl.SSLContext | None = None

    def for_scheme(self, scheme: str) -> ssl.SSLContext:
        if scheme == "https" or self._given:
            self._given = self._given or httpx2.create_ssl_context()
            return self._given
        self._never_used = self._never_used or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._never_used


def how(route: Route, certificates: Certificates, origin: Origin) -> dict[str, Any]:
    """What one of httpx2's clients is made with."""
    return {
        "verify": certificates.for_scheme(origin[0]),
        "proxy": route.proxy,
        # A client is shared by whoever comes along: nothing is remembered from one call to the next.
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        "limits": httpx2.Limits(max_keepalive_connections=1, keepalive_expiry=IDLE_SECONDS),
        "headers": {"User-Agent": f"vergeai-python/{__version__}"},
    }


def origin_of(url: SplitResult) -> Origin:
    return url.scheme, url.netloc


def named(method: str, url: str) -> str:
    """The request as errors tell of it: without the query, which may hold a ticket."""
    parts = urlsplit(url)
    return f"{method} {parts.scheme}://{parts.netloc}{parts.path}"


class Wire:
    """The connection of one client, as far as httpx2 tells of it: it has one at a time."""

    def __init__(self, scheme: str) -> None:
        self._process = os.getpid()
        self._is_plain = scheme == "http"
        self._stream: Any = None

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpx2 tells while it connects (its extension "trace")."""
        stream = info.get("return_value")
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")) and hasattr(stream, "get_extra_info"):
            self._stream = stream

    def _socket(self) -> Any:
        return self._stream.get_extra_info("socket") if self._stream is not None else None

    @property
    def is_ours(self) -> bool:
        """Whether this process made it. After a fork the child has its parent's connections, and may not use them."""
        return self._process == os.getpid()

    def require_ours(self, what: str) -> None:
        if not self.is_ours:
            raise ConnectionError(f"{what}: this exchange was begun by the process that this one was forked from.")

    def has_something_to_say(self) -> bool:
        """Whether the other side has sent something, or has closed; only told on connections without TLS."""
        sock = self._socket() if self._is_plain else None
        return sock is not None and _readable(sock)

    def interrupt(self) -> None:
        """Ends what another thread or task waits for."""
        sock = self._socket()
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def let_go(self) -> None:
        """In a child: its own end is closed, and whoever is at the other ends notices nothing."""
        close = getattr(self._socket(), "close", None)
        if close is not None:
            close()


def _readable(sock: Any) -> bool:
    try:
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(sock, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


def answered_early() -> Exception:
    """What makes httpx2 read the answer to a request whose body ends too soon, as it does when it can't be sent."""
    return httpcore2.WriteError()


class explained:
    """Turns what httpx2 raises into an error of this package, without the frames that hold headers."""

    def __init__(self, what: str, timeout: float) -> None:
        self._what = what
        self._timeout = timeout

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, httpx2.TimeoutException):
            raise TimeoutError(f"{self._what}: nothing moved for {self._timeout:g} s.") from _bare(error)
        if isinstance(error, (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol, httpx2.InvalidURL)):
            raise VergeAIError(f"{self._what}: {error}.") from _bare(error)
        if isinstance(error, (httpx2.TransportError, httpx2.StreamError)):
            cause = _bare(error)
            reason = _said_by_the_machine(cause) or str(cause) or str(error) or type(error).__name__
            raise ConnectionError(f"{self._what}: {reason.rstrip('.')}.{_way_out(cause)}") from cause


def _bare(error: BaseException) -> BaseException:
    """The first cause of an error, without frames and without causes of its own."""
    while True:
        error.__traceback__ = None
        cause = _cause_of(error)
        if cause is None:
            error.__cause__ = error.__context__ = None
            return error
        error = cause


def _cause_of(error: BaseException) -> BaseException | None:
    """httpx2 hides what the machine said behind "from None"; asyncio may have tried several addresses."""
    attempts: Any = getattr(error, "exceptions", None)
    if attempts or error.__cause__:
        return attempts[0] if attempts else error.__cause__
    # What else went wrong before is another matter.
    before = error.__context__
    is_its_own = isinstance(before, OSError) or type(before).__module__.startswith("anyio")
    return before if is_its_own and not isinstance(error, OSError) else None


def _said_by_the_machine(error: BaseException) -> str:
    """asyncio has words of its own for what the machine calls "Connection refused"."""
    code = error.errno if isinstance(error, builtins.ConnectionError) else None
    return f"[Errno {code}] {os.strerror(code)}" if code else ""


def _way_out(error: BaseException) -> str:
    """Nobody is at that address, or there is no such address: most often it is the wrong one, or the default."""
    if isinstance(error, (builtins.ConnectionRefusedError, socket.gaierror)):
        return " Is the server running, and is this its address? Set vergeai.base_url, base_url=… or VERGEAI_BASE_URL."
    return ""
