"""Requests and their answers, by httpx2.

Each exchange has a client of httpx2's to itself while it lasts, and leaves it to the next one. So nothing is shared that
could be found half changed: not by a signal handler that calls while the call that it interrupts is under way, not by a
process that was forked meanwhile, and not after an exception from anywhere. There is no lock here that any of them could
wait for in vain: each step is one operation of a dict, list or set, which Python does as a whole.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx2

from .._connecting import Certificates, Origin, Route, Wire, answered_early, explained, how, named, origin_of
from .._runtime.aio import Owner, Turns, each, is_gone, owner, traced
from .._settings import Secret
from ..errors import ConnectionError, VergeAIError

# An answer that is not a model is small; what is longer is not worth keeping the connection for.
LONGEST_DRAIN = 64 * 1024
KEPT_PER_HOST = 20

Body = bytes | Callable[[], Iterator[bytes | memoryview]]


class AsyncLine:
    """A client of httpx2's that one exchange at a time has to itself."""

    def __init__(self, client: httpx2.AsyncClient, origin: Origin, *, is_ours_to_close: bool) -> None:
        self.client = client
        self.origin = origin
        self.wire = Wire(origin[0])
        self.trace = traced(self.wire.note)
        self.has_turn = False
        self._is_ours_to_close = is_ours_to_close

    @property
    def may_be_kept(self) -> bool:
        return self._is_ours_to_close and self.wire.is_ours

    async def close(self) -> None:
        if self.may_be_kept:
            await self.client.aclose()


class Kept:
    """The lines of one owner."""

    def __init__(self) -> None:
        self.idle: dict[Origin, list[AsyncLine]] = {}
        self.busy: set[AsyncLine] = set()
        self.turns = Turns()


class AsyncReply:
    """An answer whose body is read by whoever asked. To be closed; ``async with`` does that."""

    def __init__(self, response: httpx2.Response, what: str, timeout: float, line: AsyncLine, give_back: Callable[[AsyncLine], Awaitable[None]], drop: Callable[[AsyncLine], Awaitable[None]]):
        self._response = response
        self._explained = explained(what, timeout)
        self._what = what
        self._line: AsyncLine | None = line
        self._give_back = give_back
        self._drop = drop
        self._chunks: AsyncIterator[bytes] | None = None
        self._left = memoryview(b"")
        self.status = response.status_code
        self.reason = response.reason_phrase

    def header(self, name: str) -> str | None:
        return self._response.headers.get(name)

    async def readinto(self, buffer: memoryview) -> int:
        """Reads at most ``len(buffer)`` bytes; 0 at the end."""
        self._require_ours()
        if not self._left:
            self._left = memoryview(await self._next_chunk())
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    async def read(self, at_most: int | None = None) -> bytes:
        """All there is, or a little more than ``at_most`` bytes of it."""
        data = bytearray(self._left)
        while (at_most is None or len(data) < at_most) and (chunk := await self._next_chunk()):
            data += chunk
        return bytes(data)

    async def _next_chunk(self) -> bytes:
        """b"" at the end."""
        self._require_ours()
        if self._line is None:
            return b""
        with self._explained:
            if self._chunks is None:
                self._chunks = self._response.aiter_bytes()
            try:
                return await self._chunks.__anext__()
            except StopAsyncIteration:
                return b""

    def _require_ours(self) -> None:
        if self._line is not None:
            self._line.wire.require_ours(self._what)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, as it comes."""
        while chunk := await self._next_chunk():
            yield chunk

    async def close(self) -> None:
        """The next exchange may have the line when this one went well, however much of it was read."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            if line.wire.is_ours:
                await self._response.aclose()
        except Exception:
            await self._drop(line)
        except BaseException:
            await self._drop(line)
            raise
        else:
            await self._give_back(line)

    async def __aenter__(self) -> AsyncReply:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        if error is None and self._line is not None and self._line.wire.is_ours and self._is_nearly_read():
            try:
                await self.read(LONGEST_DRAIN)
            except VergeAIError:
                pass
        await self.close()

    def _is_nearly_read(self) -> bool:
        length = self.header("Content-Length") or ""
        return length.isdigit() and int(length) - self._response.num_bytes_downloaded < LONGEST_DRAIN


