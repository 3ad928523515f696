"""Keeping a job while it is trained."""

from __future__ import annotations

import threading
from typing import Any

from .._client import Client
from ..errors import APIError, VergeAIError
from .job import WorkerJob, log
from .patience import is_temporary

SHORTEST_INTERVAL = 0.2
LONGEST_INTERVAL = 20.0


class Lease:
    """Sends heartbeats from a thread of its own, three in the time the lease lasts; sets ``job.stop`` when the job does
    not wait for this device any more. What the server can't answer at the moment changes nothing."""

    def __init__(self, client: Client, project_id: str, job: WorkerJob, duration_sec: float) -> None:
        self._client = client
        self._project_id = project_id
        self._job = job
        self._interval = _interval(duration_sec)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"vergeai-lease-{job.job_id[:8]}", daemon=True)

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def _keep(self) -> None:
        while not self._done.wait(self._interval):
            try:
                answer = self._client.Device.heartbeat(
                    project_id=self._project_id,
                    job_id=self._job.job_id,
                    options={"timeout": max(1.0, self._interval), "max_retries": 0},
                )
            except VergeAIError as error:
                if isinstance(error, APIError) and not is_temporary(error):
                    self._lost(error)
                    return
                log.debug("No heartbeat for job %s: %s", self._job.job_id, error)
                continue
            if not answer.body.is_device_active:
                self._lost("it does not wait for this device any more")
                return
            if answer.body.lease:
                self._interval = _interval(answer.body.lease.duration_sec)

    def _lost(self, why: Any) -> None:
        if not self._done.is_set():
            log.info("Job %s is over for this device: %s", self._job.job_id, why)
            self._job.stop.set()


def _interval(duration_sec: float) -> float:
    return min(LONGEST_INTERVAL, max(SHORTEST_INTERVAL, duration_sec / 3))
