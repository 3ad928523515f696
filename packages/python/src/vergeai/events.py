"""The entries of an experiment's log, as type checkers and editors see them: ``event.type`` tells what is in ``event.data``.

Made from @vergeai/contract by scripts/events.mjs; run it after a change of the contract.
"""

from __future__ import annotations

from typing import Any, Literal, Union

from ._attribute_dict import AttributeDict


class Event(AttributeDict):
    """What all of them have."""

    sequence: int
    """Counts from 1 without gaps."""
    actor_id: Union[str, None]
    """The user or device that asked for it; None for the server itself."""
    key_id: Union[str, None]
    created_at: str


class ExperimentCreatedData(AttributeDict):
    name: Union[str, None]
    """Its name; null when it has none."""


class ExperimentCreatedEvent(Event):
    """The experiment was created."""

    type: Literal["experiment_created"]
    job_id: None
    device_id: None
    data: ExperimentCreatedData


class ExperimentForkedData(AttributeDict):
    from_experiment: str
    """The id of the other experiment."""
    # data["from"], which Python reads with brackets only: str. "start", "current" or a job id: which of its models.
    sha256: str
    """SHA-256 of the model, hexadecimal."""
    server_state: Literal["inherited", "fresh"]
    """Whether the strategy goes on with what it kept there; nothing when it keeps nothing. May be missing."""
    sweep_id: str
    """The sweep that it is part of. May be missing."""


class ExperimentForkedEvent(Event):
    """The experiment was made from a model of another one. Its log begins with this, in the place of ``experiment_created``."""

    type: Literal["experiment_forked"]
    job_id: None
    device_id: None
    data: ExperimentForkedData


class ExperimentUpdatedData(AttributeDict):
    name: Union[str, None]
    """Its name; null when it has none. May be missing."""
    description: Union[str, None]
    """What people wrote about it. May be missing."""
    hyperparameters: str
    """All of them, as JSON text. May be missing."""
    tags: list[str]
    """All of them. May be missing."""
    archived: bool
    """Whether it is put away. May be missing."""
    aggregation_strategy: dict[str, Any]
    """How updates become one model, with every default filled in. May be missing."""
    keep_best: Any
    """By which metric the best model is chosen. May be missing."""


class ExperimentUpdatedEvent(Event):
    """Somebody changed the experiment. What was left as it is has no key."""

    type: Literal["experiment_updated"]
    job_id: None
    device_id: None
    data: ExperimentUpdatedData


class ExperimentPausedData(AttributeDict):
    reason: str
    """Why, in the words of who paused it. May be missing."""


class ExperimentPausedEvent(Event):
    """No further job of the experiment starts; one that runs goes on to its end."""

    type: Literal["experiment_paused"]
    job_id: None
    device_id: None
    data: ExperimentPausedData


class ExperimentResumedEvent(Event):
    """Jobs of the experiment start again."""

    type: Literal["experiment_resumed"]
    job_id: None
    device_id: None
    data: AttributeDict


class StartModelSubmittedData(AttributeDict):
    size: int
    """Bytes of the model."""
    sha256: str
    """SHA-256 of the model, hexadecimal."""
    format: Literal["json", "safetensors"]
    """What kind of file it is."""
    tensors: int
    """How many it has."""


class StartModelSubmittedEvent(Event):
    """The experiment got its start model, which also became its current model."""

    type: Literal["start_model_submitted"]
    job_id: None
    device_id: None
    data: StartModelSubmittedData


class SeriesCreatedData(AttributeDict):
    series_id: str
    """Which series of jobs."""
    num_jobs: int
    """How many."""
    stop_when: Any
    """When the rest of them is cancelled; null: never."""


class SeriesCreatedEvent(Event):
    """Jobs were asked for together. Their ``job_initialized`` follow."""

    type: Literal["series_created"]
    job_id: None
    device_id: None
    data: SeriesCreatedData


class SweepCreatedData(AttributeDict):
    sweep_id: str
    """Which sweep."""
    num_members: int
    """How many forks were made."""
    num_jobs: int
    """How many jobs each of them was given."""