class AsyncTransport:
    """Sends requests. Redirects are not followed: they would carry the key elsewhere."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self._certificates = Certificates(route.ssl_context)
        self._made_in = os.getpid()
        self._kept_by: dict[Owner, Kept] = {}
        self._closed = False

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout: float,
        authorization: Secret | None = None,
        body: Body | None = None,
        length: int | None = None,
        may_last: bool = False,
    ) -> AsyncReply:
        """Sends one request and reads the answer up to its body.

        ``body`` may give chunks, sent as they come: with ``length`` as a Content-Length, else in chunks. What it raises is
        raised here as it is. An answer that ``may_last`` keeps no other call waiting for its turn. Otherwise raises
        ConnectionError or TimeoutError.
        """
        what = named(method, url)
        line = await self._line(urlsplit(url), what, may_last)
        try:
            with explained(what, timeout):
                request = line.client.build_request(
                    method,
                    url,
                    headers={**headers, "Accept-Encoding": "identity", **_length_of(length)},
                    content=self._until_answered(line, body) if callable(body) else body,
                    timeout=httpx2.Timeout(timeout),
                    extensions={"trace": line.trace},
                )
                if authorization is not None:
                    request.headers["Authorization"] = f"Bearer {authorization.reveal()}"
                line.wire.require_ours(what)
                response = await line.client.send(request, stream=True, auth=None, follow_redirects=False)
        except BaseException:
            await self._drop(line)
            raise
        return AsyncReply(response, what, timeout, line, self._give_back, self._drop)

    async def _until_answered(self, line: AsyncLine, body: Callable[[], Iterator[bytes | memoryview]]) -> AsyncIterator[Any]:
        """An answer that comes before everything is sent is a refusal: then the rest stays here, and it is read."""
        async for chunk in each(body()):
            if line.wire.has_something_to_say():
                raise answered_early()
            line.wire.require_ours("A body")
            yield chunk

    async def _line(self, url: SplitResult, what: str, may_last: bool) -> AsyncLine:
        kept = self._kept()
        if may_last:
            return self._take(kept, origin_of(url), what)
        await kept.turns.acquire()
        try:
            line = self._take(kept, origin_of(url), what)
        except BaseException:
            kept.turns.release()
            raise
        line.has_turn = True
        return line

    def _kept(self) -> Kept:
        mine = owner()
        kept = self._kept_by.get(mine)
        if kept is None:
            kept = self._kept_by.setdefault(mine, Kept())
            self._let_go_of_others()
        return kept

    def _let_go_of_others(self) -> None:
        """Of those that are not here any more. In a child, of its parent's: the parent has them still."""
        for other in list(self._kept_by):
            inherited = self._kept_by.pop(other, None) if is_gone(other) else None
            if inherited:
                for line in [*inherited.busy, *(line for idle in inherited.idle.values() for line in idle)]:
                    line.wire.let_go()

    def _take(self, kept: Kept, origin: Origin, what: str) -> AsyncLine:
        line = self._idle_line(kept, origin) or self._new_line(origin)
        kept.busy.add(line)
        # Looked at when it is among those that close() interrupts.
        if self._closed:
            kept.busy.discard(line)
            raise ConnectionError(f"{what}: this client was closed.")
        return line

    def _idle_line(self, kept: Kept, origin: Origin) -> AsyncLine | None:
        try:
            return kept.idle.setdefault(origin, []).pop()
        except IndexError:
            return None

    def _new_line(self, origin: Origin) -> AsyncLine:
        given = self.route.http_client
        if given is None:
            try:
                client = httpx2.AsyncClient(**how(self.route, self._certificates, origin))
            except ImportError as error:
                raise VergeAIError("A SOCKS proxy needs a package more: pip install 'httpx2[socks]'. Or name the API's host in NO_PROXY.") from error
            except ValueError as error:
                raise VergeAIError(f"The proxy can't be used: {error}") from error
            return AsyncLine(client, origin, is_ours_to_close=True)
        if not isinstance(given, httpx2.AsyncClient):
            return AsyncLine(given(), origin, is_ours_to_close=True)
        if self._made_in != os.getpid():
            raise VergeAIError(
                "This http_client was made by the process that this one was forked from, and two processes can't share its "
                "connections: pass a function that makes one, such as http_client=lambda: httpx2.Client(…)."
            )
        return AsyncLine(given, origin, is_ours_to_close=False)

    async def _give_back(self, line: AsyncLine) -> None:
        kept = self._release(line)
        idle = kept.idle.setdefault(line.origin, [])
        if not line.may_be_kept or len(idle) >= KEPT_PER_HOST:
            await line.close()
            return
        idle.append(line)
        if self._closed:
            await self._close_idle(kept)

    async def _drop(self, line: AsyncLine) -> None:
        self._release(line)
        await line.close()

    def _release(self, line: AsyncLine) -> Kept:
        kept = self._kept()
        if line in kept.busy and line.has_turn:
            line.has_turn = False
            kept.turns.release()
        kept.busy.discard(line)
        return kept

    async def close(self) -> None:
        """Ends every exchange, also those that others wait for. Nothing can be sent afterwards."""
        self._closed = True
        kept = self._kept()
        await self._close_idle(kept)
        for line in list(kept.busy):
            line.wire.interrupt()

    async def _close_idle(self, kept: Kept) -> None:
        for idle in list(kept.idle.values()):
            while idle:
                try:
                    await idle.pop().close()
                except IndexError:
                    break


def _length_of(length: int | None) -> dict[str, str]:
    return {} if length is None else {"Content-Length": str(length)}
