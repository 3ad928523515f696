"""The bodies of answers, as type checkers and editors see them.

At run time a body is an :class:`~vergeai._attribute_dict.AttributeDict`: a dict whose keys can be read as attributes too.
Ids are 32 lowercase hexadecimal characters. Times named ``…_at`` are RFC 3339 in UTC; ``created_on`` and
``registered_on`` are epoch seconds as a decimal string.
"""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar, Union

from ._attribute_dict import AttributeDict
from .events import EventEntry as EventEntry

E = TypeVar("E")

JobStatus = Literal["INITIALIZED", "IN_PROGRESS", "AGGREGATION_IN_PROGRESS", "COMPLETED", "CANCELLED", "FAILED"]
"""The last three are final."""

JobKind = Literal["TRAIN", "EVALUATE"]
"""TRAIN makes the next model of the experiment; EVALUATE measures the current one, and no model changes."""

PermissionLevel = Literal[100, 10, 5, 1]
"""OWNER 100, ADMIN 10, READ_WRITE 5, READ_ONLY 1; a higher level includes the lower ones."""


class ModelReference(AttributeDict):
    """``{}`` while unset."""

    entity_id: str
    name: str
    size: str
    """Stored bytes, as a decimal string."""


class ExperimentBody(AttributeDict):
    ID: str
    jobs: list[str]
    """All job ids, in the order in which they run."""
    hyperparameters: dict[str, Any]
    current_job: str
    """``"NONE"`` or a job id; stays at the last job when the series has run out."""
    start_model: ModelReference
    current_model: ModelReference
    is_active: bool


class TerminationCriterion(AttributeDict):
    type: str
    max_duration_sec: str
    start_epoch_time: str
    """``"NONE"`` until the job starts."""


class JobConfiguration(AttributeDict):
    """Counts are decimal strings here and integers in requests."""

    num_devices: str
    num_buffer_devices: str
    device_selection_strategy: str
    termination_criteria: list[TerminationCriterion]


class JobBody(AttributeDict):
    ID: str
    status: JobStatus
    devices: list[str]
    aggregate_model: ModelReference
    start_model: ModelReference
    configuration: JobConfiguration
    models: dict[str, ModelReference]
    """What devices have submitted so far, by device id."""
    created_on: str
    billable_size: str
    """Bytes, as a decimal string."""
    project_id: str
    experiment_id: str


class ProjectDevice(AttributeDict):
    ID: str
    registered_on: str


class Member(AttributeDict):
    permission_level: PermissionLevel


class ProjectBody(AttributeDict):
    name: str
    ID: str
    devices: dict[str, ProjectDevice]
    experiments: dict[str, ExperimentBody]
    members: dict[str, Member]
    billing: dict[str, Any]


class Empty(AttributeDict):
    """``{}``"""


class ProjectId(AttributeDict):
    project_id: str


class ProjectStorage(AttributeDict):
    stored_bytes: int
    """Bytes of all models that the project keeps. A model that forks share counts once."""
    max_bytes: Union[int, None]
    """The most that it may keep: its own limit, or else the server's. None: there is none."""
    own_max_bytes: Union[int, None]
    """Its own limit. None: it has none, and the server's holds."""


class DevicesInNumbers(AttributeDict):
    total: int
    online: int
    """Seen within two and a half minutes."""
    busy: int
    """A running job waits for it, whether it is there or not."""
    late: int
    """Seen, too, but a job waits for it in vain."""
    offline: int
    never_seen: int


class ExperimentsInNumbers(AttributeDict):
    """Without those that are archived."""

    total: int
    active: int
    """A job runs or waits in it."""


class JobsInNumbers(AttributeDict):
    live: int
    """They run, or are aggregated."""
    queued: int
    """They wait for a job before them."""
    failed_24h: int
    """They failed within the last 24 hours."""


class ProjectOverview(AttributeDict):
    project_id: str
    name: str
    description: Union[str, None]
    permission_level: PermissionLevel
    """The caller's."""
    created_at: str
    devices: DevicesInNumbers
    experiments: ExperimentsInNumbers
    jobs: JobsInNumbers
    stored_bytes: int
    """Bytes of all models that the project keeps. A model that forks share counts once."""
    members: int


