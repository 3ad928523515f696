"""The start model, however long it takes."""

from __future__ import annotations

from typing import Any

from .._client import Client
from .._models.layout import Layout
from .._models.read import Form
from ..errors import IntegrityError
from ..types import NextJob
from .job import WorkerJob, log
from .patience import persist
from .refusals import Reaction, reaction_to

INTEGRITY_ATTEMPTS = 3


def fetch_model(client: Client, project_id: str, offer: NextJob, job: WorkerJob, form: Form) -> tuple[dict[str, Any], Layout]:
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

    def attempt(renew: bool) -> tuple[dict[str, Any], Layout]:
        nonlocal link
        if renew:
            link = None
        if link is None:
            ids = {"project_id": project_id, "job_id": job.job_id}
            link = client.Job.start_model(**ids, options={"max_retries": 0}).body.model_url
        return client.download(link, sha256=offer["model"]["sha256"]).read(form, progress=False)

    return persist(react, job.stop, lambda error: log.warning("Can't fetch the start model yet: %s", error), attempt)
