"""What was trained, sent until the server has it."""

from __future__ import annotations

import threading
from typing import Any

from .._client import Client
from .._models.layout import Layout
from .job import Update, WorkerJob, finite, log
from .patience import persist
from .refusals import reaction_to


def submit_update(
    client: Client, project_id: str, job: WorkerJob, layout: Layout, update: Update, abandon: threading.Event
) -> None:
    """Comes back until the server has taken the update or said that it won't: what was trained is not lost to a restart.

    Sending the same bytes twice is safe: they get the same answer. Each attempt asks for an upload ticket of its own.

    :raises Setback: the server refused it, or ``abandon`` was set.
    """
    given: dict[str, Any] = {"project_id": project_id, "job_id": job.job_id}
    if update.num_examples is not None:
        given["num_examples"] = float(update.num_examples)
    metrics = {**job.metrics, **finite(update.metrics or {})}
    if metrics:
        given["metrics"] = metrics

    persist(
        lambda error: reaction_to(error, "submit"),
        abandon,
        lambda error: log.warning("Can't submit yet, coming back: %s", error),
        lambda _: client.Device._submit(given, update.model, layout, False, None, {"max_retries": 0}),
    )
    log.info("Job %s: update accepted", job.job_id)
