"""Telling that a job can't be done here."""

from __future__ import annotations

import threading

from .._client import Client
from .job import WorkerJob, log
from .patience import Setback, persist
from .refusals import Reaction, reaction_to

LONGEST_REASON = 1000
MOST_REPORTS = 3


def report_failure(client: Client, project_id: str, job: WorkerJob, reason: str, abandon: threading.Event) -> None:
    """In a few attempts; in one when ``abandon`` is set. When that does not arrive, the lease lapses and tells the same."""
    reports = 0

    def react(error: Exception) -> Reaction:
        return reaction_to(error, "report_failure") if reports < MOST_REPORTS else "let_go"

    def attempt(_: bool) -> None:
        nonlocal reports
        reports += 1
        client.Device.report_failure(
            project_id=project_id,
            job_id=job.job_id,
            reason=_storable(reason) or "unknown",
            options={"timeout": 10.0, "max_retries": 0},
        )

    def tell(error: Exception) -> None:
        log.info("Could not report the failure of job %s: %s", job.job_id, error)

    try:
        persist(react, abandon, tell, attempt)
    except Setback as setback:
        tell(setback.error)


def _storable(reason: str) -> str:
    """Without what no database holds, and at most as long as the API takes, which counts in UTF-16."""
    utf16 = reason.replace("\0", "").encode("utf-16-le", "replace")[: 2 * LONGEST_REASON]
    return utf16.decode("utf-16-le", "ignore")
