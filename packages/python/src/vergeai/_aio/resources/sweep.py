from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ..._answer import Answer
from ..._settings import CallOptions
from ...types import CancelledSweep, NewSweep, Page, SweepDescription, SweepEntry
from ..answers import AsyncPageAnswer
from .resource import AsyncResource


class AsyncSweeps(AsyncResource):
    """Sweeps: forks of one experiment that try hyperparameters, ranked by a metric."""

    _name = "sweep"

    async def create(
        self,
        *,
        project_id: str,
        experiment_id: str,
        hyperparameters: Mapping[str, Any],
        method: Literal["grid", "random"],
        num_jobs: int,
        job: Mapping[str, Any],
        metric: str,
        mode: Literal["min", "max"],
        sweep_name: str | None = None,
        count: int | None = None,
        seed: int | None = None,
        options: CallOptions | None = None,
    ) -> Answer[NewSweep]:
        """Forks the experiment from its current model, once for every combination of a grid or for so many at random, and
        gives each fork jobs to train. All of it is there at once, or nothing. At most 256 forks and 1,280 jobs.

        :param hyperparameters: which are tried, by path: ``"lr"``, or ``"optimizer.lr"`` within an object. Each has
            ``{"values": [...]}``, or ``{"min": ..., "max": ..., "scale": "linear" | "log"}`` to be drawn from; all others
            are the experiment's.
        :param method: ``"grid"``: every combination of the values; ``"random"``: so many as ``count`` says.
        :param num_jobs: how many jobs each fork trains, 1 to 100.
        :param job: how each of them is configured, such as ``{"num_devices": 2}``: what ``Job.create_series`` takes besides
            ids and ``count``.
        :param metric: by which metric forks are ranked: its mean over the devices of a job.
        :param mode: whether less of it is better, or more.
        :param sweep_name: 1 to 150 characters. The forks are called after it and what was chosen for them.
        :param count: how many forks are drawn, for ``"random"`` alone.
        :param seed: what they are drawn by, 0 to 2,147,483,647: the same seed draws the same. For ``"random"`` alone; the
            answer says which it was when it is left out.
        :raises InvalidRequest: ``start_model_missing``, ``not_enough_devices``, ``unknown_devices``,
            ``strategy_needs_more_devices``, ``strategy_too_many_devices``.

        >>> rates = {"lr": {"min": 1e-4, "max": 0.1, "scale": "log"}}
        >>> new = dict(method="random", count=12, num_jobs=5, job={"num_devices": 2}, metric="loss", mode="min")
        >>> (await client.Sweep.create(**ids, hyperparameters=rates, **new)).body.sweep_id  # doctest: +SKIP
        """
        return await self._call(
            "create",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            hyperparameters=hyperparameters,
            method=method,
            num_jobs=num_jobs,
            job=job,
            metric=metric,
            mode=mode,
            sweep_name=sweep_name,
            count=count,
            seed=seed,
        )

    async def describe(self, *, project_id: str, sweep_id: str, options: CallOptions | None = None) -> Answer[SweepDescription]:
        """A sweep with its forks, the best one first: by the best value that one of its jobs reached; of equal ones the first
        that was made comes first, and those without a value come last. A fork that was deleted is not there any more.

        :raises NotFound: there is none, or the caller may not see it.

        >>> best = (await client.Sweep.describe(project_id=p, sweep_id=s)).body.members[0]  # doctest: +SKIP
        """
        return await self._call("describe", options, project_id=project_id, sweep_id=sweep_id)

    async def list(
        self, *, project_id: str, limit: int | None = None, cursor: str | None = None, options: CallOptions | None = None
    ) -> AsyncPageAnswer[Page[SweepEntry], SweepEntry]:
        """The sweeps of a project, newest first.

        :param limit: entries per page, 1 to 200; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.
        """
        return await self._page("list", options, project_id=project_id, limit=limit, cursor=cursor)

    async def cancel(self, *, project_id: str, sweep_id: str, options: CallOptions | None = None) -> Answer[CancelledSweep]:
        """Cancels every job of the forks of a sweep that has not ended. Forks, their models and what they reached stay. Of
        one that is COMPLETED, or was cancelled before, nothing is left to cancel.

        :raises NotFound: there is none, or the caller may not see it.
        """
        return await self._call("cancel", options, project_id=project_id, sweep_id=sweep_id)
