"""The Experiments API from Python: train models through jobs that run one after another.

>>> import vergeai
>>> vergeai.api_key = "..."
>>> response = vergeai.Experiment.create(project_id="...")  # doctest: +SKIP

Every method takes keywords and returns a dict ``{"statusCode": …, "body": …}``, which may be read with dots too:
``response.body.ID``. What goes wrong is raised as a :class:`VergeAIError`. ``vergeai.Client`` is the same for several
keys or servers at once, ``vergeai.AsyncClient`` the same in coroutines, and ``vergeai.Worker`` and
``vergeai.AsyncWorker`` are the device side.
"""

from __future__ import annotations

from . import types
from ._aio.answers import AsyncExperimentAnswer, AsyncLinkAnswer, AsyncPageAnswer
from ._aio.client import AsyncClient
from ._aio.download import AsyncModelDownload
from ._aio.worker.worker import AsyncWorker
from ._answer import Answer
from ._attribute_dict import AttributeDict
from ._curves import Curves
from ._device.job import Evaluation, Update, WorkerJob
from ._files import load_model, save_model
from ._models.source import Model
from ._module import module_engine
from ._proximal import proximal_term
from ._settings import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, CallOptions, default_base_url
from ._sync.answers import ExperimentAnswer, LinkAnswer, PageAnswer
from ._sync.client import Client
from ._sync.download import ModelDownload
from ._sync.resources.api_key import APIKeys
from ._sync.resources.device import Devices
from ._sync.resources.experiment import Experiments
from ._sync.resources.job import Jobs
from ._sync.resources.project import Projects
from ._sync.resources.sweep import Sweeps
from ._sync.resources.user import Users
from ._trained import TrainedModel
from ._sync.worker.worker import Worker
from ._version import __version__ as __version__
from .errors import (
    APIError,
    AuthenticationError,
    Conflict,
    IntegrityError,
    InvalidRequest,
    JobCancelled,
    JobEnded,
    JobFailed,
    ModelError,
    NotFound,
    PayloadTooLarge,
    PermissionDenied,
    RateLimited,
    ServerError,
    Unprocessable,
    UnsupportedMediaType,
    VergeAIError,
)
from .errors import ConnectionError as ConnectionError
from .errors import TimeoutError as TimeoutError

api_key: str | None = None
"""The key that the module's own calls send; the environment's VERGEAI_API_KEY while it is None."""
base_url: str = default_base_url()
"""Where the API is. Default: the environment's VERGEAI_BASE_URL, else http://localhost:3000."""
timeout: float = DEFAULT_TIMEOUT
"""How long one attempt may stand still, in seconds."""
max_retries: int = DEFAULT_MAX_RETRIES
"""How often a request that failed for a passing reason is repeated."""

Experiment = Experiments(module_engine)
Project = Projects(module_engine)
Job = Jobs(module_engine)
Sweep = Sweeps(module_engine)
Device = Devices(module_engine)
APIKey = APIKeys(module_engine)
User = Users(module_engine)


def download(model_url: str, *, sha256: str | None = None, options: CallOptions | None = None) -> ModelDownload:
    """The model behind a signed link. See :meth:`Client.download`."""
    return ModelDownload(module_engine(), model_url, options, sha256)


# ConnectionError and TimeoutError are left out: `from vergeai import *` shall not hide Python's own.
__all__ = [
    "APIError",
    "APIKey",
    "Answer",
    "AsyncClient",
    "AsyncExperimentAnswer",
    "AsyncLinkAnswer",
    "AsyncModelDownload",
    "AsyncPageAnswer",
    "AsyncWorker",
    "AttributeDict",
    "AuthenticationError",
    "CallOptions",
    "Client",
    "Conflict",
    "Curves",
    "Device",
    "Evaluation",
    "Experiment",
    "ExperimentAnswer",
    "IntegrityError",
    "InvalidRequest",
    "Job",
    "JobCancelled",
    "JobEnded",
    "JobFailed",
    "LinkAnswer",
    "Model",
    "ModelDownload",
    "ModelError",
    "NotFound",
    "PageAnswer",
    "PayloadTooLarge",
    "PermissionDenied",
    "Project",
    "RateLimited",
    "ServerError",
    "Sweep",
    "TrainedModel",
    "Unprocessable",
    "UnsupportedMediaType",
    "Update",
    "User",
    "VergeAIError",
    "Worker",
    "WorkerJob",
    "download",
    "load_model",
    "proximal_term",
    "save_model",
    "types",
]
