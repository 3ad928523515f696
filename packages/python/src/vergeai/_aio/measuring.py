"""What was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._curves import Curves
from .._settings import CallOptions
from .engine import AsyncEngine

# A page ends early when its reports would be many.
PAGE = 200


async def curves(
    engine: AsyncEngine, ids: Mapping[str, str], only: Sequence[str], options: CallOptions | None
) -> Curves:
    """All metrics of an experiment, or those that are named."""
    jobs: list[Any] = []
    cursor: str | None = None
    while True:
        given = {**ids, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
        _, page = await engine.call("experiment.metrics", given, options)
        jobs += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            return Curves(f"Experiment {ids['experiment_id'][:8]}", jobs, only or None)
