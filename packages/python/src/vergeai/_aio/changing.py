"""What changes in a project, as it does."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from .._attribute_dict import with_attributes
from .._backoff import FIRST_BACKOFF, backoff, is_passing
from .._event_stream import EventStream
from .._operations import Operation
from .._settings import CallOptions
from ..errors import VergeAIError
from ..types import ProjectChange, ProjectHello
from .deadline import AsyncDeadline
from .engine import AsyncEngine
from .following import NoStream, open_stream

# A stream and nothing else: it is not among the operations that answer.
CHANGES = Operation("GET", "/v1/project/changes/{project_id}", 200, ("project_id",), (), (), ("project_id",))


async def changes(engine: AsyncEngine, project_id: str, options: CallOptions | None) -> AsyncGenerator[ProjectHello | ProjectChange, None]:
    """What each connection tells, one after the other."""
    _, max_retries = engine.limits(options)
    url, _ = engine.address(CHANGES, {"project_id": project_id})
    deadline = AsyncDeadline(None)
    failures, connected = 0, False
    while True:
        try:
            async with await open_stream(engine, url, {}, options) as reply:
                failures, connected = 0, True
                messages = EventStream()
                async for chunk in reply.chunks():
                    for data in messages.feed(chunk):
                        message: Any = with_attributes(json.loads(data))
                        # After a goodbye, asking again says why.
                        if message["type"] != "bye":
                            yield message
            pause = FIRST_BACKOFF
        except NoStream as error:
            raise VergeAIError(f"What answers at {url} does not stream.") from error
        except VergeAIError as error:
            failures += 1
            delay = backoff(error, failures) if is_passing(error) and (connected or failures <= max_retries) else None
            if delay is None:
                raise
            pause = delay
        await deadline.pause(pause)
