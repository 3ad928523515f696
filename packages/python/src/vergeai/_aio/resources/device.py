from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..._answer import Answer
from ..._given import UNSET, Unset, nullable, present
from ..._models.layout import Layout
from ..._models.source import Model
from ..._progress import OnProgress
from ..._settings import CallOptions
from ...types import DeviceEntry, Empty, Heartbeat, IsActive, NewDevice, NextJob, Page, UploadTicket
from ..answers import AsyncPageAnswer
from ..upload import submit_model
from .resource import AsyncResource


class AsyncDevices(AsyncResource):
    """Devices: what trains. :class:`vergeai.Worker` does all of a device's part but the training."""

    _name = "device"

    async def create(
        self,
        *,
        project_id: str,
        device_name: str | None = None,
        labels: Sequence[str] | None = None,
        config: Mapping[str, Any] | None = None,
        ephemeral: bool | None = None,
        options: CallOptions | None = None,
    ) -> Answer[NewDevice]:
        """Registers a device. Its key is in this answer and nowhere else.

        :param labels: at most 16, to find it by.
        :param config: what its training function shall know, as JSON: finite numbers, at most 4 KiB.
        :param ephemeral: delete it when it has not been seen for ten minutes.

        >>> device = (await client.Device.create(project_id=p)).body  # doctest: +SKIP
        """
        return await self._call(
            "create",
            options,
            project_id=project_id,
            device_name=device_name,
            labels=labels,
            config=config,
            ephemeral=ephemeral,
        )

    async def register(
        self,
        *,
        project_id: str,
        device_name: str | None = None,
        labels: Sequence[str] | None = None,
        config: Mapping[str, Any] | None = None,
        ephemeral: bool | None = None,
        options: CallOptions | None = None,
    ) -> Answer[NewDevice]:
        """The same as :meth:`create`, under the path that some published clients use."""
        return await self._call(
            "register",
            options,
            project_id=project_id,
            device_name=device_name,
            labels=labels,
            config=config,
            ephemeral=ephemeral,
        )

    async def is_active(
        self, *, project_id: str, job_id: str, device_id: str, options: CallOptions | None = None
    ) -> Answer[IsActive]:
        """Whether the job waits for an update of this device. A device may ask about itself."""
        return await self._call("is_active", options, project_id=project_id, job_id=job_id, device_id=device_id)

    async def submit_model_update(
        self,
        *,
        project_id: str,
        job_id: str,
        model: Model | None = None,
        num_examples: float | None = None,
        metrics: Mapping[str, float] | None = None,
        device_id: str | None = None,
        block: bool | None = None,
        upload: Mapping[str, Any] | None = None,
        progress: bool | None = None,
        on_progress: OnProgress | None = None,
        options: CallOptions | None = None,
    ) -> Answer[UploadTicket]:
        """Submits the model that this device trained. Needs the device's own key.

        :param model: as for ``Experiment.submit_start_model``; must have the start model's format, names, shapes and
            dtypes. Without a model the answer's body is an upload ticket.
        :param num_examples: the update's weight in the mean, above 0. All updates of a job give it, or none does.
        :param metrics: at most 100 finite numbers by name, kept beside the update.
        :param block: has no effect: the update is registered before this returns.
        :param upload: what ``next_job`` gave under this name with this job: saves the request for a ticket. It is good for
            a day and for one model; leave it out to send another one, or after ``ticket_expired``.
        :raises Unprocessable: ``invalid_model``; the device may submit again.
        :raises Conflict: ``job_closed``, or another update of this device is there already.
        """
        given = present(
            {
                "project_id": project_id,
                "job_id": job_id,
                "num_examples": num_examples,
                "metrics": None if metrics is None else dict(metrics),
                "device_id": device_id,
                "block": block,
            }
        )
        if model is None:
            return await self._call("submit_model_update", options, **given)
        return await self._submit(given, model, None, upload, progress, on_progress, options)

    async def _submit(
        self,
        given: Mapping[str, object],
        model: Model,
        like: Layout | None,
        upload: Mapping[str, Any] | None,
        progress: bool | None,
        on_progress: OnProgress | None,
        options: CallOptions | None,
    ) -> Answer[UploadTicket]:
        status_code = await submit_model(
            self._engine(),
            "device.submit_model_update",
            given,
            model,
            options,
            like=like,
            upload=upload,
            progress=progress,
            on_progress=on_progress,
        )
        return Answer(statusCode=status_code, body=UploadTicket())

    async def submit_evaluation(
        self,
        *,
        project_id: str,
        job_id: str,
        metrics: Mapping[str, float],
        num_examples: float | None = None,
        options: CallOptions | None = None,
    ) -> Answer[Empty]:
        """Submits what this device measured of the model that it was given, for a job that only evaluates.

        :param metrics: 1 to 100 finite numbers by name.
        :param num_examples: their weight in the mean, above 0. All devices of a job give it, or none does.
        :raises InvalidRequest: ``job_trains``, ``num_examples_mixed``.
        :raises Conflict: ``job_closed``, or this device has submitted other numbers.
        """
        return await self._call(
            "submit_evaluation",
            options,
            project_id=project_id,
            job_id=job_id,
            metrics=dict(metrics),
            num_examples=num_examples,
        )

    async def list(
        self,
        *,
        project_id: str,
        limit: int | None = None,
        cursor: str | None = None,
        status: Literal["idle", "busy"] | None = None,
        q: str | None = None,
        label: str | None = None,
        presence: Literal["online", "late", "offline", "never"] | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[Page[DeviceEntry], DeviceEntry]:
        """The devices of a project, newest first, with where they are and what they are at.

        :param limit: entries per page, 1 to 200; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.
        :param q: a part of the name, or the beginning of the id.
        :param presence: ``"online"``: seen within two and a half minutes; ``"late"``: seen, too, but a job waits for it
            in vain; ``"never"``: not seen yet.
        """
        return await self._page(
            "list",
            options,
            project_id=project_id,
            limit=limit,
            cursor=cursor,
            status=status,
            q=q,
            label=label,
            presence=presence,
        )

    async def get(self, *, project_id: str, device_id: str, options: CallOptions | None = None) -> Answer[DeviceEntry]:
        """A device as a list shows it."""
        return await self._call("get", options, project_id=project_id, device_id=device_id)

    async def update(
        self,
        *,
        project_id: str,
        device_id: str,
        device_name: str | None | Unset = UNSET,
        labels: Sequence[str] | None = None,
        config: Mapping[str, Any] | None = None,
        options: CallOptions | None = None,
    ) -> Answer[Empty]:
        """Changes a device's name, labels and config. None clears the name.

        :param labels: in the place of those that it has.
        :param config: in the place of the one that it has; it counts from the next job on that the device takes.
        """
        return await self._call(
            "update",
            options,
            project_id=project_id,
            device_id=device_id,
            device_name=nullable(device_name),
            labels=labels,
            config=config,
        )

    async def delete(self, *, project_id: str, device_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Revokes a device and its key. A job that has not started draws another one."""
        return await self._call("delete", options, project_id=project_id, device_id=device_id)

    async def next_job(
        self, *, project_id: str, wait: float | None = None, options: CallOptions | None = None
    ) -> Answer[NextJob]:
        """The job this device should train or evaluate now, with a lease; the body is ``{}`` when there is none.

        :param wait: seconds to wait for one, 0 to 60; 0 when it is left out.
        """
        return await self._call("next_job", options, project_id=project_id, wait=wait)

    async def heartbeat(
        self,
        *,
        project_id: str,
        job_id: str,
        progress: Mapping[str, Any] | None = None,
        options: CallOptions | None = None,
    ) -> Answer[Heartbeat]:
        """Keeps the lease on a job, and tells whether the job still waits for this device.

        :param progress: how far it is, such as ``{"fraction": 0.4, "metrics": {"loss": 0.3}}``. Only the last is kept.
        """
        return await self._call(
            "heartbeat",
            options,
            project_id=project_id,
            job_id=job_id,
            progress=None if progress is None else dict(progress),
        )

    async def report_metrics(
        self,
        *,
        project_id: str,
        job_id: str,
        first: int,
        reports: Sequence[Mapping[str, Any]],
        options: CallOptions | None = None,
    ) -> Answer[Empty]:
        """Keeps what the training reports while it goes on. A :class:`vergeai.Worker` does this by itself.

        :param first: the number of the first of them, from 0 on; 1,000 of a device in a job are kept. Sending a piece
            again changes nothing, and 0 begins anew.
        :param reports: up to 100, such as ``[{"step": 1, "metrics": {"loss": 0.3}}]``.
        :raises Conflict: ``job_closed``.
        """
        return await self._call(
            "report_metrics",
            options,
            project_id=project_id,
            job_id=job_id,
            first=first,
            reports=[dict(report) for report in reports],
        )

    async def report_failure(
        self, *, project_id: str, job_id: str, reason: str, options: CallOptions | None = None
    ) -> Answer[Empty]:
        """Tells that this device cannot finish; another one is drawn in its place.

        :param reason: 1 to 1000 characters, for people.
        """
        return await self._call("report_failure", options, project_id=project_id, job_id=job_id, reason=reason)
