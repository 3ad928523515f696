"""Waits for jobs, trains them, and sends what came of it."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable
from typing import Any, Literal, Union

from .._client import Client, module_base_url
from .._models.layout import Layout
from .._models.read import Form, require_form
from .._models.source import Model
from .._settings import DEFAULT_TIMEOUT
from ..errors import APIError, Conflict, IntegrityError, ModelError, PermissionDenied, VergeAIError
from ..types import NextJob
from .job import Update, WorkerJob, finite, log
from .lease import Lease
from .patience import Backoff, is_temporary

Train = Callable[[dict[str, Any], dict[str, Any], WorkerJob], Union[Update, Model, None]]
"""``train(model, hyperparameters, job)`` gives the trained model, or an :class:`Update` with weight and metrics."""

Outcome = Literal["submitted", "closed", "failed"]

SHORTEST_POLL = 0.5
LONGEST_REASON = 1000
INTEGRITY_ATTEMPTS = 3


class Worker:
    """A device: waits for jobs, fetches the start model, lets ``train`` work on it, and submits the result.

    While ``train`` runs, a thread keeps the lease on the job. A server that restarts, or can't be reached for a while,
    costs nothing: what has been trained is kept and submitted when the server is back. When ``train`` raises, the
    failure is reported, so that another device is drawn, and the worker goes on with the next job.

    :param project_id: the device's project.
    :param api_key: the device's own key, from ``Device.create``.
    :param train: called with the start model, the experiment's hyperparameters and the :class:`WorkerJob`; gives the
        trained model, or an :class:`Update`. Tensors may come back as lists, arrays or tensors, whichever came: they
        are sent in the start model's format and dtypes.
    :param model_form: how ``train`` gets the model: ``"dict"`` of nested lists, ``"numpy"`` or ``"torch"``.
    :param base_url: ``vergeai.base_url`` when it is left out.
    :param poll: how long one request waits for a job, in seconds, at most 60.
    :param timeout: how long one request may stand still, in seconds.

    >>> def train(model, hyperparameters, job):
    ...     net.load_state_dict(model)
    ...     ...
    ...     job.report(loss=loss)
    ...     return vergeai.Update(net.state_dict(), num_examples=len(data))
    >>> vergeai.Worker("…project id…", "…device key…", train=train, model_form="torch").run()  # doctest: +SKIP
    """

    def __init__(
        self,
        project_id: str,
        api_key: str,
        train: Train,
        *,
        model_form: Form = "dict",
        base_url: str | None = None,
        poll: float = 30.0,
        timeout: float = DEFAULT_TIMEOUT,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        require_form(model_form)
        self._project_id = project_id
        self._train = train
        self._form = model_form
        self._poll = poll
        # Two clients, so that waiting for the next job can be ended without ending an upload.
        self._waiting, self._client = (
            Client(api_key=api_key, base_url=base_url or module_base_url(), timeout=timeout, ssl_context=ssl_context)
            for _ in range(2)
        )
        self._stop = threading.Event()
        self._abandon = threading.Event()
        self._job: WorkerJob | None = None

    def __repr__(self) -> str:
        return f"<vergeai.Worker of project {self._project_id} at {self._client.base_url}>"

    def run(self, *, max_jobs: int | None = None) -> int:
        """Works until :meth:`stop` is called, or ``max_jobs`` updates were accepted; gives how many were.

        :raises AuthenticationError: the device's key is revoked; likewise NotFound or PermissionDenied.
        """
        submitted = 0
        connection, failures = Backoff(), Backoff()
        while not self._stop.is_set() and (max_jobs is None or submitted < max_jobs):
            asked_at = time.monotonic()
            try:
                offer = self._waiting.Device.next_job(
                    project_id=self._project_id, wait=self._poll, options={"max_retries": 0}
                ).body
            except VergeAIError as error:
                if self._stop.is_set():
                    break
                if not is_temporary(error):
                    raise
                log.warning("Can't ask for a job, coming back: %s", error)
                connection.pause(error, self._stop)
                continue
            connection.reset()
            if not offer:
                # Something between may answer a long poll at once; a device must not ask in a tight loop.
                self._stop.wait(SHORTEST_POLL - (time.monotonic() - asked_at))
                continue
            outcome = self._work(offer)
            submitted += outcome == "submitted"
            if outcome == "failed":
                # A job that can't be done here may be offered again until its failure is known.
                failures.pause(None, self._stop)
            else:
                failures.reset()
        return submitted

    def stop(self, *, abandon: bool = False) -> None:
        """Ends :meth:`run`, from another thread or a signal handler: after the job under way, or with ``abandon``
        without it: ``job.stop`` is set, and another device is drawn."""
        self._stop.set()
        if abandon:
            self._abandon.set()
            if self._job:
                self._job.stop.set()
        self._waiting.close()

    def _work(self, offer: NextJob) -> Outcome:
        """One job from offer to update."""
        job = self._job = WorkerJob(offer)
        log.info("Job %s (number %d of experiment %s)", job.job_id, job.sequence, job.experiment_id)
        try:
            with Lease(self._client, self._project_id, job, offer["lease"]["duration_sec"]):
                model, layout = self._fetch(offer, job)
                result = None if job.stop.is_set() else self._train(model, job.hyperparameters, job)
                del model
                if job.stop.is_set():
                    if self._abandon.is_set():
                        self._report_failure(job, "The device was stopped.")
                    return "closed"
                self._submit(job, layout, _as_update(result))
                return "submitted"
        except _Over as over:
            log.info("Job %s is over for this device: %s", job.job_id, over)
        except Exception as error:
            # Whatever a training function raises is this job's misfortune, not the worker's.
            log.warning("Job %s failed here", job.job_id, exc_info=error)
            self._report_failure(job, f"{type(error).__name__}: {error}")
            return "failed"
        except BaseException:
            self._report_failure(job, "The device was stopped.")
            raise
        finally:
            self._job = None
        return "closed"

    def _fetch(self, offer: NextJob, job: WorkerJob) -> tuple[dict[str, Any], Layout]:
        url = offer["model_url"]
        backoff = Backoff()
        broken = 0
        while True:
            try:
                return self._client.download(url, sha256=offer["model"]["sha256"]).read(self._form, progress=False)
            except VergeAIError as error:
                if job.stop.is_set():
                    raise _Over(error) from error
                broken += isinstance(error, IntegrityError)
                expired = isinstance(error, PermissionDenied) and error.code == "ticket_expired"
                if not (is_temporary(error) or expired or 0 < broken < INTEGRITY_ATTEMPTS):
                    raise
                backoff.pause(error, job.stop)
            if expired:
                url = self._fresh_link(job, url)

    def _fresh_link(self, job: WorkerJob, old: str) -> str:
        try:
            return self._client.Job.start_model(project_id=self._project_id, job_id=job.job_id).body.model_url
        except VergeAIError as error:
            if is_temporary(error):
                return old
            raise

    def _submit(self, job: WorkerJob, layout: Layout, update: Update) -> None:
        """Comes back until the server has answered: what was trained is not lost to a restart. Sending the same bytes
        twice is safe: they get the same answer. Only that answer counts now: a heartbeat may say that the job does not
        wait for this device any more just because the update has arrived."""
        given: dict[str, Any] = {"project_id": self._project_id, "job_id": job.job_id}
        if update.num_examples is not None:
            given["num_examples"] = float(update.num_examples)
        metrics = {**job.metrics, **finite(update.metrics or {})}
        if metrics:
            given["metrics"] = metrics
        backoff = Backoff()
        while True:
            try:
                self._client.Device._submit(given, update.model, layout, False, None, None)
                log.info("Job %s: update accepted", job.job_id)
                return
            except VergeAIError as error:
                if self._abandon.is_set() or _is_over(error):
                    raise _Over(error) from error
                if not is_temporary(error):
                    raise
                log.warning("Can't submit yet, coming back: %s", error)
                backoff.pause(error, self._abandon)

    def _report_failure(self, job: WorkerJob, reason: str) -> None:
        if job.stop.is_set() and not self._abandon.is_set():
            return
        try:
            self._client.Device.report_failure(
                project_id=self._project_id,
                job_id=job.job_id,
                reason=_storable(reason) or "unknown",
                options={"timeout": 10.0, "max_retries": 1},
            )
        except VergeAIError as error:
            log.info("Could not report the failure of job %s: %s", job.job_id, error)


class _Over(Exception):
    """The job does not wait for this device any more."""


def _is_over(error: VergeAIError) -> bool:
    """Whether the server has told that it wants no update of this device: the job is closed, or another was drawn."""
    return isinstance(error, Conflict) or (isinstance(error, APIError) and error.code == "device_not_drawn")


def _as_update(result: Update | Model | None) -> Update:
    if isinstance(result, Update):
        return result
    if result is None:
        raise ModelError("train returned None; it must return the trained model, or an Update.")
    return Update(result)


def _storable(reason: str) -> str:
    """Without what no database holds, and at most as long as the API takes, which counts in UTF-16."""
    utf16 = reason.replace("\0", "").encode("utf-16-le", "replace")[: 2 * LONGEST_REASON]
    return utf16.decode("utf-16-le", "ignore")
