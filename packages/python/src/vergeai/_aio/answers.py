"""Answers that can do something."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Generic, TypeVar

from .._answer import Answer
from .download import AsyncModelDownload

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
