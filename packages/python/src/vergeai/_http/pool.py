"""Connections that are kept open between requests."""

from __future__ import annotations

import base64
import http.client
import select
import socket
import ssl
import threading
import urllib.request
from urllib.parse import SplitResult, unquote, urlsplit

KEPT_PER_HOST = 8

Origin = tuple[str, str, int]


def origin_of(url: SplitResult) -> Origin:
    return url.scheme, url.hostname or "", url.port or (443 if url.scheme == "https" else 80)


class Connection:
    """One connection to one origin, straight or through the proxy that the environment names."""

    def __init__(self, origin: Origin, timeout: float, ssl_context: ssl.SSLContext | None) -> None:
        scheme, host, port = self.origin = origin
        self.sent_all = True
        self.proxy_headers: dict[str, str] = {}
        self.absolute_targets = False
        proxy = _proxy_for(origin)
        where = (proxy.hostname or "", proxy.port or 80) if proxy else (host, port)
        if scheme == "https":
            context = ssl_context or ssl.create_default_context()
            self.http: http.client.HTTPConnection = http.client.HTTPSConnection(*where, timeout=timeout, context=context)
        else:
            self.http = http.client.HTTPConnection(*where, timeout=timeout)
        if proxy:
            headers = _proxy_authorization(proxy)
            if scheme == "https":
                self.http.set_tunnel(host, port, headers)
            else:
                self.absolute_targets, self.proxy_headers = True, headers

    def open(self, timeout: float) -> None:
        if self.http.sock is None:
            self.http.timeout = timeout
            self.http.connect()
        assert self.http.sock is not None
        self.http.sock.settimeout(timeout)

    def has_something_to_say(self) -> bool:
        """Whether the other side has sent something, or has closed; only told on connections without TLS."""
        sock = self.http.sock
        if sock is None or isinstance(sock, ssl.SSLSocket):
            return False
        return _readable(sock)

    @property
    def is_stale(self) -> bool:
        """Whether an idle connection has been closed by the other side meanwhile."""
        return self.http.sock is None or _readable(self.http.sock)

    def interrupt(self) -> None:
        """Ends what another thread waits for on this connection."""
        sock = self.http.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        self.http.close()


class Pool:
    """Keeps idle connections; safe to use from several threads."""

    def __init__(self, ssl_context: ssl.SSLContext | None) -> None:
        self._ssl_context = ssl_context
        self._lock = threading.Lock()
        self._idle: dict[Origin, list[Connection]] = {}
        self._busy: set[Connection] = set()
        self._closed = False

    def take(self, origin: Origin, timeout: float) -> Connection:
        with self._lock:
            if self._closed:
                raise OSError("this client was closed")
            idle = self._idle.get(origin, [])
            while idle:
                connection = idle.pop()
                if not connection.is_stale:
                    self._busy.add(connection)
                    return connection
                connection.close()
            connection = Connection(origin, timeout, self._ssl_context)
            self._busy.add(connection)
        return connection

    def give_back(self, connection: Connection) -> None:
        """For a connection on which a whole answer has been read."""
        with self._lock:
            self._busy.discard(connection)
            idle = self._idle.setdefault(connection.origin, [])
            if not self._closed and connection.http.sock is not None and len(idle) < KEPT_PER_HOST:
                idle.append(connection)
                return
        connection.close()

    def drop(self, connection: Connection) -> None:
        with self._lock:
            self._busy.discard(connection)
        connection.close()

    def close(self) -> None:
        """Closes idle connections, and ends what other threads wait for."""
        with self._lock:
            self._closed = True
            idle = [connection for kept in self._idle.values() for connection in kept]
            busy = list(self._busy)
            self._idle.clear()
        for connection in idle:
            connection.close()
        for connection in busy:
            connection.interrupt()


def _readable(sock: socket.socket) -> bool:
    try:
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(sock, select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([sock], [], [], 0)[0])
    except (OSError, ValueError):
        return True


def _proxy_for(origin: Origin) -> SplitResult | None:
    scheme, host, port = origin
    url = urllib.request.getproxies().get(scheme)
    if not url or urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    proxy = urlsplit(url if "://" in url else f"http://{url}")
    return proxy if proxy.hostname else None


def _proxy_authorization(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair).decode("ascii")}