class ComparedExperiment(AttributeDict):
    """Curves in columns: the n-th entry of each is of the n-th job that completed."""

    experiment_id: str
    name: Union[str, None]
    hyperparameters: dict[str, Any]
    sequence: list[int]
    """The numbers of its jobs that completed, in ascending order."""
    ended_at: list[str]
    elapsed_sec: list[float]
    """How long after the start of the first of its jobs each ended."""
    examples_seen: list[Union[float, None]]
    """How many examples devices trained on up to the end of each; None when none said."""
    mean: dict[str, list[Union[float, None]]]
    """By metric, over the devices of each job, weighted by their examples; None where none reported it."""
    thinned: int
    """1: every job that completed is there; n: about one of n is."""


class Comparison(AttributeDict):
    experiments: list[ComparedExperiment]
    """In the order in which they were asked for."""
    differing: list[str]
    """Where their hyperparameters differ: ``lr``, ``optimizer.name``, ``layers.0``."""
    names: list[str]
    """All metrics that they have: the first thousand names."""


class ProjectHello(AttributeDict):
    """The beginning of a connection."""

    type: Literal["hello"]
    version: str
    """The server's."""


class ProjectChange(AttributeDict):
    """That something has changed, and not how."""

    type: Literal["change"]
    about: Literal["project", "member", "experiment", "job", "device"]
    id: str
    """A member has that of the user."""
    experiment_id: Union[str, None]
    """The experiment that it belongs to. None: it is no experiment and no job."""


class JobIds(AttributeDict):
    job_ids: list[str]


class NewSeries(AttributeDict):
    series_id: str
    job_ids: list[str]
    """The new jobs, in their order."""


class NewKey(AttributeDict):
    key: str
    """Shown once: the server keeps only a keyed hash of it."""


class NewUser(AttributeDict):
    user_id: str
    key: str


class UserEntry(AttributeDict):
    user_id: str
    user_name: Union[str, None]
    is_server_admin: bool
    num_projects: int
    """How many they are a member of."""
    created_at: str
    disabled_at: Union[str, None]


class NewDevice(AttributeDict):
    device_id: str
    device_api_key: str
    """Shown once."""


class IsActive(AttributeDict):
    is_device_active: bool


class Lease(AttributeDict):
    """A device's hold on a job: kept with ``Device.heartbeat`` before it lapses."""

    expires_at: str
    duration_sec: float


class Heartbeat(AttributeDict):
    is_device_active: bool
    lease: Union[Lease, None]


class NextModel(AttributeDict):
    size: int
    sha256: str
    format: Literal["json", "safetensors"]


class Training(AttributeDict):
    """What the job's strategy asks of devices."""

    proximal_mu: float
    """Add half of this times the squared distance to the given model to the loss. Absent unless it is asked for."""
    required_metrics: list[str]
    """Metrics without which an update is not taken: the loss of the given model on this device's data, above 0. Absent
    unless it is asked for."""


class NextJob(AttributeDict):
    """``{}`` when there is none."""

    job_id: str
    experiment_id: str
    sequence: int
    kind: JobKind
    hyperparameters: dict[str, Any]
    config: dict[str, Any]
    """This device's own."""
    model_url: str
    model: NextModel
    training: Training
    """Absent when the strategy asks for nothing."""
    upload: PresignedPost
    """Where the update may go for a day: ``Device.submit_model_update`` takes it. Absent when the job evaluates."""
    lease: Lease


class Link(AttributeDict):
    model_url: str
    """A signed URL: GET on it returns the model itself."""


class PresignedPost(AttributeDict):
    url: str
    fields: dict[str, str]


class UploadTicket(AttributeDict):
    """What asking without a model gives, and what sending one doesn't: then the body is ``{}``."""

    model_url: PresignedPost


class Page(AttributeDict, Generic[E]):
    """Newest first."""

    data: list[E]
    next_cursor: Union[str, None]


class CountedPage(AttributeDict, Generic[E]):
    data: list[E]
    next_cursor: Union[str, None]
    total: int
    """How many there are on all pages."""


class EventPage(AttributeDict, Generic[E]):
    """Oldest first; with ``order="desc"`` newest first."""

    data: list[E]
    next_after: Union[int, None]
    next_before: Union[int, None]
    """What ``before`` takes to get the next page; None on the last one. Only there with ``order="desc"``."""


class KeyEntry(AttributeDict):
    key_id: str
    label: Union[str, None]
    created_at: str
    last_used_at: Union[str, None]
    expires_at: Union[str, None]
    revoked_at: Union[str, None]
    is_current: bool
    """The key by which this list was asked for."""


class NewSession(AttributeDict):
    expires_at: str
    """When it is over at the latest."""


