"""The operations of the API, by what they are about."""

from .api_key import APIKeys
from .device import Devices
from .experiment import Experiments
from .job import Jobs
from .project import Projects
from .user import Users

__all__ = ["APIKeys", "Devices", "Experiments", "Jobs", "Projects", "Users"]
