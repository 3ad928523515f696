"""Waiting for something to happen on the server, with an end to it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, cast

from .._answer import Answer
from .._backoff import is_passing
from .._progress import Bar
from .._settings import CallOptions
from ..errors import JobCancelled, JobFailed, TimeoutError, VergeAIError
from ..types import JobBody
from .deadline import AsyncDeadline
from .engine import AsyncEngine
from .following import ENDS_OF_JOBS, FIRST_PAUSE, LONGEST_PAUSE, LONGEST_SILENCE, AsyncLog, NoStream

LOOKS = 5
LAST_WORD = 2.0
# Between two looks at a job that a thousand devices train.
SHORTEST_PAUSE = 0.1

OnJob = Callable[[JobBody], "None"]


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
    with Bar(f"Job {job_id[:8]}", None, progress, unit=" updates") as bar:
        watch = _AsyncWatch(engine, {"project_id": project_id, "job_id": job_id}, deadline, bar, on_progress, options)
        answer = await watch.look()
        if answer is None:
            try:
                answer = await watch.listen()
            except NoStream:
                answer = await watch.keep_looking()
        if answer is not None:
            return answer
        state = f"still {watch.job['status']}" if watch.job else "not known yet"
        waiting = await _waiting_for(engine, watch.job, options) if watch.job else None
        raise TimeoutError(f"Job {job_id} is {state} after {timeout:g} s{': ' + waiting if waiting else ''}.")


class _AsyncWatch:
    """One job, looked at until it has ended. Each method gives the answer when it is COMPLETED, or None when the time is
    over.

    :raises JobFailed: or JobCancelled.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        ids: dict[str, str],
        deadline: AsyncDeadline,
        bar: Bar,
        on_progress: OnJob | None,
        options: CallOptions | None,
    ) -> None:
        self._engine = engine
        self._ids = ids
        self._deadline = deadline
        self._bar = bar
        self._on_progress = on_progress
        self._options = options
        self._timeout, self._max_retries = engine.limits(options)
        self._failures = 0
        self.job: Any = None

    async def listen(self) -> Answer[JobBody] | None:
        """By the event stream of the experiment: a look at each event that is about the job."""
        if self.job is None or self._deadline.left() <= LONGEST_SILENCE:
            raise NoStream
        experiment = {name: self.job[name] for name in ("project_id", "experiment_id")}
        log = AsyncLog(self._engine, experiment, self._deadline.options(self._options, self._timeout))
        try:
            after = await log.newest()
        except (VergeAIError, KeyError, TypeError) as error:
            raise NoStream from error
        # What happened before that number is seen now, and what happens after it is told.
        answer = await self.look()
        looked_at = time.monotonic()
        async with aclosing(log.stream(after, self._deadline)) as entries:
            while answer is None and (entry := await anext(entries, None)) is not None:
                is_soon = time.monotonic() - looked_at < SHORTEST_PAUSE and entry["type"] == "model_update_submitted"
                if entry["job_id"] == self._ids["job_id"] and not is_soon:
                    answer = await self.look()
                    looked_at = time.monotonic()
                    if answer is None and entry["type"] in ENDS_OF_JOBS:
                        raise NoStream
        return answer

    async def keep_looking(self) -> Answer[JobBody] | None:
        pause = FIRST_PAUSE
        answer: Answer[JobBody] | None = None
        while answer is None and self._deadline.left() > 0:
            await self._deadline.pause(pause * (0.75 + random.random() / 2))
            pause = min(pause * 1.5, LONGEST_PAUSE)
            answer = await self.look()
        return answer

    async def look(self) -> Answer[JobBody] | None:
        """None when it goes on, or could not be seen for a passing reason."""
        bounded = self._deadline.options(self._options, self._timeout)
        try:
            status_code, job = await self._engine.call("job.get", self._ids, bounded)
        except VergeAIError as error:
            self._failures += 1
            if not is_passing(error) or (self._failures > self._max_retries and self._deadline.left() > 0):
                raise
            return None
        self._failures = 0
        if self.job is None or _progress_of(job) != _progress_of(self.job):
            self._bar.at(len(job["models"]), job["status"])
            if self._on_progress:
                self._on_progress(job)
        self.job = job
        if job["status"] in ("FAILED", "CANCELLED"):
            kind = JobFailed if job["status"] == "FAILED" else JobCancelled
            raise kind(job, await _end_reason(self._engine, job, self._deadline.options(self._options, self._timeout)))
        return Answer(statusCode=status_code, body=job) if job["status"] == "COMPLETED" else None


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
