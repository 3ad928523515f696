"""What all resources share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..._answer import Answer
from ..._given import present
from ..._settings import CallOptions
from ...errors import VergeAIError
from ..answers import AsyncExperimentAnswer, AsyncLinkAnswer, AsyncPageAnswer
from ..download import AsyncModelDownload
from ..engine import AsyncEngine


# What goes on with a list: the answer's ``next_…`` is what it takes next. A log may be read from either end.
ONWARD = ("cursor", "after", "before")


class AsyncResource:
    """Methods around an engine, which may change between calls: the module's key and address can be set at any time."""

    _name = ""

    def __init__(self, engine: Callable[[], AsyncEngine]) -> None:
        self._engine = engine

    def __repr__(self) -> str:
        return f"<vergeai {type(self).__name__}>"

    async def _call(self, operation: str, options: CallOptions | None, **given: Any) -> Answer[Any]:
        status_code, body = await self._engine().call(f"{self._name}.{operation}", present(given), options)
        return Answer(statusCode=status_code, body=body)

    async def _experiment(self, operation: str, options: CallOptions | None, **given: Any) -> AsyncExperimentAnswer:
        engine = self._engine()
        status_code, body = await engine.call(f"{self._name}.{operation}", present(given), options)
        answer = AsyncExperimentAnswer(statusCode=status_code, body=body)
        answer._engine = engine
        answer._ids = {"project_id": given["project_id"], "experiment_id": body.get("ID", "")}
        return answer

    async def _page(self, operation: str, options: CallOptions | None, **given: Any) -> AsyncPageAnswer[Any, Any]:
        engine = self._engine()
        return await _page(engine, f"{self._name}.{operation}", present(given), options)

    async def _link(self, operation: str, options: CallOptions | None, **given: Any) -> AsyncLinkAnswer[Any]:
        engine = self._engine()
        status_code, body = await engine.call(f"{self._name}.{operation}", present(given), options)
        answer: AsyncLinkAnswer[Any] = AsyncLinkAnswer(statusCode=status_code, body=body)
        answer._download = AsyncModelDownload(engine, body["model_url"], options)
        return answer


async def _page(
    engine: AsyncEngine, operation: str, given: Mapping[str, Any], options: CallOptions | None
) -> AsyncPageAnswer[Any, Any]:
    status_code, body = await engine.call(operation, given, options)
    page: AsyncPageAnswer[Any, Any] = AsyncPageAnswer(statusCode=status_code, body=body)
    onward = {parameter: body[f"next_{parameter}"] for parameter in ONWARD if body.get(f"next_{parameter}") is not None}

    async def next_page() -> AsyncPageAnswer[Any, Any] | None:
        if not onward:
            return None
        [(parameter, following)] = onward.items()
        if given.get(parameter) == following:
            raise VergeAIError("The server answered a page that leads to itself.")
        return await _page(engine, operation, {**given, parameter: following}, options)

    page._next_page = next_page
    return page
