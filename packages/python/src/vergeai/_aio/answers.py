"""Answers that can do something."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from .._answer import Answer
from .._curves import Curves
from .._settings import CallOptions
from ..events import EventEntry
from ..types import ExperimentBody
from .download import AsyncModelDownload
from .engine import AsyncEngine
from .following import follow
from .measuring import curves

B = TypeVar("B")
E = TypeVar("E")

# The methods below are named after what they give, which hides the types of that name.
Tensors = dict[str, Any]
Bytes = bytes


class AsyncPageAnswer(Answer[B], Generic[B, E]):
    """One page of a list; :meth:`entries` gives them all."""

    __slots__ = ("_next_page",)

    _next_page: Callable[[], Awaitable[AsyncPageAnswer[B, E] | None]]

    async def entries(self) -> AsyncIterator[E]:
        """Every entry: those of this page, then those of the pages that follow, each asked for when it is needed.

        >>> page = await client.Job.list(project_id=p, experiment_id=e)  # doctest: +SKIP
        >>> async for job in page.entries(): ...  # doctest: +SKIP
        """
        page: AsyncPageAnswer[B, E] | None = self
        while page is not None:
            for entry in page["body"]["data"]:
                yield entry
            page = await page._next_page()


class AsyncLinkAnswer(Answer[B]):
    """A signed link in ``body.model_url``, and methods that fetch the model behind it, each time anew."""

    __slots__ = ("_download",)

    _download: AsyncModelDownload

    async def dict(self, **how: Any) -> Tensors:
        """The model as a dict of nested lists. See :meth:`ModelDownload.dict`."""
        return await self._download.dict(**how)

    async def numpy(self, **how: Any) -> Tensors:
        """The model as a dict of NumPy arrays. See :meth:`ModelDownload.numpy`."""
        return await self._download.numpy(**how)

    async def torch(self, **how: Any) -> Tensors:
        """The model as a dict of PyTorch tensors, ready for ``load_state_dict``. See :meth:`ModelDownload.torch`."""
        return await self._download.torch(**how)

    async def bytes(self, **how: Any) -> Bytes:
        """The model byte for byte as it was sent. See :meth:`ModelDownload.bytes`."""
        return await self._download.bytes(**how)

    async def to_file(self, path: Any, **how: Any) -> None:
        """Streams the model into a file. See :meth:`ModelDownload.to_file`."""
        await self._download.to_file(path, **how)


class AsyncExperimentAnswer(Answer[ExperimentBody]):
    """An experiment, which can be followed and drawn."""

    __slots__ = ("_engine", "_ids")

    _engine: AsyncEngine
    _ids: Mapping[str, str]

    async def follow(
        self, *, after: int = 0, forever: bool = False, timeout: float | None = None, options: CallOptions | None = None
    ) -> AsyncGenerator[EventEntry, None]:
        """What happened to it, then what happens. See ``Experiment.follow``.

        >>> experiment = await client.Experiment.get(project_id=p, experiment_id=e)  # doctest: +SKIP
        >>> async for event in experiment.follow(): ...  # doctest: +SKIP
        """
        async for entry in follow(self._engine, self._ids, after, forever, timeout, options):
            yield entry

    async def plot(self, *metrics: str, options: CallOptions | None = None) -> Curves:
        """What was measured in it. See ``Experiment.plot``."""
        return await curves(self._engine, self._ids, metrics, options)