class SessionEntry(AttributeDict):
    session_id: str
    key_id: str
    created_at: str
    last_used_at: str
    expires_at: str
    user_agent: Union[str, None]
    """What the browser said of itself."""
    is_current: bool


class SignInCode(AttributeDict):
    code: str
    url: str
    """The page that takes it, with the code in it."""
    expires_at: str


class CallingUser(AttributeDict):
    user_id: str
    user_name: Union[str, None]
    is_server_admin: bool


class CallingDevice(AttributeDict):
    device_id: str
    project_id: str


class CallingKey(AttributeDict):
    key_id: str
    label: Union[str, None]
    expires_at: Union[str, None]


class AskedServer(AttributeDict):
    version: str
    now: str
    max_model_bytes: Union[int, None]
    max_json_model_bytes: Union[int, None]


class WhoAmI(AttributeDict):
    kind: Literal["user", "device"]
    user: Union[CallingUser, None]
    device: Union[CallingDevice, None]
    key: CallingKey
    session_expires_at: Union[str, None]
    """None for who came with a key and not with a session."""
    server: AskedServer


class ProjectEntry(AttributeDict):
    project_id: str
    name: str
    description: Union[str, None]
    permission_level: PermissionLevel
    created_at: str


class MemberEntry(AttributeDict):
    user_id: str
    user_name: Union[str, None]
    permission_level: PermissionLevel
    added_at: str


class AuditEntry(AttributeDict):
    """Who did what, to what, and when."""

    entry_id: int
    """Counts up over the whole server."""
    action: str
    project_id: Union[str, None]
    subject_id: Union[str, None]
    actor_id: Union[str, None]
    key_id: Union[str, None]
    before: Union[dict[str, Any], None]
    after: Union[dict[str, Any], None]
    created_at: str


class LiveJob(AttributeDict):
    job_id: str
    sequence: int
    status: JobStatus
    num_updates: int
    num_devices: int
    started_at: Union[str, None]


class LastJob(AttributeDict):
    job_id: str
    sequence: int
    status: JobStatus
    reason: Union[str, None]
    ended_at: Union[str, None]


class ExperimentEntry(AttributeDict):
    experiment_id: str
    name: Union[str, None]
    description: Union[str, None]
    status: Literal["active", "idle"]
    current_job: str
    num_jobs: int
    created_at: str
    updated_at: str
    archived_at: Union[str, None]
    paused_at: Union[str, None]
    """Since when none of its jobs starts; ``None``: they do."""
    forked_from: Union[str, None]
    tags: list[str]
    live_job: Union[LiveJob, None]
    """The job that runs."""
    last_job: Union[LastJob, None]
    """The last one that ended."""
    metrics: dict[str, float]
    """The mean of each over the devices of the last job that completed."""
    params: dict[str, Any]
    """The hyperparameters that were asked for, by their paths."""


DeviceStanding = Literal["drawn", "training", "uploading", "submitted", "late", "failed", "replaced", "unused"]
"""How a device that was drawn for a job stands to it."""


class DeviceCounts(AttributeDict):
    drawn: int
    """Drawn, and has not come yet."""
    training: int
    uploading: int
    submitted: int
    late: int
    """The job waits for it, and nothing was heard of it for 30 seconds, or it has not come for 60."""
    failed: int
    """The job no longer waits for it, and nobody came in its place."""
    replaced: int
    unused: int
    """The job ended without it."""


class JobEntry(AttributeDict):
    job_id: str
    sequence: int
    kind: JobKind
    status: JobStatus
    reason: Union[str, None]
    num_devices: int
    num_buffer_devices: int
    num_updates: int
    device_counts: DeviceCounts
    device_timeout_sec: float
    waiting_for: Union[str, None]
    """Which devices it waits for that have not come, as a sentence; None: it goes on, or does not run."""
    retry_of: Union[str, None]
    created_at: str
    started_at: Union[str, None]
    deadline_at: Union[str, None]
    aggregation_started_at: Union[str, None]
    ended_at: Union[str, None]


class DurationLimit(AttributeDict):
    type: Literal["DurationTerminationCriteria"]
    max_duration_sec: float


class Aggregation(AttributeDict):
    attempts: int
    last_error: Union[str, None]
    """Why the last attempt that failed did."""


class DeviceProgress(AttributeDict):
    fraction: Union[float, None]
    """From 0 to 1."""
    step: Union[int, None]
    metrics: dict[str, float]


