"""Keeping a job while it is trained."""

from __future__ import annotations

from ..._device import pace
from ..._device.job import WorkerJob, log
from ..._device.refusals import reaction_to
from ..._device.setback import Setback
from ..._runtime.aio import Background, Done
from ...errors import VergeAIError
from .device_side import AsyncDeviceSide


class AsyncLease:
    """Sends heartbeats beside the training, three in the time the lease lasts. When the job does not wait for this
    device any more, sets ``job.stop``, and ``lost`` tells why. What the server can't answer at the moment changes
    nothing."""

    def __init__(self, client: AsyncDeviceSide, project_id: str, job: WorkerJob, duration_sec: float) -> None:
        self._client = client
        self._project_id = project_id
        self._job = job
        self._interval = _interval(duration_sec)
        self._done = Done()
        self.lost: Setback | None = None
        self._background: Background | None = None

    async def __aenter__(self) -> AsyncLease:
        self._background = Background(self._keep, f"vergeai-lease-{self._job.job_id[:8]}")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._done.set()
        if self._background:
            self._background.abandon()

    async def _keep(self) -> None:
        while not await self._done.wait(self._interval):
            try:
                answer = await self._client.Device.heartbeat(
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
    return min(pace.LONGEST_BEAT, max(pace.SHORTEST_BEAT, duration_sec / 3))
