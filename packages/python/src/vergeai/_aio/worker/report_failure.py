"""Telling that a job can't be done here."""

from __future__ import annotations

import threading

from ..._device.job import WorkerJob, log
from ..._device.refusals import Reaction, reaction_to
from ..._device.setback import Setback
from .device_side import AsyncDeviceSide
from .patience import persist

LONGEST_REASON = 1000
MOST_REPORTS = 3


async def report_failure(client: AsyncDeviceSide, project_id: str, job: WorkerJob, reason: str, abandon: threading.Event) -> None:
    """In a few attempts; in one when ``abandon`` is set. When that does not arrive, the lease lapses and tells the same."""
    reports = 0

    def react(error: Exception) -> Reaction:
        return reaction_to(error, "report_failure") if reports < MOST_REPORTS else "let_go"

    async def attempt(_: bool) -> None:
        nonlocal reports
        reports += 1
        await client.Device.report_failure(
            project_id=project_id,
            job_id=job.job_id,
            reason=_storable(reason) or "unknown",
            options={"timeout": 10.0, "max_retries": 0},
        )

    def tell(error: Exception) -> None:
        log.info("Could not report the failure of job %s: %s", job.job_id, error)

    try:
        await persist(react, abandon, tell, attempt)
    except Setback as setback:
        tell(setback.error)


def _storable(reason: str) -> str:
    """Without what no database holds, and at most as long as the API takes, which counts in UTF-16."""
    utf16 = reason.replace("\0", "").encode("utf-16-le", "replace")[: 2 * LONGEST_REASON]
    return utf16.decode("utf-16-le", "ignore")
