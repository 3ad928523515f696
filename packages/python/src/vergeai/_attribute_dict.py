"""Dicts that may also be read with dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._guards import is_list, is_object
from ._html import html_of


class AttributeDict(dict[str, Any]):
    """A dict, printed and compared as one, whose keys can be read as attributes too: ``job.status``.

    Dots only read. A key named like a method of dict (``items``, ``keys``…) needs brackets.
    """

    __slots__ = ()

    if not TYPE_CHECKING:
        # Type checkers know the keys of each body by its class, and shall say when there is none of a name.
        def __getattr__(self, name: str) -> Any:
            try:
                return self[name]
            except KeyError:
                raise AttributeError(f"there is no {name!r}; there are {', '.join(map(str, self)) or 'no keys'}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(key for key in self if isinstance(key, str) and key.isidentifier())]

    def _repr_html_(self) -> str:
        """For notebooks."""
        return html_of(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return AttributeDict, (dict(self),)


def with_attributes(value: Any) -> Any:
    """Parsed JSON with every object in it turned into an :class:`AttributeDict`."""
    if is_object(value):
        return AttributeDict((key, with_attributes(member)) for key, member in value.items())
    if is_list(value):
        return [with_attributes(member) for member in value]
    return value
