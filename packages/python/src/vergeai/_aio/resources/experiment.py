from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any, Literal

from ..._answer import Answer
from ..._curves import Curves
from ..._given import UNSET, Unset, nullable, present
from ..._models.read import Form
from ..._models.source import Model
from ..._progress import OnProgress
from ..._settings import CallOptions
from ..._trained import TrainedModel
from ...types import (
    CountedPage,
    CurrentModel,
    Empty,
    EventEntry,
    EventPage,
    ExperimentDescription,
    ExperimentEntry,
    JobMetrics,
    Lineage,
    Link,
    MetricSeries,
    ModelLayout,
    Page,
    PausedExperiment,
    ResumedExperiment,
    UploadTicket,
)
from ..answers import AsyncExperimentAnswer, AsyncLinkAnswer, AsyncPageAnswer
from ..following import follow
from ..measuring import curves
from ..training import AsyncTrainRound, train_experiment
from ..upload import submit_model
from ..waiting import see_start_model
from .resource import AsyncResource


class AsyncExperiments(AsyncResource):
    """Experiments: one model + hyperparameters configuration each, and the series of jobs that trains it."""

    _name = "experiment"

    async def create(
        self,
        *,
        project_id: str,
        hyperparameters: Mapping[str, Any] | None = None,
        experiment_name: str | None = None,
        experiment_description: str | None = None,
        aggregation_strategy: str | Mapping[str, Any] | None = None,
        keep_best: Mapping[str, Any] | None = None,
        options: CallOptions | None = None,
    ) -> AsyncExperimentAnswer:
        """Creates an experiment.

        :param hyperparameters: whatever the devices shall know, as JSON: finite numbers, at most 64 KiB.
        :param experiment_name: 1 to 200 characters.
        :param experiment_description: at most 10,000 characters.
        :param aggregation_strategy: how the updates of its jobs become one model, such as ``"FedMedian"`` or
            ``{"type": "FedAdam", "server_learning_rate": 0.03}``; ``"FedAvg"`` when it is left out.
        :param keep_best: by which metric the best model is chosen, such as ``{"metric": "loss", "mode": "min"}``.
        :raises NotFound: there is no such project, or the caller may not see it.

        >>> response = await client.Experiment.create(project_id="…")  # doctest: +SKIP
        >>> response.body.ID  # doctest: +SKIP
        '64fb44b25e0d48d2b74e120513687bd7'
        """
        return await self._experiment(
            "create",
            options,
            project_id=project_id,
            hyperparameters=hyperparameters,
            experiment_name=experiment_name,
            experiment_description=experiment_description,
            aggregation_strategy=aggregation_strategy,
            keep_best=keep_best,
        )

    async def get(
        self, *, project_id: str, experiment_id: str, options: CallOptions | None = None
    ) -> AsyncExperimentAnswer:
        """An experiment as it is now.

        :raises NotFound: ``project_not_found``, ``experiment_not_found``.
        """
        return await self._experiment("get", options, project_id=project_id, experiment_id=experiment_id)

    async def submit_start_model(
        self,
        *,
        project_id: str,
        experiment_id: str,
        model: Model | None = None,
        block: bool = False,
        progress: bool | None = None,
        on_progress: OnProgress | None = None,
        options: CallOptions | None = None,
    ) -> Answer[UploadTicket]:
        """Submits the experiment's start model, once. It fixes format, names, shapes and dtypes for the experiment.

        :param model: a dict of nested lists (sent as JSON, kept as float64); a dict of NumPy arrays or PyTorch tensors,
            such as a ``state_dict()`` as it is (sent as safetensors in its dtypes: float 64, 32, 16, bfloat16,
            int 64, 32, 16, 8, uint8, bool); or the path of a .json or .safetensors file. Files and tensors are
            streamed. Without a model the answer's body is an upload ticket.
        :param block: look until the experiment shows the model, so that no stale data is read.
        :param progress: True: a tqdm bar; False: none; None: one on a terminal for a large model, if tqdm is installed.
        :param on_progress: called with the bytes sent so far, and all there are (None when that is not known).
        :raises ModelError: this is no model; nothing was sent.
        :raises InvalidRequest: ``start_model_already_submitted``.
        :raises Unprocessable: ``invalid_model``, with a JSON pointer to the first offence in ``errors``.
        :raises PayloadTooLarge: the model is larger than the server takes.
        :raises TimeoutError: nothing moved for ``timeout`` seconds, or with ``block`` the model does not show up.

        >>> await client.Experiment.submit_start_model(model=net.state_dict(), project_id=p, experiment_id=e)  # doctest: +SKIP
        {'statusCode': 204, 'body': {}}
        """
        ids: dict[str, Any] = {"project_id": project_id, "experiment_id": experiment_id}
        if model is None:
            return await self._call("submit_start_model", options, **ids)
        engine = self._engine()
        given = {**ids, "block": True} if block else ids
        status_code = await submit_model(
            engine,
            "experiment.submit_start_model",
            given,
            model,
            options,
            progress=progress,
            on_progress=on_progress,
        )
        if block:
            await see_start_model(engine, project_id, experiment_id, options)
        return Answer(statusCode=status_code, body=UploadTicket())

    async def list(
        self,
        *,
        project_id: str,
        limit: int | None = None,
        cursor: str | None = None,
        status: Literal["active", "idle"] | None = None,
        q: str | None = None,
        tag: str | None = None,
        ids: str | None = None,
        archived: Literal["exclude", "include", "only"] | None = None,
        sort: Literal["created", "updated", "name", "metric"] | None = None,
        metric: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        params: str | None = None,
        metrics: str | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[CountedPage[ExperimentEntry], ExperimentEntry]:
        """The experiments of a project, newest first or sorted, with what a table of them shows.

        :param limit: entries per page, 1 to 200; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``, with all else as it was. ``.entries()`` follows it by itself.
        :param q: a part of the name, or the beginning of the id.
        :param ids: only these, separated by commas.
        :param archived: what to do with archived ones; they are left out when nothing is said.
        :param sort: what has no name, or not the metric, comes last.
        :param metric: which one to sort by; it goes with ``sort="metric"``.
        :param order: ``"desc"`` when it is left out, for names ``"asc"``.
        :param params: which hyperparameters to show, separated by commas: ``"lr,optimizer.name"``.
        :param metrics: which metrics to show, separated by commas; all when it is left out.
        """
        return await self._page(
            "list",
            options,
            project_id=project_id,
            limit=limit,
            cursor=cursor,
            status=status,
            q=q,
            tag=tag,
            ids=ids,
            archived=archived,
            sort=sort,
            metric=metric,
            order=order,
            params=params,
            metrics=metrics,
        )

    async def describe(
        self,
        *,
        project_id: str,
        experiment_id: str,
        limit: int | None = None,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> Answer[ExperimentDescription]:
        """All there is to know of an experiment. ``limit`` and ``cursor`` are about its ``jobs``, newest first."""
        return await self._call(
            "describe", options, project_id=project_id, experiment_id=experiment_id, limit=limit, cursor=cursor
        )

    async def update(
        self,
        *,
        project_id: str,
        experiment_id: str,
        experiment_name: str | None | Unset = UNSET,
        experiment_description: str | None | Unset = UNSET,
        hyperparameters: Mapping[str, Any] | None = None,
        tags: Sequence[str] | None = None,
        archived: bool | None = None,
        aggregation_strategy: str | Mapping[str, Any] | None = None,
        keep_best: Mapping[str, Any] | None | Unset = UNSET,
        options: CallOptions | None = None,
    ) -> AsyncExperimentAnswer:
        """Changes name, description, tags and, until the first job exists, hyperparameters. None clears a text.

        :param tags: in the place of those that it has.
        :param archived: lists leave out what is archived unless they are asked for it. It goes on as before otherwise.
        :param keep_best: by which metric the best model is chosen, also of those that there are, such as
            ``{"metric": "loss", "mode": "min"}``; None: none is.
        :raises InvalidRequest: ``hyperparameters_fixed``.
        """
        return await self._experiment(
            "update",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            experiment_name=nullable(experiment_name),
            experiment_description=nullable(experiment_description),
            hyperparameters=hyperparameters,
            tags=tags,
            archived=archived,
            aggregation_strategy=aggregation_strategy,
            keep_best=nullable(keep_best),
        )

    async def delete(self, *, project_id: str, experiment_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Deletes an experiment with its jobs, models, metrics and log. Forks of it stay.

        :raises PermissionDenied: it takes an admin of the project.
        """
        return await self._call("delete", options, project_id=project_id, experiment_id=experiment_id)

    async def fork(
        self,
        *,
        project_id: str,
        experiment_id: str,
        from_: str | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        experiment_name: str | None = None,
        experiment_description: str | None = None,
        aggregation_strategy: str | Mapping[str, Any] | None = None,
        keep_best: Mapping[str, Any] | None = None,
        options: CallOptions | None = None,
    ) -> AsyncExperimentAnswer:
        """A new experiment whose start model is a model of this one.

        :param from_: ``"start"``, ``"current"`` (also when it is left out), ``"best"``, or the id of a job: its aggregate.
        :param hyperparameters: those of this experiment when they are left out.
        :param aggregation_strategy: how the updates of its jobs become one model; this one's way when it is left out.
        :param keep_best: by which metric its best model is chosen; this one's when it is left out.
        """
        return await self._experiment(
            "fork",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            from_=from_,
            hyperparameters=hyperparameters,
            experiment_name=experiment_name,
            experiment_description=experiment_description,
            aggregation_strategy=aggregation_strategy,
            keep_best=keep_best,
        )

    async def rollback(
        self, *, project_id: str, experiment_id: str, to: str, reason: str | None = None, options: CallOptions | None = None
    ) -> Answer[CurrentModel]:
        """Makes a model that the experiment had before its current one again. The next job goes on from there; jobs, models
        and metrics stay as they are.

        :param to: ``"start"``, ``"best"``, or the id of a COMPLETED job: what it made.
        :param reason: why, for the log; 1 to 1000 characters.
        :raises InvalidRequest: ``experiment_busy``: a job runs or waits; ``job_not_complete``, ``start_model_missing``.
        """
        return await self._call(
            "rollback", options, project_id=project_id, experiment_id=experiment_id, to=to, reason=reason
        )

    async def pause(
        self, *, project_id: str, experiment_id: str, reason: str | None = None, options: CallOptions | None = None
    ) -> Answer[PausedExperiment]:
        """Lets no further job of the experiment start. One that runs goes on to its end, and its model becomes the current
        one; those in line, and those that are added, wait until :meth:`resume`.

        :param reason: why, for the log; 1 to 1000 characters.
        """
        return await self._call("pause", options, project_id=project_id, experiment_id=experiment_id, reason=reason)

    async def resume(
        self, *, project_id: str, experiment_id: str, options: CallOptions | None = None
    ) -> Answer[ResumedExperiment]:
        """Lets jobs of a paused experiment start again, the first in line at once."""
        return await self._call("resume", options, project_id=project_id, experiment_id=experiment_id)

    async def start_model(
        self, *, project_id: str, experiment_id: str, options: CallOptions | None = None
    ) -> AsyncLinkAnswer[Link]:
        """The start model: a signed link, and ``.dict()``, ``.numpy()``, ``.torch()``, ``.bytes()``, ``.to_file(path)``.

        :raises InvalidRequest: ``start_model_missing``.
        """
        return await self._link("start_model", options, project_id=project_id, experiment_id=experiment_id)

    async def current_model(
        self, *, project_id: str, experiment_id: str, options: CallOptions | None = None
    ) -> AsyncLinkAnswer[Link]:
        """The model as trained so far, in the same ways as :meth:`start_model`.

        >>> link = await client.Experiment.current_model(project_id=p, experiment_id=e)  # doctest: +SKIP
        >>> state = await link.torch()  # doctest: +SKIP
        >>> net.load_state_dict(state)  # doctest: +SKIP
        """
        return await self._link("current_model", options, project_id=project_id, experiment_id=experiment_id)

    async def best_model(
        self, *, project_id: str, experiment_id: str, options: CallOptions | None = None
    ) -> AsyncLinkAnswer[Link]:
        """The best model so far, by the metric of ``keep_best``, in the same ways as :meth:`start_model`.

        :raises InvalidRequest: ``best_model_missing``, ``start_model_missing``.
        """
        return await self._link("best_model", options, project_id=project_id, experiment_id=experiment_id)

    async def events(
        self,
        *,
        project_id: str,
        experiment_id: str,
        after: int | None = None,
        before: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        types: str | None = None,
        job_id: str | None = None,
        device_id: str | None = None,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[EventPage[EventEntry], EventEntry]:
        """What happened to the experiment, oldest first, or with ``order="desc"`` newest first.

        :param after: only events with a higher number.
        :param before: only events with a lower number.
        :param types: only events of these types, separated by commas: ``"job_completed,job_failed"``.
        :param job_id: only events about this job.
        :param device_id: only events about this device.
        """
        return await self._page(
            "events",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            after=after,
            before=before,
            order=order,
            types=types,
            job_id=job_id,
            device_id=device_id,
            limit=limit,
        )

    async def metrics(
        self,
        *,
        project_id: str,
        experiment_id: str,
        limit: int | None = None,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[Page[JobMetrics], JobMetrics]:
        """What devices reported, job by job, newest first, with the mean weighted by ``num_examples``."""
        return await self._page(
            "metrics", options, project_id=project_id, experiment_id=experiment_id, limit=limit, cursor=cursor
        )

    async def lineage(self, *, project_id: str, experiment_id: str, options: CallOptions | None = None) -> Answer[Lineage]:
        """Which model came of which: those of this experiment, those from which its start model came, and those of its forks
        and of their forks. The newest 2,000 of them."""
        return await self._call("lineage", options, project_id=project_id, experiment_id=experiment_id)

    async def model_layout(
        self, *, project_id: str, experiment_id: str, model: str | None = None, options: CallOptions | None = None
    ) -> Answer[ModelLayout]:
        """What a model is made of, without its numbers. All models of an experiment are made of the same.

        :param model: ``"start"``, ``"current"`` (also when it is left out), or the id of a COMPLETED job.
        :raises InvalidRequest: ``start_model_missing``, ``job_not_complete``.
        """
        return await self._call("model_layout", options, project_id=project_id, experiment_id=experiment_id, model=model)

    async def metric_series(
        self,
        *,
        project_id: str,
        experiment_id: str,
        names: str | None = None,
        devices: Literal["none", "all"] | str | None = None,
        from_: int | None = None,
        to: int | None = None,
        max_points: int | None = None,
        options: CallOptions | None = None,
    ) -> Answer[MetricSeries]:
        """How metrics went from job to job, in columns for a chart: all jobs up to ``max_points``, and of more those that
        show where a curve begins, ends and has its extremes. What each device sent, exactly, is in :meth:`metrics`.

        :param names: which metrics, separated by commas, 10 at most; the first six when they are left out.
        :param devices: whose values to give, too: ``"all"``, at most a hundred, of the newest jobs first, or the ids of 50 at
            most, separated by commas; nobody's when they are left out.
        :param from_: the number of the first job; 1 when it is left out.
        :param to: the number of the last job.
        :param max_points: how many jobs at most, 100 to 5000; 2000 when it is left out.

        >>> series = (await client.Experiment.metric_series(project_id=p, experiment_id=e)).body  # doctest: +SKIP
        >>> plt.plot(series.sequence, series.metrics["loss"].mean)  # doctest: +SKIP
        """
        return await self._call(
            "metric_series",
            options,
            project_id=project_id,
            experiment_id=experiment_id,
            names=names,
            devices=devices,
            from_=from_,
            to=to,
            max_points=max_points,
        )

    async def follow(
        self,
        *,
        project_id: str,
        experiment_id: str,
        after: int = 0,
        forever: bool = False,
        timeout: float | None = None,
        options: CallOptions | None = None,
    ) -> AsyncGenerator[EventEntry, None]:
        """What happened to the experiment after event number ``after``, then what happens, as it happens.

        Ends by itself when no job of the experiment runs or waits any more; one without any job is waited for. Comes by
        the server's event stream, which is opened again, without a loss, when it breaks off, or by looking now and then
        where something on the way lets no streams through.

        :param forever: go on when the jobs have run out, until you leave the loop.
        :param timeout: seconds in all; without an end when it is left out.
        :raises TimeoutError: after ``timeout`` seconds, with the experiment still going on.

        >>> async for event in client.Experiment.follow(project_id=p, experiment_id=e):  # doctest: +SKIP
        ...     if event.type == "current_model_changed":
        ...         print(event.sequence, event.data.sha256)
        """
        ids = {"project_id": project_id, "experiment_id": experiment_id}
        async for entry in follow(self._engine(), ids, after, forever, timeout, options):
            yield entry

    async def plot(
        self, *metrics: str, project_id: str, experiment_id: str, options: CallOptions | None = None
    ) -> Curves:
        """What was measured in the experiment, round by round: curves in a notebook, or with ``.save("curves.png")``, where
        matplotlib is installed; a table elsewhere, and with ``print``.

        :param metrics: such as ``"loss"``; all of them when none is named.

        >>> await client.Experiment.plot("loss", project_id=p, experiment_id=e)  # doctest: +SKIP
        """
        ids = {"project_id": project_id, "experiment_id": experiment_id}
        return await curves(self._engine(), ids, metrics, options)

    async def train(
        self,
        model: Any = None,
        *,
        train: AsyncTrainRound,
        rounds: int = 1,
        project_id: str | None = None,
        experiment_id: str | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        experiment_name: str | None = None,
        experiment_description: str | None = None,
        model_form: Form | None = None,
        progress: bool | None = None,
        on_round: Callable[[int], None] | None = None,
        options: CallOptions | None = None,
    ) -> TrainedModel:
        """Trains a model here, and keeps every round of it on the server: makes an experiment, submits the model, runs the
        rounds one after another, and returns the trained model.

        ``train(model, hyperparameters, job)`` is called for each round with the model as the round before left it, in the
        form in which you passed it, and returns it trained; ``job.report(loss=…)`` notes what is measured. What it raises
        ends the training and is raised here. A module of PyTorch is passed as it is: the function trains it where it is
        and may return nothing, and afterwards the module has what was trained.

        :param model: as for :meth:`submit_start_model`, or a module of PyTorch.
        :param rounds: how often ``train`` is called.
        :param project_id: where the experiment is made, with nothing else training there meanwhile; a project of its own
            when it is left out.
        :param experiment_id: go on with this one, from where it is; needs its ``project_id``. ``model`` says in which
            form, and may be left out.
        :param model_form: ``"dict"``, ``"numpy"`` or ``"torch"``: how ``train`` gets the model, if not as you passed it.
        :param progress: True: a tqdm bar; False: none; None: one in a terminal or a notebook, if tqdm is installed.
        :param on_round: called with the number of rounds that have ended.
        :raises JobCancelled: somebody cancelled the last round.

        >>> trained = await client.Experiment.train(net, train=train, rounds=10)  # doctest: +SKIP
        >>> trained.plot()  # doctest: +SKIP
        """
        about = {
            "hyperparameters": hyperparameters,
            "experiment_name": experiment_name,
            "experiment_description": experiment_description,
        }
        return await train_experiment(
            self._engine(), model, train, rounds, project_id, experiment_id, present(about), model_form, progress, on_round, options
        )
