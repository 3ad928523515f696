"""One call from a model to a trained one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from .._device.job import WorkerJob
from .._given_model import GivenModel
from .._models.read import Form, require_form
from .._progress import Bar
from .._runtime.aio import Background, result_of
from .._settings import CallOptions
from .._trained import TrainedModel
from ..errors import VergeAIError
from .download import AsyncModelDownload
from .engine import AsyncEngine
from .following import ENDS_OF_JOBS, AsyncLog, follow
from .measuring import curves
from .upload import submit_model
from .waiting import wait_for_completion
from .worker.worker import AsyncWorker

AsyncTrainRound = Callable[[Any, dict[str, Any], WorkerJob], Awaitable[Any] | Any]

# The job is for the device that is made for it, and for no other one that the project may have.
DEVICE_TIMEOUT = 1


class AsyncTraining:
    """An experiment whose rounds are trained here, by a device that is there as long as they take."""

    def __init__(self, engine: AsyncEngine, given: GivenModel, train: AsyncTrainRound, options: CallOptions | None) -> None:
        require_form(given.form)
        self._engine = engine
        self._given = given
        self._train = train
        self._options = options
        self._raised: BaseException | None = None
        self._ids: dict[str, str] = {}
        self._after = 0

    async def begin(self, project_id: str | None, about: Mapping[str, Any]) -> None:
        """Makes the experiment, in a project of its own when none is given."""
        if project_id is None:
            name = about.get("experiment_name") or "Training"
            project_id = (await self._call("project.create", project_name=name))["project_id"]
        created = await self._call("experiment.create", project_id=project_id, **about)
        self._ids = {"project_id": str(project_id), "experiment_id": created["ID"]}
        await submit_model(self._engine, "experiment.submit_start_model", self._ids, self._given.tensors, self._options)

    def resume(self, project_id: str, experiment_id: str) -> None:
        """Goes on with one that is there."""
        self._ids = {"project_id": project_id, "experiment_id": experiment_id}

    async def run(self, rounds: int, progress: bool | None, on_round: Callable[[int], None] | None) -> TrainedModel:
        project = {"project_id": self._ids["project_id"]}
        # What is in the log already is not about this training.
        self._after = await AsyncLog(self._engine, self._ids, self._options).newest()
        device = await self._call("device.create", **project)
        jobs: list[str] = []
        try:
            for _ in range(rounds):
                job = await self._call("job.create", **self._ids, num_devices=1, device_timeout_sec=DEVICE_TIMEOUT)
                jobs.append(job["ID"])
            with Bar("Training", rounds, progress, unit=" rounds") as bar:
                await self._work(device["device_api_key"], jobs, bar, on_round)
            if self._raised is not None:
                raise self._raised
            await wait_for_completion(self._engine, project["project_id"], jobs[-1], 3600, False, None, self._options)
        except BaseException:
            await self._cancel(jobs)
            raise
        finally:
            with suppress(VergeAIError):
                await self._call("device.delete", **project, device_id=device["device_id"])
        return await self._result()

    async def _work(self, device_api_key: str, jobs: list[str], bar: Bar, on_round: Callable[[int], None] | None) -> None:
        """Trains until the jobs have run out, or one could not be trained."""
        settings = self._engine.settings
        route = self._engine.transport.route
        worker = AsyncWorker(
            self._ids["project_id"],
            device_api_key,
            self._trained_round(lambda: worker.stop()),
            model_form=self._given.form,
            base_url=settings.base_url,
            timeout=settings.timeout,
            ssl_context=route.ssl_context,
            proxy=route.proxy,
            http_client=route.http_client,
        )

        async def watch() -> None:
            """Others may cancel jobs, too: whoever waits for the next one must hear that there is none."""
            done: set[str] = set()
            try:
                async for entry in follow(self._engine, self._ids, self._after, False, None, self._options):
                    if entry["type"] in ENDS_OF_JOBS and entry["job_id"] in jobs:
                        done.add(entry["job_id"])
                        bar.at(len(done))
                        if on_round:
                            on_round(len(done))
                    if len(done) == len(jobs):
                        break
            except Exception as error:
                self._raised = self._raised or error
            finally:
                worker.stop()

        watching = Background(watch, "vergeai-rounds")
        try:
            await worker.run()
        finally:
            worker.stop()
            watching.abandon()

    def _trained_round(self, stop: Callable[[], None]) -> AsyncTrainRound:
        """The user's function as a device calls it. What it raises ends the training, and reaches the user."""

        async def train(tensors: dict[str, Any], hyperparameters: dict[str, Any], job: WorkerJob) -> Any:
            try:
                if job.experiment_id != self._ids["experiment_id"]:
                    raise VergeAIError(f"A job of another experiment, {job.experiment_id}, came to the device of this training: it needs a project without other trainings.")
                return self._given.trained(await result_of(self._train, self._given.for_training(tensors), hyperparameters, job))
            except BaseException as error:
                self._raised = error
                stop()
                raise

        return train

    async def _cancel(self, jobs: list[str]) -> None:
        for job_id in reversed(jobs):
            with suppress(VergeAIError):
                await self._call("job.cancel", project_id=self._ids["project_id"], job_id=job_id)

    async def _result(self) -> TrainedModel:
        link = await self._call("experiment.current_model", **self._ids)
        tensors, _ = await AsyncModelDownload(self._engine, link["model_url"], self._options).read(self._given.form)
        self._given.keep(tensors)
        measured = await curves(self._engine, self._ids, (), self._options)
        return TrainedModel(tensors, self._ids["project_id"], self._ids["experiment_id"], measured)

    async def _call(self, operation: str, **given: Any) -> Any:
        return (await self._engine.call(operation, given, self._options))[1]


async def train_experiment(
    engine: AsyncEngine,
    model: Any,
    train: AsyncTrainRound,
    rounds: int,
    project_id: str | None,
    experiment_id: str | None,
    about: Mapping[str, Any],
    form: Form | None,
    progress: bool | None,
    on_round: Callable[[int], None] | None,
    options: CallOptions | None,
) -> TrainedModel:
    if rounds < 1:
        raise VergeAIError("rounds must be 1 or more.")
    if experiment_id is None and model is None:
        raise VergeAIError("Pass the model to begin with, or the experiment_id of a training to go on with.")
    training = AsyncTraining(engine, GivenModel(model, form), train, options)
    if experiment_id is None:
        await training.begin(project_id, about)
    elif project_id is None:
        raise VergeAIError("An experiment_id needs the project_id beside it.")
    else:
        training.resume(project_id, experiment_id)
    return await training.run(rounds, progress, on_round)
