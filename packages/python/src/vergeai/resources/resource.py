"""What all resources share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from .._answer import Answer, LinkAnswer, PageAnswer
from .._download import ModelDownload
from .._request import Engine
from .._settings import CallOptions
from ..errors import VergeAIError


class Unset(Enum):
    """For arguments where None says something, and leaving them out says something else."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset.UNSET


class Resource:
    """Methods around an engine, which may change between calls: the module's key and address can be set at any time."""

    _name = ""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def __repr__(self) -> str:
        return f"<vergeai {type(self).__name__}>"

    def _call(self, operation: str, options: CallOptions | None, **given: Any) -> Answer[Any]:
        status_code, body = self._engine().call(f"{self._name}.{operation}", _present(given), options)
        return Answer(statusCode=status_code, body=body)

    def _page(self, operation: str, options: CallOptions | None, **given: Any) -> PageAnswer[Any, Any]:
        engine = self._engine()
        return _page(engine, f"{self._name}.{operation}", _present(given), options)

    def _link(self, operation: str, options: CallOptions | None, **given: Any) -> LinkAnswer[Any]:
        engine = self._engine()
        status_code, body = engine.call(f"{self._name}.{operation}", _present(given), options)
        url: str = body["model_url"]
        answer: LinkAnswer[Any] = LinkAnswer(statusCode=status_code, body=body)
        answer._download = ModelDownload(engine, lambda: url, options)
        return answer


def _page(engine: Engine, operation: str, given: Mapping[str, Any], options: CallOptions | None) -> PageAnswer[Any, Any]:
    status_code, body = engine.call(operation, given, options)
    page: PageAnswer[Any, Any] = PageAnswer(statusCode=status_code, body=body)
    parameter = "after" if "next_after" in body else "cursor"
    following = body.get(f"next_{parameter}")

    def next_page() -> PageAnswer[Any, Any] | None:
        if following is None:
            return None
        if given.get(parameter) == following:
            raise VergeAIError("The server answered a page that leads to itself.")
        return _page(engine, operation, {**given, parameter: following}, options)

    page._next_page = next_page
    return page


def _present(given: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was left out; names that Python keeps for itself end in an underscore here."""
    return {
        name.rstrip("_"): None if value is NULL else value
        for name, value in given.items()
        if value is not None and value is not UNSET
    }


class _Null:
    """Stands for a None that is to be sent."""


NULL = _Null()


def nullable(value: Any) -> Any:
    return NULL if value is None else value
