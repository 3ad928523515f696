"""A server that misbehaves on purpose: the n-th request meets the n-th behaviour, later ones the last."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two packets: without this each answer takes 40 ms more.
    disable_nagle_algorithm = True
    server: FaultServer

    def _handle(self) -> None:
        with self.server.lock:
            script = self.server.script
            behave = script[min(self.server.arrived, len(script) - 1)]
            self.server.arrived += 1
        early = getattr(behave, "early", False)
        body = b"" if early else self._body()
        request = Seen(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.server.seen.append(request)
        behave(self, request)

    do_GET = do_POST = do_PUT = _handle

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):
            pass

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            pass

    def log_message(self, *_: Any) -> None:
        pass


Behaviour = Callable[[Handler, Seen], None]


class FaultServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *script: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.seen: list[Seen] = []
        self.arrived = 0
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __exit__(self, *_: Any) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()


def as_json(status: int, body: Any, headers: dict[str, str] | None = None) -> Behaviour:
    return lambda handler, _: handler.answer(
        status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})}
    )


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> Behaviour:
    body = {"type": "about:blank", "title": "No", "status": status, "detail": f"It is {code}.", "instance": "/"}
    return as_json(
        status,
        {**body, "code": code, "request_id": "req-1", **more},
        {"Content-Type": "application/problem+json", **(headers or {})},
    )


def html(status: int) -> Behaviour:
    return lambda handler, _: handler.answer(status, b"<h1>Bad gateway</h1>", {"Content-Type": "text/html"})


def no_content(handler: Handler, _: Seen) -> None:
    handler.send_response(204)
    handler.end_headers()


def reset(handler: Handler, _: Seen) -> None:
    """The connection is reset once the request has arrived: did it take effect? Nobody knows."""
    handler.reset()


def silence(handler: Handler, _: Seen) -> None:
    """Takes the request and says nothing."""
    handler.server.ended.wait()
    handler.close_connection = True


def early(behave: Behaviour) -> Behaviour:
    """Answers before the request's body has been read, and closes."""

    def answer(handler: Handler, seen: Seen) -> None:
        behave(handler, seen)
        handler.wfile.flush()
        handler.close_connection = True
        # Reads on until the client has closed, so that the answer is not lost to a reset.
        handler.connection.settimeout(30)
        try:
            while handler.connection.recv(65536):
                pass
        except OSError:
            pass

    answer.early = True  # type: ignore[attr-defined]
    return answer


def ticket(handler: Handler, seen: Seen) -> None:
    url = f"http://{seen.headers['host']}/v1/upload"
    as_json(200, {"model_url": {"url": url, "fields": {"key": "a/b c", "ticket": "signed&sealed"}}})(handler, seen)