class SweepCreatedEvent(Event):
    """The experiment was forked to try hyperparameters. Each fork has a log of its own."""

    type: Literal["sweep_created"]
    job_id: None
    device_id: None
    data: SweepCreatedData


class SweepCompletedData(AttributeDict):
    sweep_id: str
    """Which sweep."""
    num_members: int
    """How many forks there are."""


class SweepCompletedEvent(Event):
    """The experiment is part of a sweep, and was the last one of it of which a job ran or waited. Once for each sweep, and never for one that was cancelled."""

    type: Literal["sweep_completed"]
    job_id: None
    device_id: None
    data: SweepCompletedData


class JobInitializedData(AttributeDict):
    sequence: int
    """Its number in the series, from 1."""
    retry_of: Union[str, None]
    """The job that it repeats."""
    series_id: str
    """The series that it is part of. May be missing."""
    kind: Literal["EVALUATE"]
    """That it evaluates the current model; it trains when left out. May be missing."""


class JobInitializedEvent(Event):
    """A job was created and is in line."""

    type: Literal["job_initialized"]
    job_id: str
    device_id: None
    data: JobInitializedData


class JobInProgressEvent(Event):
    """The job started: it was the first in line and no job of its experiment was live."""

    type: Literal["job_in_progress"]
    job_id: str
    device_id: None
    data: AttributeDict


class ModelUpdateSubmittedData(AttributeDict):
    size: int
    """Bytes of the model."""
    sha256: str
    """SHA-256 of the model, hexadecimal."""
    num_examples: Union[float, None]
    """Its weight in the mean."""
    metrics: dict[str, float]
    """What the device reported."""


class ModelUpdateSubmittedEvent(Event):
    """The update that a device trained for the job was taken in."""

    type: Literal["model_update_submitted"]
    job_id: str
    device_id: str
    data: ModelUpdateSubmittedData


class EvaluationSubmittedData(AttributeDict):
    num_examples: Union[float, None]
    """Its weight in the mean."""
    metrics: dict[str, float]
    """What the device measured."""


class EvaluationSubmittedEvent(Event):
    """What a device measured of the model that it was given was taken in. The job is one that evaluates."""

    type: Literal["evaluation_submitted"]
    job_id: str
    device_id: str
    data: EvaluationSubmittedData


class DeviceReplacedData(AttributeDict):
    reason: str
    """Why."""
    substitute: Union[str, None]
    """The device that was drawn in its place."""


class DeviceReplacedEvent(Event):
    """The job no longer waits for a device, because it failed, fell silent or was deleted."""

    type: Literal["device_replaced"]
    job_id: str
    device_id: str
    data: DeviceReplacedData


class JobWaitingData(AttributeDict):
    updates: int
    """How many have come in."""
    num_devices: int
    """How many are wanted."""
    num_awaited: int
    """How many devices it waits for in vain."""
    devices: dict[str, Union[str, None]]
    """The first 20 of them, with the time each was last seen; null: never."""


class JobWaitingEvent(Event):
    """The job cannot go on: devices that were drawn for it have not come for a minute, or its shorter ``device_timeout_sec``. Once more when others have not come either."""

    type: Literal["job_waiting"]
    job_id: str
    device_id: None
    data: JobWaitingData


class JobAggregationInProgressData(AttributeDict):
    updates: int
    """How many had come when no more were waited for; all of them when left out. May be missing."""


class JobAggregationInProgressEvent(Event):
    """The ``num_devices``-th update arrived, or at least ``min_devices`` had come and no more were waited for: the job takes no other, and its updates are being aggregated."""

    type: Literal["job_aggregation_in_progress"]
    job_id: str
    device_id: None
    data: JobAggregationInProgressData


class JobCompletedEvent(Event):
    """The aggregate was stored; or, of a job that evaluates, the mean of what its devices measured. Then no ``current_model_changed`` follows."""

    type: Literal["job_completed"]
    job_id: str
    device_id: None
    data: AttributeDict


