"""The device side: everything but the training."""

from .job import Update, WorkerJob
from .worker import Worker

__all__ = ["Update", "Worker", "WorkerJob"]