class UpdateOfDevice(AttributeDict):
    size: int
    sha256: str


class JobDeviceEntry(AttributeDict):
    device_id: str
    device_name: Union[str, None]
    position: int
    """In which order devices were drawn, from 0."""
    state: DeviceStanding
    drawn_at: Union[str, None]
    leased_at: Union[str, None]
    lease_expires_at: Union[str, None]
    heartbeat_at: Union[str, None]
    late_since: Union[str, None]
    progress: Union[DeviceProgress, None]
    """What it said last."""
    submitted_at: Union[str, None]
    num_examples: Union[float, None]
    metrics: dict[str, float]
    update: Union[UpdateOfDevice, None]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]
    """Read with brackets, ``entry["update"]``: dictionaries have a method of this name."""
    ended_at: Union[str, None]
    """When the job gave it up."""
    reason: Union[str, None]
    """Why it did."""
    reason_code: Union[Literal["reported", "lease_expired", "device_deleted", "never_came"], None]
    replaced_by: Union[str, None]
    replaces: Union[str, None]


class WaitingJob(AttributeDict):
    job_id: str
    experiment_id: str
    sequence: int
    state: DeviceStanding


class FailureOfDevice(AttributeDict):
    job_id: str
    at: Union[str, None]
    reason: Union[str, None]


class DeviceEntry(AttributeDict):
    device_id: str
    name: Union[str, None]
    labels: list[str]
    config: dict[str, Any]
    """What its training function is given."""
    ephemeral: bool
    """It is deleted when it has not been seen for ten minutes."""
    status: Literal["idle", "busy"]
    presence: Literal["online", "late", "offline", "never"]
    created_at: str
    last_seen_at: Union[str, None]
    seen_ago_sec: Union[float, None]
    agent: Union[str, None]
    """What it calls itself: its User-Agent."""
    current: Union[WaitingJob, None]
    """The running job that waits for it."""
    last_failure: Union[FailureOfDevice, None]
    """When a job gave it up last, and why."""


class ModelDetails(AttributeDict):
    name: str
    size: int
    """Bytes."""
    sha256: str
    format: Literal["json", "safetensors"]
    parent_sha256: Union[str, None]
    """The model this one was trained or forked from."""


class CurrentModel(AttributeDict):
    current_model: ModelDetails
    """The model as it has been trained so far."""


class PausedExperiment(AttributeDict):
    paused_at: str
    """Since when none of its jobs starts."""


class ResumedExperiment(AttributeDict):
    paused_at: None


class TensorLayout(AttributeDict):
    name: str
    dtype: str
    """What kind of numbers it has, such as ``F32``."""
    shape: list[int]
    """Its dimensions, outermost first; empty: a single number."""


class ModelLayout(AttributeDict):
    format: Literal["json", "safetensors"]
    tensors: list[TensorLayout]
    """In the order of the file."""
    num_parameters: int
    """How many numbers they have, all together."""


class ModelInLineage(AttributeDict):
    name: str
    """The name by which edges mean it."""
    sha256: str
    kind: Literal["start", "aggregate"]
    """What it is of its experiment: its start model, or what a job made."""
    size: int
    """Bytes."""
    format: Literal["json", "safetensors"]
    experiment_id: str
    experiment_name: Union[str, None]
    job_id: Union[str, None]
    """The job that made it; None for a start model."""
    sequence: Union[int, None]
    """The number of that job."""
    created_at: str
    is_current: bool
    """Whether it is the current model of its experiment."""


class Descent(AttributeDict):
    parent: str
    """The name of the one that was there before."""
    child: str
    """The name of the one that was trained or forked from it."""


class Lineage(AttributeDict):
    nodes: list[ModelInLineage]
    """The models, newest first."""
    edges: list[Descent]
    """Between those of ``nodes``."""
    truncated: bool
    """Whether there are older ones."""


class MetricColumns(AttributeDict):
    """One metric, a number for each job; None where a job has none."""

    mean: list[Union[float, None]]
    """Over the devices of the job, weighted by ``num_examples``."""
    min: list[Union[float, None]]
    max: list[Union[float, None]]
    p10: list[Union[float, None]]
    """A tenth of the devices lie below it."""
    p90: list[Union[float, None]]
    """A tenth of the devices lie above it."""
    count: list[int]
    """How many devices reported it."""


class DeviceColumns(AttributeDict):
    device_id: str
    values: dict[str, list[Union[float, None]]]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]
    """By metric, what it reported with its update for each job; None: nothing.
    Read with brackets, ``device["values"]``: dictionaries have a method of this name."""


