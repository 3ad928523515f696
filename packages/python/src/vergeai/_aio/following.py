"""What happens to an experiment, as it happens."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from .._attribute_dict import with_attributes
from .._backoff import FIRST_BACKOFF, LONGEST_OBEYED, backoff, is_passing
from .._event_stream import EventStream
from .._operations import operations
from .._settings import CallOptions
from ..errors import TimeoutError, VergeAIError
from ..events import EventEntry
from .deadline import AsyncDeadline
from .engine import AsyncEngine, api_error
from .transport import AsyncReply

# A server that has nothing to tell says so every ten seconds.
LONGEST_SILENCE = 15.0
# A server that is started again, or replaced by a newer one, is back by then.
LONGEST_AWAY = 60.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
PAGE = 200

ENDS_OF_JOBS = {"job_completed", "job_failed", "job_cancelled"}


class NoStream(Exception):
    """Something on the way does not let event streams through, or the server has none."""


async def follow(
    engine: AsyncEngine,
    ids: Mapping[str, str],
    after: int,
    forever: bool,
    timeout: float | None,
    options: CallOptions | None,
) -> AsyncGenerator[EventEntry, None]:
    """The log after entry ``after``, then what is added to it, until no job runs or waits. Once the server has answered, it may be away
    for a minute.
    """
    deadline = AsyncDeadline(timeout)
    log = AsyncLog(engine, ids, options)
    failures = 0
    while True:
        try:
            async with aclosing(_followed(log, after, forever, deadline)) as entries:
                async for entry in entries:
                    after, failures = entry["sequence"], 0
                    yield entry
            return
        except VergeAIError as error:
            if not is_passing(error) or deadline.left() <= 0 or log.silence() > LONGEST_AWAY:
                raise
            failures += 1
            pause = backoff(error, failures)
        await deadline.pause(LONGEST_OBEYED if pause is None else pause)


async def _followed(log: AsyncLog, after: int, forever: bool, deadline: AsyncDeadline) -> AsyncGenerator[EventEntry, None]:
    """The same, until the server is away for longer than a call waits for it."""
    async for entry in log.rest(after):
        after = entry["sequence"]
        yield entry
    try:
        if forever or not await log.has_run_out():
            async with aclosing(log.stream(after, deadline)) as entries:
                async for entry in entries:
                    after = entry["sequence"]
                    yield entry
                    if not forever and entry["type"] in ENDS_OF_JOBS and await log.has_run_out():
                        break
    except NoStream:
        async with aclosing(log.looked_at(after, forever, deadline)) as entries:
            async for entry in entries:
                after = entry["sequence"]
                yield entry
    async for entry in log.rest(after):
        yield entry


class AsyncLog:
    """The log of one experiment."""

    def __init__(self, engine: AsyncEngine, ids: Mapping[str, str], options: CallOptions | None) -> None:
        self._engine = engine
        self._ids = ids
        self._options = options
        self._heard_at = float("-inf")

    def silence(self) -> float:
        """Seconds since the server was last heard of."""
        return time.monotonic() - self._heard_at

    async def rest(self, after: int) -> AsyncGenerator[EventEntry, None]:
        """All there are after number ``after``."""
        following: int | None = after
        while following is not None:
            page = await self._page(following, PAGE)
            for entry in page["data"]:
                yield entry
            following = page["next_after"]

    async def newest(self) -> int:
        """The number of the last entry; 0 when there is none. Reads a few entries of a long log, and not all of them."""
        page = await self._page(0, PAGE)
        last: int = page["data"][-1]["sequence"] if page["data"] else 0
        if page["next_after"] is None:
            return last
        # They count from 1 without gaps: double until there is none, then halve.
        beyond = 2 * last
        while await self._is_there(beyond):
            last, beyond = beyond, 2 * beyond
        while beyond - last > 1:
            between = (last + beyond) // 2
            last, beyond = (between, beyond) if await self._is_there(between) else (last, between)
        return last

    async def _is_there(self, number: int) -> bool:
        return bool((await self._page(number - 1, 1))["data"])

    async def _page(self, after: int, limit: int) -> Any:
        given = {**self._ids, "after": after, "limit": limit}
        page = (await self._engine.call("experiment.events", given, self._options))[1]
        self._heard_at = time.monotonic()
        return page

    async def has_run_out(self) -> bool:
        """Whether no job runs or waits any more, and there was one."""
        _, experiment = await self._engine.call("experiment.get", self._ids, self._options)
        return experiment["current_job"] != "NONE" and not experiment["is_active"]

    async def stream(self, after: int, deadline: AsyncDeadline) -> AsyncGenerator[EventEntry, None]:
        """What is added after number ``after``; connects again when that breaks off.

        :raises NoStream: there is none to be had, or the time is nearly over; nothing is lost by looking from here on.
        """
        _, max_retries = self._engine.limits(self._options)
        failures = unanswered = 0
        # Somebody who waits for bytes does not notice that the time is over.
        while deadline.left() > LONGEST_SILENCE:
            try:
                async with await self._open(after) as reply:
                    unanswered = 0
                    events = EventStream()
                    async for chunk in reply.chunks():
                        self._heard_at = time.monotonic()
                        for data in events.feed(chunk):
                            entry: Any = with_attributes(json.loads(data))
                            after, failures = entry["sequence"], 0
                            yield entry
                        if deadline.left() <= LONGEST_SILENCE:
                            raise NoStream
                # The server stops, or may not tell any more: asking again says which.
                pause = FIRST_BACKOFF
            except VergeAIError as error:
                unanswered += isinstance(error, TimeoutError)
                failures += 1
                # A proxy that keeps a stream to itself until it ends gives no answer at all.
                if unanswered > 1:
                    raise NoStream from error
                delay = backoff(error, failures) if is_passing(error) and failures <= max_retries else None
                if delay is None:
                    raise
                pause = delay
            await deadline.pause(pause)
        raise NoStream

    async def _open(self, after: int) -> AsyncReply:
        url, _ = self._engine.address(operations()["experiment.events"], {**self._ids, "after": after})
        return await open_stream(self._engine, url, {"Last-Event-ID": str(after)}, self._options)

    async def looked_at(self, after: int, forever: bool, deadline: AsyncDeadline) -> AsyncGenerator[EventEntry, None]:
        """The same as it grows, by looking now and then."""
        pause = FIRST_PAUSE
        while deadline.left() > 0:
            has_run_out = not forever and await self.has_run_out()
            async with aclosing(self.rest(after)) as entries:
                async for entry in entries:
                    after, pause = entry["sequence"], FIRST_PAUSE
                    yield entry
            if has_run_out:
                return
            await deadline.pause(pause)
            pause = min(1.5 * pause, LONGEST_PAUSE)
        raise TimeoutError(f"Experiment {self._ids['experiment_id']} still goes on.")


async def open_stream(engine: AsyncEngine, url: str, headers: Mapping[str, str], options: CallOptions | None) -> AsyncReply:
    """An event stream that has begun.

    :raises NoStream: what answers is none.
    """
    reply = await engine.transport.send(
        "GET",
        url,
        headers={**engine.headers(options or {}), "Accept": "text/event-stream", **headers},
        timeout=LONGEST_SILENCE,
        authorization=engine.settings.api_key,
        may_last=True,
    )
    try:
        await _require_stream(reply)
    except BaseException:
        await reply.close()
        raise
    return reply


async def _require_stream(reply: AsyncReply) -> None:
    if reply.status != 200:
        error = await api_error(reply)
        if reply.status == 406:
            raise NoStream from error
        raise error
    if not (reply.header("Content-Type") or "").lower().startswith("text/event-stream"):
        raise NoStream
