"""What was trained, sent until the server has it."""

from __future__ import annotations

import threading
from typing import Any

from ..._device.job import Update, WorkerJob, finite, log
from ..._device.refusals import reaction_to
from ..._models.layout import Layout
from .device_side import AsyncDeviceSide
from .patience import persist


async def submit_update(
    client: AsyncDeviceSide, project_id: str, job: WorkerJob, layout: Layout, update: Update, abandon: threading.Event
) -> None:
    """Comes back until the server has taken the update or said that it won't: what was trained is not lost to a restart.

    Sending the same bytes twice is safe: they get the same answer. Each attempt asks for an upload ticket of its own.

    :raises Setback: the server refused it, or ``abandon`` was set.
    """
    given: dict[str, Any] = {"project_id": project_id, "job_id": job.job_id}
    if update.num_examples is not None:
        given["num_examples"] = float(update.num_examples)
    metrics = {**job.metrics, **finite(update.metrics or {}), **job.measured}
    if metrics:
        given["metrics"] = metrics

    async def attempt(_: bool) -> None:
        await client.Device._submit(given, update.model, layout, False, None, {"max_retries": 0})

    await persist(
        lambda error: reaction_to(error, "submit"),
        abandon,
        lambda error: log.warning("Can't submit yet, coming back: %s", error),
        attempt,
    )
    log.info("Job %s: update accepted", job.job_id)
