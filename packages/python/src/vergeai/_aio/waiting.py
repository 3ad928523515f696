"""Waiting for something to happen on the server, with an end to it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Optional, cast

from .._answer import Answer
from .._backoff import is_passing
from .._progress import Bar
from .._runtime.aio import sleep
from .._settings import CallOptions, usable_timeout
from ..errors import JobCancelled, JobFailed, TimeoutError, VergeAIError
from ..types import JobBody
from .engine import AsyncEngine

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
LOOKS = 5
LAST_WORD = 2.0

OnJob = Callable[[JobBody], Optional[None]]


class AsyncDeadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + usable_timeout(seconds)

    def left(self) -> float:
        return self._end - time.monotonic()

    def options(self, options: CallOptions | None, timeout: float) -> CallOptions:
        """Options for one request, which may not stand still beyond the deadline, nor be repeated without looking at it."""
        bounded = max(0.001, min(timeout, self.left()))
        return cast(CallOptions, {**(options or {}), "timeout": bounded, "max_retries": 0})

    async def pause(self, seconds: float) -> None:
        await sleep(max(0.0, min(seconds, self.left())))


async def wait_for_completion(
    engine: AsyncEngine,
    project_id: str,
    job_id: str,
    timeout: float,
    progress: bool | None,
    on_progress: OnJob | None,
    options: CallOptions | None,
) -> Answer[JobBody]:
    deadline = AsyncDeadline(timeout)
    per_request, max_retries = engine.limits(options)
    seen: dict[str, Any] | None = None
    failures = 0
    pause = FIRST_PAUSE
    ids = {"project_id": project_id, "job_id": job_id}
    with Bar(f"Job {job_id[:8]}", None, progress, bytes=False) as bar:
        while True:
            try:
                status_code, job = await engine.call("job.get", ids, deadline.options(options, per_request))
                failures = 0
            except VergeAIError as error:
                failures += 1
                if not is_passing(error) or (failures > max_retries and deadline.left() > 0):
                    raise
            else:
                if seen is None or _progress_of(job) != _progress_of(seen):
                    bar.at(len(job["models"]), job["status"])
                    if on_progress:
                        on_progress(job)
                seen = job
                if job["status"] == "COMPLETED":
                    return Answer(statusCode=status_code, body=job)
                if job["status"] in ("FAILED", "CANCELLED"):
                    kind = JobFailed if job["status"] == "FAILED" else JobCancelled
                    raise kind(job, await _end_reason(engine, job, deadline.options(options, per_request)))
            if deadline.left() <= 0:
                state = f"still {seen['status']}" if seen else "not known yet"
                waiting = await _waiting_for(engine, seen, options) if seen else None
                raise TimeoutError(f"Job {job_id} is {state} after {timeout:g} s{': ' + waiting if waiting else ''}.")
            await deadline.pause(pause * (0.75 + random.random() / 2))
            pause = min(pause * 1.5, LONGEST_PAUSE)


def _progress_of(job: dict[str, Any]) -> tuple[str, int]:
    return job["status"], len(job["models"])


async def _waiting_for(engine: AsyncEngine, job: dict[str, Any], options: CallOptions | None) -> str | None:
    """Which devices the job waits for, as a sentence. Worth a moment beyond the time that was given, and no more."""
    ids = {"project_id": job["project_id"], "experiment_id": job["experiment_id"]}
    bounded = cast(CallOptions, {**(options or {}), "timeout": LAST_WORD, "max_retries": 0})
    try:
        _, page = await engine.call("job.list", {**ids, "status": job["status"], "limit": 1}, bounded)
        return next((entry["waiting_for"] for entry in page["data"] if entry["job_id"] == job["ID"]), None)
    except (VergeAIError, KeyError, TypeError):
        return None


async def _end_reason(engine: AsyncEngine, job: dict[str, Any], options: CallOptions) -> str | None:
    """The documented Job has no reason; the list of jobs does. Worth one try, and no more."""
    ids = {"project_id": job["project_id"], "experiment_id": job["experiment_id"]}
    try:
        _, page = await engine.call("job.list", {**ids, "status": job["status"], "limit": 200}, options)
        return next((entry["reason"] for entry in page["data"] if entry["job_id"] == job["ID"]), None)
    except (VergeAIError, KeyError, TypeError):
        return None


async def see_start_model(engine: AsyncEngine, project_id: str, experiment_id: str, options: CallOptions | None) -> None:
    """Looks until the experiment shows its start model. The server registers a model before it answers, so that the
    first look sees it, unless something between has kept an older answer. A few looks, then a TimeoutError."""
    per_request, _ = engine.limits(options)
    deadline = AsyncDeadline(per_request)
    ids = {"project_id": project_id, "experiment_id": experiment_id}
    for look in range(LOOKS):
        if look > 0:
            await deadline.pause(0.1 * 2 ** (look - 1))
        if deadline.left() <= 0:
            break
        try:
            _, experiment = await engine.call("experiment.get", ids, deadline.options(options, per_request))
            if experiment["start_model"]:
                return
        except VergeAIError as error:
            if not is_passing(error):
                raise
    raise TimeoutError(f"Experiment {experiment_id} does not show the start model that was submitted.")