class CurrentModelChangedData(AttributeDict):
    sha256: str
    """SHA-256 of the model, hexadecimal."""
    size: int
    """Bytes of the model."""
    updates: int
    """How many it was made of; 0 for the start model."""
    by: Literal["aggregation", "rollback"]
    """What made it so; a log from before rollbacks does not say. May be missing."""
    reason: str
    """Why, in the words of who rolled back. May be missing."""
    strategy: str
    """The type of the strategy; "FedAvg" when left out. May be missing."""
    selected: int
    """How many of the updates count; all when left out. May be missing."""
    clipped: int
    """How many of the updates were clipped. May be missing."""
    clipping_norm: float
    """How far updates might lie from the start model. May be missing."""
    state_sha256: str
    """SHA-256 of what the strategy keeps for the next round, hexadecimal. May be missing."""


class CurrentModelChangedEvent(Event):
    """Another model became the current one of the experiment: the aggregate of a job, right after its ``job_completed``, or one from before, to which somebody rolled back."""

    type: Literal["current_model_changed"]
    job_id: Union[str, None]
    device_id: None
    data: CurrentModelChangedData


class BestModelChangedData(AttributeDict):
    metric: str
    """Which metric: its mean over the devices of a job."""
    mode: Literal["min", "max"]
    """Whether less of it is better, or more."""
    value: float
    """What the metric was."""
    sha256: str
    """SHA-256 of the model, hexadecimal."""


class BestModelChangedEvent(Event):
    """The model of the job is the best one so far by the metric of ``keep_best``, after its ``current_model_changed`` or when that metric was chosen."""

    type: Literal["best_model_changed"]
    job_id: str
    device_id: None
    data: BestModelChangedData


class SeriesStoppedData(AttributeDict):
    series_id: str
    """Which series of jobs."""
    rule: Literal["patience", "threshold"]
    """Which part of `stop_when` was met."""
    metric: str
    """Which metric: its mean over the devices of a job."""
    value: float
    """What the metric was."""
    best_value: float
    """The best that it was in the series."""
    cancelled: int
    """How many jobs are cancelled."""
    reason: str
    """The same as a sentence."""


class SeriesStoppedEvent(Event):
    """The job completed, and by what its devices reported the rest of its series is not worth training. Its jobs that wait are cancelled next."""

    type: Literal["series_stopped"]
    job_id: str
    device_id: None
    data: SeriesStoppedData


class ServerStateRestartedEvent(Event):
    """The strategy of the job keeps something from round to round that the rounds before it did not leave: it began anew."""

    type: Literal["server_state_restarted"]
    job_id: str
    device_id: None
    data: AttributeDict


class JobCancelledData(AttributeDict):
    reason: str
    """Why."""


class JobCancelledEvent(Event):
    """The job ended because somebody asked for it or a termination criterion was met."""

    type: Literal["job_cancelled"]
    job_id: str
    device_id: None
    data: JobCancelledData


class JobFailedData(AttributeDict):
    reason: str
    """Why."""


class JobFailedEvent(Event):
    """The job ended because too few devices were left or its aggregation failed five times, took twelve servers down, or made more than the project may keep or numbers that are not finite."""

    type: Literal["job_failed"]
    job_id: str
    device_id: None
    data: JobFailedData


class UnknownEvent(Event):
    """A type that is not in this file: a newer server writes it.

    Any other text. Type checkers have no word for that, and if this were ``str``, comparing ``type`` would no longer tell
    what is in ``data``.
    """

    type: Literal["(unknown to this version)"]
    job_id: Union[str, None]
    device_id: Union[str, None]
    data: Any


EventEntry = Union[
    ExperimentCreatedEvent,
    ExperimentForkedEvent,
    ExperimentUpdatedEvent,
    ExperimentPausedEvent,
    ExperimentResumedEvent,
    StartModelSubmittedEvent,
    SeriesCreatedEvent,
    SweepCreatedEvent,
    SweepCompletedEvent,
    JobInitializedEvent,
    JobInProgressEvent,
    ModelUpdateSubmittedEvent,
    EvaluationSubmittedEvent,
    DeviceReplacedEvent,
    JobWaitingEvent,
    JobAggregationInProgressEvent,
    JobCompletedEvent,
    CurrentModelChangedEvent,
    BestModelChangedEvent,
    SeriesStoppedEvent,
    ServerStateRestartedEvent,
    JobCancelledEvent,
    JobFailedEvent,
    UnknownEvent,
]
