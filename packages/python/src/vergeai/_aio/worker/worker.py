"""Waits for jobs, trains them, and sends what came of it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import httpx2

from ..._connecting import Route
from ..._device import pace
from ..._device.flag import Flag
from ..._device.job import Evaluation, Update, WorkerJob, finite, log
from ..._device.pauses import Pauses
from ..._device.refusals import Reaction, reaction_to
from ..._device.setback import Setback
from ..._models.read import Form, require_form
from ..._models.source import Model
from ..._runtime.aio import outcome_unless, result_of, wait_for_flag
from ..._settings import DEFAULT_TIMEOUT, Settings, module_base_url, usable_key, usable_timeout, usable_url
from ...errors import ModelError, VergeAIError
from ...types import NextJob
from ..engine import AsyncEngine
from ..transport import AsyncTransport
from .device_side import AsyncDeviceSide
from .fetch_model import fetch_model
from .lease import AsyncLease
from .patience import persist
from .report_failure import report_failure
from .reports import AsyncReports
from .submit_evaluation import submit_evaluation
from .submit_update import submit_update

Trained = Update | Model | None
AsyncTrain = Callable[[dict[str, Any], dict[str, Any], WorkerJob], Awaitable[Trained] | Trained]
"""``train(model, hyperparameters, job)`` gives the trained model, or an :class:`Update` with weight and metrics."""

AsyncMeasureLoss = Callable[[dict[str, Any], dict[str, Any], WorkerJob], Awaitable[float] | float]
"""``measure_loss(model, hyperparameters, job)`` gives the mean loss of the model on this device's data."""

Measured = Evaluation | Mapping[str, Any] | None
AsyncEvaluate = Callable[[dict[str, Any], dict[str, Any], WorkerJob], Awaitable[Measured] | Measured]
"""``evaluate(model, hyperparameters, job)`` gives metrics by name, or an :class:`Evaluation` with their weight."""

Outcome = Literal["submitted", "closed", "failed"]


