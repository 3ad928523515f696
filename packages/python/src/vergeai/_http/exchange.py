"""One request and its answer."""

from __future__ import annotations

import builtins
import http.client
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from urllib.parse import SplitResult, urlsplit

from .._settings import Secret
from ..errors import ConnectionError, TimeoutError
from .pool import Connection, Pool, origin_of

# An answer that is not a model is small; what is longer is not worth keeping the connection for.
LONGEST_DRAIN = 64 * 1024
BLOCK = 64 * 1024


class Reply:
    """An answer whose body is read by whoever asked. To be closed; ``with`` does that."""

    def __init__(self, what: str, timeout: float, pool: Pool, connection: Connection, response: http.client.HTTPResponse):
        self._what = what
        self._timeout = timeout
        self._pool = pool
        self._connection: Connection | None = connection
        self._response = response
        self.status = response.status
        self.reason = response.reason

    def header(self, name: str) -> str | None:
        value = self._response.getheader(name)
        return None if value is None else str(value)

    def read(self, amount: int | None = None) -> bytes:
        with _explained(self._what, self._timeout):
            self._require_ours()
            return self._response.read(amount)

    def readinto(self, buffer: memoryview) -> int:
        """Reads at most ``len(buffer)`` bytes; 0 at the end. Unlike ``read`` it does not notice a body that is cut off."""
        with _explained(self._what, self._timeout):
            self._require_ours()
            return self._response.readinto(buffer)

    def _require_ours(self) -> None:
        if self._connection is not None:
            self._connection.require_ours()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        reusable = not self._response.will_close and self._response.isclosed() and connection.sent_all
        if reusable:
            self._pool.give_back(connection)
        else:
            self._pool.drop(connection)

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *_: object) -> None:
        left = self._response.length
        ours = self._connection is not None and self._connection.is_ours
        if ours and not self._response.isclosed() and left is not None and left < LONGEST_DRAIN:
            try:
                self._response.read(LONGEST_DRAIN)
            except (OSError, http.client.HTTPException):
                pass
        self.close()


class Transport:
    """Sends requests over pooled connections. Redirects are not followed: they would carry the key elsewhere."""

    def __init__(self, ssl_context: ssl.SSLContext | None = None) -> None:
        self._pool = Pool(ssl_context)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout: float,
        authorization: Secret | None = None,
        body: bytes | Iterable[bytes | memoryview] | None = None,
        length: int | None = None,
    ) -> Reply:
        """Sends one request and reads the answer up to its body.

        ``body`` may be an iterable of chunks, sent as they come: with ``length`` as a Content-Length, else in chunks.
        What the iterable raises is raised here as it is. Otherwise raises ConnectionError or TimeoutError.
        """
        parts = urlsplit(url)
        # Without the query, which may hold a ticket.
        what = f"{method} {parts.scheme}://{parts.netloc}{parts.path}"
        connection = self._connect(parts, what, timeout)
        try:
            _send_request(connection, method, parts, headers, authorization, body, length, what, timeout)
            with _explained(what, timeout):
                connection.require_ours()
                response = connection.http.getresponse()
        except BaseException:
            self._pool.drop(connection)
            raise
        return Reply(what, timeout, self._pool, connection, response)

    def _connect(self, parts: SplitResult, what: str, timeout: float) -> Connection:
        with _explained(what, timeout):
            connection = self._pool.take(origin_of(parts), timeout)
            try:
                connection.open(timeout)
            except BaseException:
                self._pool.drop(connection)
                raise
        return connection

    def close(self) -> None:
        """Ends every exchange, also those that other threads wait for. Nothing can be sent afterwards."""
        self._pool.close()


def _send_request(
    connection: Connection,
    method: str,
    parts: SplitResult,
    headers: Mapping[str, str],
    authorization: Secret | None,
    body: bytes | Iterable[bytes | memoryview] | None,
    length: int | None,
    what: str,
    timeout: float,
) -> None:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if connection.absolute_targets:
        target = f"{parts.scheme}://{parts.netloc}{target}"
    http_connection = connection.http
    http_connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in {**connection.proxy_headers, **headers, "Accept-Encoding": "identity"}.items():
        http_connection.putheader(name, value)
    if authorization is not None:
        http_connection.putheader("Authorization", f"Bearer {authorization.reveal()}")
    if isinstance(body, bytes):
        length = len(body)
    elif body is None and method != "GET":
        length = 0
    chunked = length is None and body is not None
    if chunked:
        http_connection.putheader("Transfer-Encoding", "chunked")
    elif length is not None:
        http_connection.putheader("Content-Length", str(length))
    with_headers = body if isinstance(body, bytes) and len(body) <= BLOCK else None
    with _explained(what, timeout):
        http_connection.endheaders(with_headers)
    if body is not None and with_headers is None:
        _send_chunks(connection, _blocks(body) if isinstance(body, bytes) else body, chunked, what, timeout)


def _blocks(body: bytes) -> Iterator[memoryview]:
    view = memoryview(body)
    return (view[start : start + BLOCK] for start in range(0, len(view), BLOCK))


def _send_chunks(connection: Connection, body: Iterable[bytes | memoryview], chunked: bool, what: str, timeout: float) -> None:
    """An answer that comes before everything is sent is a refusal: then the rest stays here, and it is read."""
    send = connection.http.send
    connection.sent_all = False
    for chunk in body:
        if not chunk:
            continue
        if connection.has_something_to_say():
            return
        try:
            with _explained(what, timeout):
                connection.require_ours()
                if chunked:
                    send(b"%x\r\n" % len(chunk))
                send(chunk)
                if chunked:
                    send(b"\r\n")
        except ConnectionError:
            # The other side has closed, most likely after an answer, which may still be read.
            return
    if chunked:
        with _explained(what, timeout):
            send(b"0\r\n\r\n")
    connection.sent_all = True


class _explained:
    """Turns what the standard library raises into an error of this package, without the frames that hold headers."""

    def __init__(self, what: str, timeout: float) -> None:
        self._what = what
        self._timeout = timeout

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, (socket.timeout, builtins.TimeoutError)):
            raise TimeoutError(f"{self._what}: nothing moved for {self._timeout:g} s.") from error.with_traceback(None)
        if isinstance(error, (OSError, http.client.HTTPException)):
            reason = str(error) or type(error).__name__
            raise ConnectionError(f"{self._what}: {reason}.{_way_out(error)}") from error.with_traceback(None)


def _way_out(error: BaseException) -> str:
    """Nobody is at that address, or there is no such address: most often it is the wrong one, or the default."""
    if isinstance(error, (builtins.ConnectionRefusedError, socket.gaierror)):
        return " Is the server running, and is this its address? Set vergeai.base_url, base_url=… or VERGEAI_BASE_URL."
    return ""
