from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from ..._answer import Answer
from ..._settings import CallOptions
from ...types import DeviceStanding, Empty, JobBody, JobDeviceEntry, JobEntry, JobFacts, JobStatus, Link, NewSeries, Page
from ..answers import AsyncLinkAnswer, AsyncPageAnswer
from ..waiting import wait_for_completion
from .resource import AsyncResource


class AsyncJobs(AsyncResource):
    """Jobs: each trains the experiment's current model a step further; those of one experiment run one after another."""

    _name = "job"

    async def create(
        self,
        *,
        project_id: str,
        experiment_id: str,
        num_devices: int,
        num_buffer_devices: int | None = None,
        device_selection_strategy: Literal["RANDOM"] | None = None,
        termination_criteria: Sequence[Mapping[str, Any]] | None = None,
        device_timeout_sec: float | None = None,
        aggregation_strategy: str | Mapping[str, Any] | None = None,
        min_devices: int | None = None,
        kind: Literal["TRAIN", "EVALUATE"] | None = None,
        device_ids: Sequence[str] | None = None,
        device_labels: Sequence[str] | None = None,
        options: CallOptions | None = None,
    ) -> Answer[JobBody]:
        """Adds a job to the experiment's series. It starts at once when none is running, else when its turn comes.

        :param num_devices: updates to wait for, 1 or more.
        :param num_buffer_devices: devices drawn in addition, for those that come too late; 0 when it is left out.
        :param termination_criteria: such as ``[{"type": "DurationTerminationCriteria", "max_duration_sec": 600}]``:
            seconds from the job's start, after which it is cancelled.
        :param device_timeout_sec: how long a device that was drawn may take to come for the job before another one may
            take its place; a minute when it is left out.
        :param aggregation_strategy: how its updates become one model, such as ``"FedMedian"`` or
            ``{"type": "FedAdam", "server_learning_rate": 0.03}``; the experiment's way when it is left out.
        :param min_devices: how many updates are enough once a termination criterion is met; only all when it is left out.
        :param kind: ``"EVALUATE"`` has devices measure the current model, and makes none; it trains when left out.
        :param device_ids: the devices that may take part, at most 1,000; any of the project's when it is left out.
        :param device_labels: the labels that a device must carry, all of them, to take part; not beside ``device_ids``.
        :raises InvalidRequest: ``start_model_missing``, ``not_enough_devices``, ``unknown_devices``,
            ``strategy_needs_more_devices``, ``strategy_too_many_devices``.
        """
        return await self._call(
            "create",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            num_devices=num_devices,
            num_buffer_devices=num_buffer_devices,
            device_selection_strategy=device_selection_strategy,
            termination_criteria=None if termination_criteria is None else [dict(one) for one in termination_criteria],
            device_timeout_sec=device_timeout_sec,
            aggregation_strategy=aggregation_strategy,
            min_devices=min_devices,
            kind=kind,
            device_ids=device_ids,
            device_labels=device_labels,
        )

    async def create_series(
        self,
        *,
        project_id: str,
        experiment_id: str,
        num_devices: int,
        count: int,
        num_buffer_devices: int | None = None,
        device_selection_strategy: Literal["RANDOM"] | None = None,
        termination_criteria: Sequence[Mapping[str, Any]] | None = None,
        device_timeout_sec: float | None = None,
        aggregation_strategy: str | Mapping[str, Any] | None = None,
        stop_when: Mapping[str, Any] | None = None,
        min_devices: int | None = None,
        device_ids: Sequence[str] | None = None,
        device_labels: Sequence[str] | None = None,
        options: CallOptions | None = None,
    ) -> Answer[NewSeries]:
        """Adds jobs with one configuration to the experiment's series, all of them or none. They run one after another,
        each from the model that the one before it made, and each draws devices of its own.

        :param count: how many jobs, 1 to 100; no more than draw 200,000 devices together.

        The other parameters are those of :meth:`create`.

        :param aggregation_strategy: how its updates become one model, such as ``"FedMedian"`` or
            ``{"type": "FedAdam", "server_learning_rate": 0.03}``; the experiment's way when it is left out.
        :param stop_when: when the jobs that are left are cancelled, looked at whenever one completes, such as
            ``{"metric": "loss", "mode": "min", "patience": 3}``: ``patience`` jobs in a row that are no better, each by
            more than ``min_delta``, or a value at least as good as ``threshold``.
        :param min_devices: how many updates are enough once a termination criterion is met; only all when it is left out.
        :param device_ids: the devices that may take part, at most 1,000; any of the project's when it is left out.
        :param device_labels: the labels that a device must carry, all of them, to take part; not beside ``device_ids``.
        :raises InvalidRequest: ``start_model_missing``, ``not_enough_devices``, ``unknown_devices``,
            ``strategy_needs_more_devices``, ``strategy_too_many_devices``.
        """
        return await self._call(
            "create_series",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            num_devices=num_devices,
            count=count,
            num_buffer_devices=num_buffer_devices,
            device_selection_strategy=device_selection_strategy,
            termination_criteria=None if termination_criteria is None else [dict(one) for one in termination_criteria],
            device_timeout_sec=device_timeout_sec,
            aggregation_strategy=aggregation_strategy,
            stop_when=stop_when,
            min_devices=min_devices,
            device_ids=device_ids,
            device_labels=device_labels,
        )

    async def cancel(self, *, project_id: str, job_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Cancels a job that has not ended. The experiment's model stays where it was. Again: nothing changes.

        :raises InvalidRequest: the job is completed or failed.
        """
        return await self._call("cancel", options, project_id=project_id, job_id=job_id)

    async def get(self, *, project_id: str, job_id: str, options: CallOptions | None = None) -> Answer[JobBody]:
        """A job as it is now."""
        return await self._call("get", options, project_id=project_id, job_id=job_id)

    async def start_model(self, *, project_id: str, job_id: str, options: CallOptions | None = None) -> AsyncLinkAnswer[Link]:
        """The model the job starts from: a signed link, and ``.dict()``, ``.numpy()``, ``.torch()``, ``.bytes()``,
        ``.to_file(path)``. Devices drawn for the job may ask too."""
        return await self._link("start_model", options, project_id=project_id, job_id=job_id)

    async def aggregate_model(self, *, project_id: str, job_id: str, options: CallOptions | None = None) -> AsyncLinkAnswer[Link]:
        """What the job made, once it is COMPLETED, in the same ways as :meth:`start_model`.

        :raises InvalidRequest: ``job_not_complete``.
        """
        return await self._link("aggregate_model", options, project_id=project_id, job_id=job_id)

    async def list(
        self,
        *,
        project_id: str,
        experiment_id: str,
        limit: int | None = None,
        cursor: str | None = None,
        status: JobStatus | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[Page[JobEntry], JobEntry]:
        """The jobs of an experiment, newest first, with how many of their devices stand how.

        :param limit: entries per page, 1 to 1000; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.
        """
        return await self._page(
            "list",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            limit=limit,
            cursor=cursor,
            status=status,
        )

    async def describe(self, *, project_id: str, job_id: str, options: CallOptions | None = None) -> Answer[JobFacts]:
        """All there is to know of a job but its devices, which :meth:`devices` lists."""
        return await self._call("describe", options, project_id=project_id, job_id=job_id)

    async def devices(
        self,
        *,
        project_id: str,
        job_id: str,
        limit: int | None = None,
        cursor: str | None = None,
        state: DeviceStanding | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[Page[JobDeviceEntry], JobDeviceEntry]:
        """The devices of a job in the order in which they were drawn, each with how far it is.

        :param limit: entries per page, 1 to 1000; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.
        :param state: only those that stand so to the job.
        """
        return await self._page(
            "devices", options, project_id=project_id, job_id=job_id, limit=limit, cursor=cursor, state=state
        )

    async def retry(self, *, project_id: str, job_id: str, options: CallOptions | None = None) -> Answer[JobBody]:
        """A new job, last in line, with the configuration of one that was cancelled or failed."""
        return await self._call("retry", options, project_id=project_id, job_id=job_id)

    async def wait_for_completion(
        self,
        *,
        project_id: str,
        job_id: str,
        timeout: float = 3600.0,
        progress: bool | None = None,
        on_progress: Callable[[JobBody], None] | None = None,
        options: CallOptions | None = None,
    ) -> Answer[JobBody]:
        """Waits until the job is COMPLETED, and returns it. Hears of it by the server's event stream, or looks now and then.

        :param timeout: seconds to wait in all; an hour when it is left out.
        :param progress: True: a tqdm bar; False: none; None: one on a terminal, if tqdm is installed.
        :param on_progress: called with the job at first, and when its status or its number of updates has changed.
        :raises JobFailed: it FAILED; ``.reason`` says why. Likewise JobCancelled.
        :raises TimeoutError: after ``timeout`` seconds, with the job still going on.

        >>> job = (await client.Job.wait_for_completion(project_id=p, job_id=j, timeout=600)).body  # doctest: +SKIP
        """
        return await wait_for_completion(self._engine(), project_id, job_id, timeout, progress, on_progress, options)