class AsyncWorker:
    """A device: waits for jobs, fetches the start model, lets ``train`` work on it, and submits the result.

    While ``train`` runs, the lease on the job is kept. A server that restarts, or can't be reached for a while,
    costs nothing: what has been trained is kept and submitted when the server is back. When ``train`` raises, the
    failure is reported, so that another device is drawn, and the worker goes on with the next job.

    :param project_id: the device's project.
    :param api_key: the device's own key, from ``Device.create``.
    :param train: called with the start model, the experiment's hyperparameters and the :class:`WorkerJob`; gives the
        trained model, or an :class:`Update`. Tensors may come back as lists, arrays or tensors, whichever came: they
        are sent in the start model's format and dtypes.
    :param measure_loss: called like ``train``, and before it, when the job's strategy weighs devices by their loss of the
        start model (q-FedAvg): gives that loss on this device's data, above 0, and leaves the model as it is. It is sent
        under the name that the strategy asks for, whatever ``train`` reports under that name.
    :param evaluate: called in the place of ``train`` for a job that only evaluates: gives the metrics of the model on this
        device's data, or an :class:`Evaluation`. Without it such a job is reported as failed here, and never trained.
    :param model_form: how ``train`` gets the model: ``"dict"`` of nested lists, ``"numpy"`` or ``"torch"``.
    :param base_url: ``vergeai.base_url`` when it is left out.
    :param poll: how long one request waits for a job, in seconds, at most 60.
    :param timeout: how long one request may stand still, in seconds.
    :param ssl_context: as for a client; likewise ``proxy`` and ``http_client``.

    >>> def train(model, hyperparameters, job):
    ...     net.load_state_dict(model)
    ...     ...
    ...     job.report(loss=loss)
    ...     return vergeai.Update(net.state_dict(), num_examples=len(data))
    >>> await vergeai.AsyncWorker("…project id…", "…device key…", train=train, model_form="torch").run()  # doctest: +SKIP
    """

    def __init__(
        self,
        project_id: str,
        api_key: str,
        train: AsyncTrain,
        *,
        measure_loss: AsyncMeasureLoss | None = None,
        evaluate: AsyncEvaluate | None = None,
        model_form: Form = "dict",
        base_url: str | None = None,
        poll: float = 30.0,
        timeout: float = DEFAULT_TIMEOUT,
        ssl_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
        http_client: httpx2.AsyncClient | Callable[[], httpx2.AsyncClient] | None = None,
    ) -> None:
        require_form(model_form)
        self._project_id = project_id
        self._train = train
        self._measure_loss = measure_loss
        self._evaluate = evaluate
        self._form: Form = model_form
        self._poll = poll
        route = Route(ssl_context, proxy, http_client)
        settings = Settings(
            api_key=usable_key(api_key),
            base_url=usable_url(base_url or module_base_url()),
            timeout=usable_timeout(timeout),
        )
        self._new_client: Callable[[], AsyncDeviceSide] = lambda: AsyncDeviceSide(
            AsyncEngine(settings, AsyncTransport(route))
        )
        self._base_url = settings.base_url
        self._client = self._new_client()
        self._stop = Flag()
        self._abandon = Flag()
        self._job: WorkerJob | None = None
        self._known = False
        """The API has answered since :meth:`run` was called, so that its address is not wrong."""

    def __repr__(self) -> str:
        return f"<vergeai.Worker of project {self._project_id} at {self._base_url}>"

    async def run(self, *, max_jobs: int | None = None) -> int:
        """Works until :meth:`stop` is called, or ``max_jobs`` updates were accepted; gives how many were.

        :raises AuthenticationError: the device's key is revoked; likewise NotFound when the project is gone, or whatever
            else the server says when the device can do nothing more.
        """
        # A client of its own, so that waiting for the next job can be ended without ending an upload.
        over = Flag()
        async with self._new_client() as waiting:
            try:
                return await self._run(waiting, over, max_jobs)
            finally:
                # However it ended, Ctrl+C included: nobody goes on asking for jobs.
                over.set()

    async def _run(self, waiting: AsyncDeviceSide, over: Flag, max_jobs: int | None) -> int:
        submitted = 0
        failures = Pauses()
        self._known = False
        while not self._stop.is_set() and (max_jobs is None or submitted < max_jobs):
            asked_at = time.monotonic()
            try:
                offer = await outcome_unless(self._stop, lambda: self._next_job(waiting, over), waiting.close)
            except Setback as setback:
                if self._stop.is_set():
                    break
                raise setback.error from None
            self._known = True
            outcome = await self._work(offer) if offer else None
            submitted += outcome == "submitted"
            if outcome == "failed":
                # A job that can't be done here may be offered again until its failure is known.
                await wait_for_flag(self._stop, failures.after(None))
            elif outcome:
                failures.reset()
            if outcome in (None, "closed"):
                await wait_for_flag(self._stop, pace.SHORTEST_ROUND - (time.monotonic() - asked_at))
        return submitted

    def stop(self, *, abandon: bool = False) -> None:
        """Ends :meth:`run`, from another thread or a signal handler: after the job under way, or with ``abandon``
        without it: ``job.stop`` is set, and another device is drawn. Only raises flags, so that it never blocks."""
        self._stop.set()
        if abandon:
            self._abandon.set()
            job = self._job
            if job:
                job.stop.set()

    async def _next_job(self, waiting: AsyncDeviceSide, over: Flag) -> NextJob | None:
        """:raises Setback: the device can do nothing more, or was stopped."""

        def react(error: Exception) -> Reaction:
            reaction: Reaction = "let_go" if over.is_set() else reaction_to(error, "next_job")
            return "again" if reaction == "again_if_known" and self._known else reaction

        async def ask(_: bool) -> NextJob | None:
            answer = await waiting.Device.next_job(project_id=self._project_id, wait=self._poll, options={"max_retries": 0})
            return answer.body or None

        return await persist(react, self._stop, lambda error: log.warning("Can't ask for a job, coming back: %s", error), ask)

    async def _work(self, offer: NextJob) -> Outcome:
        """One job from offer to update.

        :raises VergeAIError: what the server says when the device can do nothing more.
        """
        job = self._job = WorkerJob(offer)
        log.info("Job %s (number %d of experiment %s)", job.job_id, job.sequence, job.experiment_id)
        lease = AsyncLease(self._client, self._project_id, job, offer["lease"]["duration_sec"])
        try:
            async with lease, AsyncReports(self._client, self._project_id, job) as reports:
                work = self._evaluated if offer.get("kind") == "EVALUATE" else self._trained
                submit = await work(offer, job)
                if not job.stop.is_set():
                    # From here on the server's answer to the update decides. A heartbeat may say that the job does not
                    # wait for this device any more just because the update has arrived.
                    await reports.flush()
                    await submit()
                    await reports.flush()
                    return "submitted"
            setback = Setback(VergeAIError("Training was stopped."), "let_go")
        except Setback as one:
            setback = one
        except Exception as error:
            # Whatever a training function raises is this job's misfortune, not the worker's.
            setback = Setback(error, "report")
        except BaseException:
            await self._report_failure(job, "The device was stopped.")
            raise
        finally:
            self._job = None
        if self._abandon.is_set():
            await self._report_failure(job, "The device was stopped.")
            return "closed"
        return await self._give_up(job, lease.lost or setback)

    async def _trained(self, offer: NextJob, job: WorkerJob) -> Callable[[], Awaitable[None]]:
        """Trains; gives how to submit what came of it."""
        model, layout = await fetch_model(self._client, self._project_id, offer, job, self._form)
        if job.required_metrics and self._measure_loss and not job.stop.is_set():
            loss = await result_of(self._measure_loss, model, job.hyperparameters, job)
            job.measured = finite(dict.fromkeys(job.required_metrics, loss))
        result = None if job.stop.is_set() else await result_of(self._train, model, job.hyperparameters, job)

        async def submit() -> None:
            update, upload = _as_update(result), offer.get("upload")
            await submit_update(self._client, self._project_id, job, layout, update, upload, self._abandon)

        return submit

    async def _evaluated(self, offer: NextJob, job: WorkerJob) -> Callable[[], Awaitable[None]]:
        """Measures the model that was given; gives how to submit that."""
        if self._evaluate is None:
            raise VergeAIError("This job only evaluates, and the worker of this device was made without evaluate.")
        model, _ = await fetch_model(self._client, self._project_id, offer, job, self._form)
        result = None if job.stop.is_set() else await result_of(self._evaluate, model, job.hyperparameters, job)
        evaluation = result if isinstance(result, Evaluation) else Evaluation(result)

        async def submit() -> None:
            await submit_evaluation(self._client, self._project_id, job, evaluation, self._abandon)

        return submit

    async def _give_up(self, job: WorkerJob, setback: Setback) -> Outcome:
        if setback.reaction == "stop":
            raise setback.error
        if setback.reaction == "let_go":
            log.info("Job %s is over for this device: %s", job.job_id, setback)
            return "closed"
        log.warning("Job %s failed here", job.job_id, exc_info=setback.error)
        await self._report_failure(job, f"{type(setback.error).__name__}: {setback}")
        return "failed"

    async def _report_failure(self, job: WorkerJob, reason: str) -> None:
        await report_failure(self._client, self._project_id, job, reason, self._abandon)


def _as_update(result: Trained) -> Update:
    if isinstance(result, Update):
        return result
    if result is None:
        raise ModelError("train returned None; it must return the trained model, or an Update.")
    return Update(result)
