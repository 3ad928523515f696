"""What a training reports, sent while it goes on."""

from __future__ import annotations

from typing import Any

from ..._device import pace
from ..._device.job import WorkerJob, log
from ..._device.refusals import reaction_to
from ..._runtime.aio import Background, Done, Lock
from ...errors import VergeAIError
from .device_side import AsyncDeviceSide

LONGEST_REQUEST = 5.0
MOST_A_PIECE = 100
# Well below what a request may carry.
MOST_LETTERS_A_PIECE = 100_000


class AsyncReports:
    """Sends what ``job.report`` was told every two seconds, beside the training, in pieces and in order. A piece of
    which nobody knows whether it arrived is sent again, which changes nothing. Reports never cost a job: when they can't
    be sent, they are kept for later, and at last left out."""

    def __init__(self, client: AsyncDeviceSide, project_id: str, job: WorkerJob) -> None:
        self._client = client
        self._project_id = project_id
        self._job = job
        self._sent = 0
        self._refused = False
        self._sending = Lock()
        self._done = Done()
        self._background: Background | None = None

    async def __aenter__(self) -> AsyncReports:
        self._background = Background(self._send_now_and_then, f"vergeai-reports-{self._job.job_id[:8]}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._done.set()
        if self._background:
            self._background.abandon()

    async def _send_now_and_then(self) -> None:
        while not await self._done.wait(pace.REPORT_EVERY):
            await self.flush()

    async def flush(self) -> None:
        """Sends what is waiting, as far as it goes."""
        async with self._sending:
            while not self._refused and (piece := _first_piece(self._job.reports[self._sent :])):
                try:
                    await self._client.Device.report_metrics(
                        project_id=self._project_id,
                        job_id=self._job.job_id,
                        first=self._sent,
                        reports=piece,
                        options={"timeout": LONGEST_REQUEST, "max_retries": 0},
                    )
                except VergeAIError as error:
                    log.info("Can't send %d reports of job %s: %s", len(piece), self._job.job_id, error)
                    self._refused = reaction_to(error, "submit") != "again"
                    return
                self._sent += len(piece)


def _first_piece(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    letters = 0
    for end, report in enumerate(reports[:MOST_A_PIECE]):
        letters += len(str(report))
        if end > 0 and letters > MOST_LETTERS_A_PIECE:
            return reports[:end]
    return reports[:MOST_A_PIECE]
