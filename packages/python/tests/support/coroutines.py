"""The asynchronous client behind the face of the synchronous one, so that one suite holds both.

``in_coroutines(globals())`` at the end of a test module makes each of its cases once more, with every ``vergeai.Client``
and ``vergeai.Worker`` an asynchronous one, whose coroutines run in an event loop of another thread.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
import unittest
from collections.abc import Iterator
from typing import Any
from unittest import mock

import httpx2

import vergeai


@functools.cache
def loop() -> asyncio.AbstractEventLoop:
    made = asyncio.new_event_loop()
    threading.Thread(target=made.run_forever, name="coroutines", daemon=True).start()
    return made


def run(coroutine: Any) -> Any:
    return asyncio.run_coroutine_threadsafe(coroutine, loop()).result()


async def next_of(generator: Any) -> tuple[bool, Any]:
    try:
        return True, await generator.__anext__()
    except StopAsyncIteration:
        return False, None


def entries_of(generator: Any) -> Iterator[Any]:
    try:
        while (step := run(next_of(generator)))[0]:
            yield step[1]
    finally:
        run(generator.aclose())


class Page(vergeai.AsyncPageAnswer[Any, Any]):
    __slots__ = ()

    def entries(self) -> Any:
        return entries_of(super().entries())


class Link(vergeai.AsyncLinkAnswer[Any]):
    __slots__ = ()


for name in ("dict", "numpy", "torch", "bytes", "to_file"):
    method = getattr(vergeai.AsyncLinkAnswer, name)
    setattr(Link, name, functools.partialmethod(lambda self, method, *given, **how: run(method(self, *given, **how)), method))

class Experiment(vergeai.AsyncExperimentAnswer):
    __slots__ = ()

    def follow(self, **how: Any) -> Any:
        return entries_of(super().follow(**how))

    def plot(self, *given: Any, **how: Any) -> Any:
        return run(super().plot(*given, **how))


FACES = {vergeai.AsyncPageAnswer: Page, vergeai.AsyncLinkAnswer: Link, vergeai.AsyncExperimentAnswer: Experiment}


def faced(value: Any) -> Any:
    """What came back, as the synchronous client would give it."""
    if inspect.iscoroutine(value):
        return faced(run(value))
    if inspect.isasyncgen(value):
        return entries_of(value)
    if type(value) in FACES:
        value.__class__ = FACES[type(value)]
    if isinstance(value, vergeai.AsyncModelDownload) or type(value).__name__ == "_AsyncOpened":
        return Face(value)
    return value


class Face:
    """An object whose coroutines are run."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._behind, name)
        if inspect.isroutine(value):
            return lambda *given, **how: faced(value(*given, **how))
        return Face(value) if type(value).__name__.startswith("Async") else value

    def __enter__(self) -> Face:
        run(self._behind.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        run(self._behind.__aexit__(None, None, None))

    def __repr__(self) -> str:
        return repr(self._behind).replace("vergeai.Async", "vergeai.").replace("<vergeai Async", "<vergeai ")


class Client(Face):
    def __init__(self, **how: Any) -> None:
        super().__init__(vergeai.AsyncClient(**how))


class Worker(Face):
    def __init__(self, *given: Any, **how: Any) -> None:
        super().__init__(vergeai.AsyncWorker(*given, **how))


def in_coroutines(module: dict[str, Any], without: tuple[str, ...] = ()) -> None:
    """``without`` names what is about the synchronous client alone."""
    for name, case in list(module.items()):
        if isinstance(case, type) and issubclass(case, unittest.TestCase) and case.__module__ == module["__name__"]:
            if name in without:
                continue
            module[f"{name}InCoroutines"] = _twin(name, case, without)


def _twin(name: str, case: type[unittest.TestCase], without: tuple[str, ...]) -> type[unittest.TestCase]:
    patched = mock.patch.multiple(vergeai, Client=Client, Worker=Worker)

    class Twin(case):  # type: ignore[misc, valid-type]
        @classmethod
        def setUpClass(cls) -> None:
            patched.start()
            cls.addClassCleanup(patched.stop)
            super().setUpClass()

    for test in without:
        if hasattr(case, test):
            setattr(Twin, test, None)
    Twin.__name__ = Twin.__qualname__ = f"{name}InCoroutines"
    Twin.__module__ = case.__module__
    return Twin