class MetricSeries(AttributeDict):
    """A table in columns: the n-th entry of each is of the n-th job."""

    sequence: list[int]
    """The numbers of the jobs, in ascending order."""
    job_id: list[str]
    status: list[JobStatus]
    """How each stands; only COMPLETED ones have values."""
    kind: list[JobKind]
    ended_at: list[Union[str, None]]
    examples: list[Union[float, None]]
    """How many examples its devices trained on, all together; None when none said."""
    metrics: dict[str, MetricColumns]
    devices: list[DeviceColumns]
    """Those that were asked for."""
    thinned: int
    """1: every job is there; n: about one of n is."""
    names: list[str]
    """All metrics of these jobs, also of those that were left out: the first thousand names."""


class DeviceReport(AttributeDict):
    device_id: str
    num_examples: Union[float, None]
    metrics: dict[str, float]


class AggregationStrategy(AttributeDict):
    """How updates become one model: its parameters, too, with every default filled in."""

    type: str


class UpdateInAggregate(AttributeDict):
    """What became of a device's update."""

    coefficient: Union[float, None]
    """How much its numbers count; None where that differs from number to number."""
    selected: bool
    update_norm: Union[float, None]
    """How far it lay from the start model, where that was measured."""
    clipped: Union[bool, None]


class DeviceInJob(DeviceReport):
    state: Literal["drawn", "training", "submitted", "replaced"]
    submitted_at: Union[str, None]
    aggregation: Union[UpdateInAggregate, None]


class JobFacts(JobEntry):
    experiment_id: str
    min_devices: Union[int, None]
    """How many updates are enough once a termination criterion is met; None: only all."""
    device_selection_strategy: str
    device_ids: Union[list[str], None]
    """The devices that may take part; None: not named."""
    device_labels: Union[list[str], None]
    """The labels that a device must carry to take part; None: none."""
    aggregation_strategy: Union[AggregationStrategy, None]
    """How its updates become one model; None: it evaluates."""
    is_complete: Union[bool, None]
    """Whether it completed with the answers of all ``num_devices``, and not by its deadline with ``num_updates`` of them;
    None until it is COMPLETED."""
    termination_criteria: list[DurationLimit]
    created_by: Union[str, None]
    """The user who asked for it."""
    duration_sec: Union[float, None]
    """From the start to the end, or to now."""
    mean: dict[str, float]
    """Of each metric over the devices that have submitted, weighted by ``num_examples``."""
    num_examples: Union[float, None]
    start_model: Union[ModelDetails, None]
    aggregate_model: Union[ModelDetails, None]
    aggregation: Union[Aggregation, None]


class JobDescription(AttributeDict):
    job_id: str
    sequence: int
    series_id: Union[str, None]
    kind: JobKind
    status: JobStatus
    reason: Union[str, None]
    num_devices: int
    num_updates: int
    device_timeout_sec: float
    aggregation_strategy: Union[AggregationStrategy, None]
    """How its updates become one model; None: it evaluates."""
    waiting_for: Union[str, None]
    """Which devices it waits for that have not come, as a sentence; None: it goes on, or does not run."""
    created_at: str
    started_at: Union[str, None]
    ended_at: Union[str, None]
    devices: list[DeviceInJob]
    start_model: Union[ModelDetails, None]
    aggregate_model: Union[ModelDetails, None]
    duration_sec: Union[float, None]
    """From the start to the end, or to now."""


class ServerState(AttributeDict):
    """What an aggregation strategy keeps from round to round."""

    t: int
    """How many rounds have stepped."""
    size: int
    sha256: str
    clipping_norm: Union[float, None]
    """How far updates may lie in the next round, where that adapts."""


class Privacy(AttributeDict):
    epsilon: float
    delta: float
    rounds: int
    """How many rounds had noise."""


class KeepBest(AttributeDict):
    """By which metric the best model is chosen."""

    metric: str
    mode: Literal["min", "max"]


class BestModel(AttributeDict):
    job_id: str
    sequence: int
    value: float
    """What the metric was."""
    sha256: str


class StopRule(KeepBest):
    """When the rest of a series of jobs is cancelled."""

    patience: Union[int, None]
    min_delta: float
    threshold: Union[float, None]


class BestJob(AttributeDict):
    job_id: str
    sequence: int
    value: float


class StoppedSeries(AttributeDict):
    at: str
    reason: str


