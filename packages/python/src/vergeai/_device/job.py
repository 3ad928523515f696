"""What a training function is given, and what it gives back."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._models.source import Model
from ..errors import VergeAIError
from ..types import NextJob
from .flag import Flag

log = logging.getLogger("vergeai.worker")

MOST_REPORTS = 1000


@dataclass(frozen=True)
class Update:
    """A trained model with its weight and what was measured.

    ``num_examples``, above 0, is the update's weight in the mean over devices: either all devices of a job give it, or
    none does. ``metrics`` (at most 100 finite numbers by name) go over what was reported with ``job.report``.
    """

    model: Model
    num_examples: float | None = None
    metrics: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Evaluation:
    """What was measured of the model that the job gave.

    ``metrics`` (at most 100 finite numbers by name) go over what was reported with ``job.report``; together at least one.
    ``num_examples``, above 0, is its weight in the mean over devices: either all devices of a job give it, or none does.
    """

    metrics: Mapping[str, Any] | None = None
    num_examples: float | None = None


class WorkerJob:
    """The job that is being trained, or evaluated, as the function for that sees it."""

    def __init__(self, offer: NextJob) -> None:
        self.job_id: str = offer["job_id"]
        self.experiment_id: str = offer["experiment_id"]
        self.sequence: int = offer["sequence"]
        """Which job of the experiment this is, from 1 on."""
        self.hyperparameters: dict[str, Any] = offer["hyperparameters"]
        self.config: dict[str, Any] = offer.get("config", {})
        """This device's own, by ``Device.create`` or ``Device.update``: where its data are, how much it can do."""
        self.proximal_mu: float = offer.get("training", {}).get("proximal_mu", 0.0)
        """How strongly the job's strategy holds devices to the model that they were given (FedProx): see
        ``vergeai.proximal_term``. 0: not at all."""
        self.required_metrics: list[str] = offer.get("training", {}).get("required_metrics", [])
        """Metrics without which the update is not taken: the loss of the model that was given, above 0. The worker's
        ``measure_loss`` measures it; without that, the training has to, before its first step."""
        self.stop: threading.Event = Flag()
        """Set when the training is for nothing: the job was cancelled, has ended, or went to another device, or the
        worker is told to abandon it. A training function that looks at it now and then may just return."""
        self.metrics: dict[str, float] = {}
        self.measured: dict[str, float] = {}
        """What ``measure_loss`` gave, by the names that the job's strategy asks for."""
        self.reports: list[dict[str, Any]] = []
        self._told = 0

    def report(self, *, step: int | None = None, **metrics: Any) -> None:
        """Notes numbers such as ``loss=0.3``.

        Each report is kept with its step (how many came before it, when it is left out) and seen while the job runs, up
        to 1,000 in a job; the last value of each is sent with the update, too. Takes whatever ``float()`` does. What is
        not finite is left out, since the API takes finite numbers only.
        """
        values = finite(metrics)
        self.metrics.update(values)
        number = self._told
        self._told += 1
        if number == MOST_REPORTS:
            log.warning("Job %s: %d reports are kept; those that follow are left out.", self.job_id, MOST_REPORTS)
        if number < MOST_REPORTS:
            self.reports.append({"step": number if step is None else int(step), "metrics": values})

    def __repr__(self) -> str:
        return f"<WorkerJob {self.job_id} (number {self.sequence}) of experiment {self.experiment_id}>"


def finite(metrics: Mapping[str, Any]) -> dict[str, float]:
    numbers = {name: _number(name, value) for name, value in metrics.items()}
    for name, number in numbers.items():
        if not math.isfinite(number):
            log.warning("The metric %s is %s and is left out.", name, number)
    return {name: number for name, number in numbers.items() if math.isfinite(number)}


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise VergeAIError(f"The metric {name} is a {type(value).__name__} that is no one number: pass one, such as its mean().") from error
