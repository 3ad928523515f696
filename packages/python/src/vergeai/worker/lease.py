"""Keeping a job while it is trained."""

from __future__ import annotations

import threading

from .._client import Client
from ..errors import VergeAIError
from .job import WorkerJob, log
from .patience import Setback
from .refusals import reaction_to

SHORTEST_INTERVAL = 0.2
LONGEST_INTERVAL = 20.0


class Lease:
    """Sends heartbeats from a thread of its own, three in the time the lease lasts. When the job does not wait for this
    device any more, sets ``job.stop``, and ``lost`` tells why. What the server can't answer at the moment changes
    nothing."""

    def __init__(self, client: Client, project_id: str, job: WorkerJob, duration_sec: float) -> None:
        self._client = client
        self._project_id = project_id
        self._job = job
        self._interval = _interval(duration_sec)
        self._done = threading.Event()
        self.lost: Setback | None = None
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
                reaction = reaction_to(error, "heartbeat")
                if reaction != "again":
                    return self._lose(Setback(error, reaction))
                log.debug("No heartbeat for job %s: %s", self._job.job_id, error)
                continue
            if not answer.body.is_device_active:
                return self._lose(Setback(VergeAIError("It does not wait for this device any more."), "let_go"))
            if answer.body.lease:
                self._interval = _interval(answer.body.lease.duration_sec)

    def _lose(self, why: Setback) -> None:
        if not self._done.is_set():
            self.lost = why
            self._job.stop.set()


def _interval(duration_sec: float) -> float:
    return min(LONGEST_INTERVAL, max(SHORTEST_INTERVAL, duration_sec / 3))