class JobSeries(AttributeDict):
    series_id: str
    status: Literal["running", "stopped", "ended"]
    num_jobs: int
    num_completed: int
    num_ended: int
    """How many have completed, failed or been cancelled."""
    stop_when: Union[StopRule, None]
    best: Union[BestJob, None]
    stalled: int
    """How many jobs in a row have been no better."""
    stopped: Union[StoppedSeries, None]
    created_at: str


class SweepMember(AttributeDict):
    experiment_id: str
    series_id: str
    hyperparameters: dict[str, Any]
    """What was chosen for it, by path."""


class NewSweep(AttributeDict):
    sweep_id: str
    seed: Union[int, None]
    """What the forks were drawn by; None for a grid."""
    members: list[SweepMember]
    """In the order in which they were made."""


class SweepEntry(AttributeDict):
    sweep_id: str
    name: Union[str, None]
    experiment_id: str
    """Which experiment was forked; it may have been deleted since."""
    method: Literal["grid", "random"]
    metric: str
    mode: Literal["min", "max"]
    status: Literal["RUNNING", "COMPLETED", "CANCELLED"]
    num_members: int
    """Without forks that were deleted."""
    created_at: str
    cancelled_at: Union[str, None]


class SweepJob(AttributeDict):
    """How each of the jobs of a sweep is configured."""

    num_devices: int
    num_buffer_devices: int
    min_devices: Union[int, None]
    device_selection_strategy: str
    termination_criteria: list[DurationLimit]
    device_timeout_sec: float
    device_ids: Union[list[str], None]
    device_labels: Union[list[str], None]
    aggregation_strategy: Union[AggregationStrategy, None]
    """None: the experiment's way."""
    stop_when: Union[StopRule, None]


class RankedMember(AttributeDict):
    """A fork of a sweep, and what it has reached."""

    position: int
    """In which order forks were made, from 1."""
    experiment_id: str
    name: Union[str, None]
    hyperparameters: dict[str, Any]
    """What was chosen for it, by path."""
    status: Literal["running", "ended"]
    num_jobs: int
    num_completed: int
    num_ended: int
    """How many have completed, failed or been cancelled."""
    best: Union[BestJob, None]
    """The job in which the metric was best; None when none has reported it."""
    last: Union[BestJob, None]
    """The last job that completed; None when it has not reported the metric."""
    stopped: Union[StoppedSeries, None]


class SweepDescription(SweepEntry):
    hyperparameters: dict[str, Any]
    """Which are tried, as they were sent."""
    seed: Union[int, None]
    num_jobs: int
    """How many jobs each fork was given."""
    job: SweepJob
    created_by: Union[str, None]
    members: list[RankedMember]
    """The best one first."""


class CancelledSweep(AttributeDict):
    status: Literal["RUNNING", "COMPLETED", "CANCELLED"]
    num_cancelled: int
    """How many jobs were cancelled."""


class ExperimentDescription(AttributeDict):
    experiment_id: str
    project_id: str
    name: Union[str, None]
    description: Union[str, None]
    hyperparameters: dict[str, Any]
    status: Literal["active", "idle"]
    current_job: str
    num_jobs: int
    forked_from: Union[str, None]
    tags: list[str]
    archived_at: Union[str, None]
    paused_at: Union[str, None]
    """Since when none of its jobs starts; ``None``: they do."""
    start_model: Union[ModelDetails, None]
    current_model: Union[ModelDetails, None]
    keep_best: Union[KeepBest, None]
    best_model: Union[BestModel, None]
    series: list[JobSeries]
    """The newest 20."""
    aggregation_strategy: AggregationStrategy
    server_state: Union[ServerState, None]
    privacy: Union[Privacy, None]
    created_at: str
    updated_at: str
    jobs: Page[JobDescription]


class ReportPoint(AttributeDict):
    step: float
    metrics: dict[str, float]
    reported_at: str


class ReportsOfDevice(AttributeDict):
    device_id: str
    num_reports: int
    """How many are kept; fewer points mean that some in between were left out."""
    points: list[ReportPoint]


class JobMetrics(AttributeDict):
    job_id: str
    sequence: int
    kind: JobKind
    status: JobStatus
    num_devices: int
    """How many devices it asks for; those below have answered."""
    devices: list[DeviceReport]
    mean: dict[str, float]
    """Weighted by ``num_examples``."""
    reports: list[ReportsOfDevice]
    """What devices reported step by step, also while the job runs."""
