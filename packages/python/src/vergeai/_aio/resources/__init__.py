"""The operations of the API, by what they are about."""

from .api_key import AsyncAPIKeys
from .device import AsyncDevices
from .experiment import AsyncExperiments
from .job import AsyncJobs
from .project import AsyncProjects
from .user import AsyncUsers

__all__ = ["AsyncAPIKeys", "AsyncDevices", "AsyncExperiments", "AsyncJobs", "AsyncProjects", "AsyncUsers"]
