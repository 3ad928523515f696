"""The start model, however long it takes."""

from __future__ import annotations

from typing import Any

from ..._device.job import WorkerJob, log
from ..._device.refusals import Reaction, reaction_to
from ..._models.layout import Layout
from ..._models.read import Form
from ...errors import IntegrityError
from ...types import NextJob
from .device_side import AsyncDeviceSide
from .patience import persist

INTEGRITY_ATTEMPTS = 3


async def fetch_model(
    client: AsyncDeviceSide, project_id: str, offer: NextJob, job: WorkerJob, form: Form
) -> tuple[dict[str, Any], Layout]:
    """Fetches the start model and checks its hash; comes back until the server answers, or ``job.stop`` is set.

    :raises Setback: the server refuses it, or it is not the announced one three times.
    """
    link: str | None = offer["model_url"]
    broken = 0

    def react(error: Exception) -> Reaction:
        nonlocal broken
        broken += isinstance(error, IntegrityError)
        if isinstance(error, IntegrityError) and broken < INTEGRITY_ATTEMPTS:
            return "again"
        return reaction_to(error, "download")

    async def attempt(renew: bool) -> tuple[dict[str, Any], Layout]:
        nonlocal link
        if renew:
            link = None
        if link is None:
            answer = await client.Job.start_model(project_id=project_id, job_id=job.job_id, options={"max_retries": 0})
            link = answer.body.model_url
        return await client.download(link, sha256=offer["model"]["sha256"]).read(form, progress=False)

    return await persist(react, job.stop, lambda error: log.warning("Can't fetch the start model yet: %s", error), attempt)
