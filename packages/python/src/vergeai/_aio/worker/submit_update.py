"""What was trained, as it is sent."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from ..._device.job import Update, WorkerJob, finite, log
from ..._models.layout import Layout
from .device_side import AsyncDeviceSide
from .until_taken import until_taken


async def submit_update(
    client: AsyncDeviceSide,
    project_id: str,
    job: WorkerJob,
    layout: Layout,
    update: Update,
    upload: Mapping[str, Any] | None,
    abandon: threading.Event,
) -> None:
    """Sends the update until it is taken. The first attempt goes to the ``upload`` that came with the job; a server of an
    older version gives none. Each other one asks for an upload ticket of its own.

    :raises Setback: the server refused it, or ``abandon`` was set.
    """
    given: dict[str, Any] = {"project_id": project_id, "job_id": job.job_id}
    if update.num_examples is not None:
        given["num_examples"] = float(update.num_examples)
    metrics = {**job.metrics, **finite(update.metrics or {}), **job.measured}
    if metrics:
        given["metrics"] = metrics

    async def attempt(_: bool) -> None:
        nonlocal upload
        first, upload = upload, None
        await client.Device._submit(given, update.model, layout, first, False, None, {"max_retries": 0})

    await until_taken(job, abandon, attempt)
    log.info("Job %s: update accepted", job.job_id)
