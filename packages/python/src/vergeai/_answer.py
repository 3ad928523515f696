"""What every method returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._attribute_dict import AttributeDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._download import ModelDownload

B = TypeVar("B")
E = TypeVar("E")

# The methods below are named after what they give, which hides the types of that name.
Tensors = dict[str, Any]
Bytes = bytes


class Answer(AttributeDict, Generic[B]):
    """``{"statusCode": …, "body": …}``: what every method returns. ``answer.body.ID`` is ``answer["body"]["ID"]``."""

    __slots__ = ()

    if TYPE_CHECKING:
        statusCode: int
        body: B


class PageAnswer(Answer[B], Generic[B, E]):
    """One page of a list; :meth:`entries` gives them all."""

    __slots__ = ("_next_page",)

    _next_page: Callable[[], PageAnswer[B, E] | None]

    def entries(self) -> Iterator[E]:
        """Every entry: those of this page, then those of the pages that follow, each asked for when it is needed.

        >>> for job in vergeai.Job.list(project_id=p, experiment_id=e).entries(): ...  # doctest: +SKIP
        """
        page: PageAnswer[B, E] | None = self
        while page is not None:
            yield from page["body"]["data"]
            page = page._next_page()


class LinkAnswer(Answer[B]):
    """A signed link in ``body.model_url``, and methods that fetch the model behind it, each time anew."""

    __slots__ = ("_download",)

    _download: ModelDownload

    def dict(self, **how: Any) -> Tensors:
        """The model as a dict of nested lists. See :meth:`ModelDownload.dict`."""
        return self._download.dict(**how)

    def numpy(self, **how: Any) -> Tensors:
        """The model as a dict of NumPy arrays. See :meth:`ModelDownload.numpy`."""
        return self._download.numpy(**how)

    def torch(self, **how: Any) -> Tensors:
        """The model as a dict of PyTorch tensors, ready for ``load_state_dict``. See :meth:`ModelDownload.torch`."""
        return self._download.torch(**how)

    def bytes(self, **how: Any) -> Bytes:
        """The model byte for byte as it was sent. See :meth:`ModelDownload.bytes`."""
        return self._download.bytes(**how)

    def to_file(self, path: Any, **how: Any) -> None:
        """Streams the model into a file. See :meth:`ModelDownload.to_file`."""
        self._download.to_file(path, **how)
