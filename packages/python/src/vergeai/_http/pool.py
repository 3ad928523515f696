"""Connections that are kept open between requests."""

from __future__ import annotations

import base64
import http.client
import os
import select
import socket
import ssl
import urllib.request
from urllib.parse import SplitResult, unquote, urlsplit

from ..errors import VergeAIError

KEPT_PER_HOST = 8

Origin = tuple[str, str, int]


def origin_of(url: SplitResult) -> Origin:
    return url.scheme, url.hostname or "", url.port or (443 if url.scheme == "https" else 80)


class Connection:
    """One connection to one origin, straight or through the proxy that the environment names."""

    def __init__(self, origin: Origin, timeout: float, ssl_context: ssl.SSLContext | None) -> None:
        scheme, host, port = self.origin = origin
        self._process = os.getpid()
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

    @property
    def is_ours(self) -> bool:
        """Whether this process opened it. After a fork the child has its parent's connections, and may not use them."""
        return self._process == os.getpid()

    def require_ours(self) -> None:
        if not self.is_ours:
            raise OSError("this exchange was begun by the process that this one was forked from")

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


class Kept:
    """The connections of one process."""

    def __init__(self) -> None:
        self.idle: dict[Origin, list[Connection]] = {}
        self.busy: set[Connection] = set()


class Pool:
    """Keeps idle connections; safe to use from several threads, from a signal handler, and after a fork.

    There is no lock that an interrupted thread or one that a fork left behind could hold: each step is one operation of
    a dict, list or set, which Python does as a whole. A process that was forked begins with no connections, and never
    touches those of its parent: two processes on one connection would read each other's answers.
    """

    def __init__(self, ssl_context: ssl.SSLContext | None) -> None:
        self._ssl_context = ssl_context
        self._by_process: dict[int, Kept] = {}
        self._closed = False

    def _kept(self) -> Kept:
        process = os.getpid()
        kept = self._by_process.get(process)
        if kept is None:
            kept = self._by_process.setdefault(process, Kept())
            self._let_go_of_others(process)
        return kept

    def _let_go_of_others(self, process: int) -> None:
        """Here alone: the process that opened them has them still."""
        for other in list(self._by_process):
            inherited = self._by_process.pop(other, None) if other != process else None
            if inherited:
                self._close_idle(inherited)
                for connection in list(inherited.busy):
                    connection.close()

    def take(self, origin: Origin, timeout: float) -> Connection:
        kept = self._kept()
        connection = self._idle_connection(kept.idle.setdefault(origin, [])) or Connection(origin, timeout, self._ssl_context)
        kept.busy.add(connection)
        # Looked at when it is among those that close() interrupts.
        if self._closed:
            self.drop(connection)
            raise OSError("this client was closed")
        return connection

    def _idle_connection(self, idle: list[Connection]) -> Connection | None:
        while True:
            try:
                connection = idle.pop()
            except IndexError:
                return None
            if not connection.is_stale:
                return connection
            connection.close()

    def give_back(self, connection: Connection) -> None:
        """For a connection on which a whole answer has been read."""
        kept = self._kept()
        kept.busy.discard(connection)
        idle = kept.idle.setdefault(connection.origin, [])
        if not connection.is_ours or connection.http.sock is None or len(idle) >= KEPT_PER_HOST:
            connection.close()
            return
        idle.append(connection)
        if self._closed:
            self._close_idle(kept)

    def drop(self, connection: Connection) -> None:
        self._kept().busy.discard(connection)
        connection.close()

    def close(self) -> None:
        """Closes idle connections, and ends what other threads wait for."""
        self._closed = True
        kept = self._kept()
        self._close_idle(kept)
        for connection in list(kept.busy):
            connection.interrupt()

    def _close_idle(self, kept: Kept) -> None:
        for idle in list(kept.idle.values()):
            while idle:
                try:
                    idle.pop().close()
                except IndexError:
                    break


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
    proxies = urllib.request.getproxies()
    url = proxies.get(scheme) or proxies.get("all")
    if not url or urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    proxy = urlsplit(url if "://" in url else f"http://{url}")
    if proxy.scheme != "http":
        raise VergeAIError(
            f"The environment names a proxy of the kind {proxy.scheme}://, and this client speaks to http:// proxies only. "
            "Set another one, or name the API's host in NO_PROXY."
        )
    return proxy if proxy.hostname else None


def _proxy_authorization(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair).decode("ascii")}
