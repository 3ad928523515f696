"""What a device has done, sent until the server has it."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable

from ..._device.job import WorkerJob, log
from ..._device.refusals import reaction_to
from .patience import persist


async def until_taken(job: WorkerJob, abandon: threading.Event, attempt: Callable[[bool], Awaitable[None]]) -> None:
    """Comes back until the server has taken it or said that it won't: what was done is not lost to a restart.

    Sending the same twice is safe: it gets the same answer.

    :raises Setback: the server refused it, or ``abandon`` was set.
    """
    await persist(
        lambda error: reaction_to(error, "submit"),
        abandon,
        lambda error: log.warning("Can't submit yet, coming back: %s", error),
        attempt,
    )
