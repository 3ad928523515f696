"""What was measured, as it is sent."""

from __future__ import annotations

import threading

from ..._device.job import Evaluation, WorkerJob, finite, log
from ...errors import VergeAIError
from .device_side import AsyncDeviceSide
from .until_taken import until_taken


async def submit_evaluation(
    client: AsyncDeviceSide, project_id: str, job: WorkerJob, evaluation: Evaluation, abandon: threading.Event
) -> None:
    """Sends the evaluation until it is taken.

    :raises VergeAIError: nothing was measured.
    :raises Setback: the server refused it, or ``abandon`` was set.
    """
    metrics = {**job.metrics, **finite(evaluation.metrics or {})}
    if not metrics:
        raise VergeAIError("evaluate must return or report at least one metric that is finite.")
    num_examples = None if evaluation.num_examples is None else float(evaluation.num_examples)

    async def attempt(_: bool) -> None:
        await client.Device.submit_evaluation(
            project_id=project_id,
            job_id=job.job_id,
            metrics=metrics,
            num_examples=num_examples,
            options={"max_retries": 0},
        )

    await until_taken(job, abandon, attempt)
    log.info("Job %s: evaluation accepted", job.job_id)
