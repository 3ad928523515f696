"""What a training reports, sent while it goes on."""

from __future__ import annotations

import threading
from typing import Any

from .._client import Client
from ..errors import VergeAIError
from .job import WorkerJob, log
from .refusals import reaction_to

SEND_EVERY = 2.0
LONGEST_REQUEST = 5.0
MOST_A_PIECE = 100
# Well below what a request may carry.
MOST_LETTERS_A_PIECE = 100_000


class Reports:
    """Sends what ``job.report`` was told every two seconds, from a thread of its own, in pieces and in order. A piece of
    which nobody knows whether it arrived is sent again, which changes nothing. Reports never cost a job: when they can't
    be sent, they are kept for later, and at last left out."""

    def __init__(self, client: Client, project_id: str, job: WorkerJob) -> None:
        self._client = client
        self._project_id = project_id
        self._job = job
        self._sent = 0
        self._refused = False
        self._sending = threading.Lock()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._send_now_and_then, name=f"vergeai-reports-{job.job_id[:8]}", daemon=True)

    def __enter__(self) -> Reports:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def _send_now_and_then(self) -> None:
        while not self._done.wait(SEND_EVERY):
            self.flush()

    def flush(self) -> None:
        """Sends what is waiting, as far as it goes."""
        with self._sending:
            while not self._refused and (piece := _first_piece(self._job.reports[self._sent :])):
                try:
                    self._client.Device.report_metrics(
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
