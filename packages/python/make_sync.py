"""Makes the synchronous client from the asynchronous one: ``src/vergeai/_sync`` from ``src/vergeai/_aio``.

    python3 make_sync.py

Each operation, with its types and its docstring, is written once, as a coroutine. What coroutines and threads do
differently stands in ``src/vergeai/_runtime``, once for each. The package is built with the result, and the tests make it
before they run; it is no file of the repository.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "src" / "vergeai" / "_aio"
TARGET = HERE / "src" / "vergeai" / "_sync"

HEADER = "# Made from {source} by make_sync.py: change that one.\n"

# In this order: what is awaited loses the word, and what is asynchronous has a synchronous brother of another name.
WORDS = (
    (r"\bAsyncGenerator\[(\w+), None\]", r"Generator[\1, None, None]"),
    (r"\basync (?=def|with|for)", ""),
    (r"\bawait ", ""),
    (r"(?<![A-Za-z])Async(?=[A-Z])", ""),
    (r"\b__aenter__\b", "__enter__"),
    (r"\b__aexit__\b", "__exit__"),
    (r"\b__aiter__\b", "__iter__"),
    (r"\b__anext__\b", "__next__"),
    (r"\bStopAsyncIteration\b", "StopIteration"),
    (r"\baclosing\b", "closing"),
    (r"\baclose\b", "close"),
    (r"\banext\(", "next("),
    (r"\baiter_bytes\b", "iter_bytes"),
    (r"\b_runtime\.aio\b", "_runtime.threads"),
    # In examples: the module itself is a client, and an answer needs no brackets.
    (r"(?<=>>> )(.*)\((client\.[^#]*?\))\)\.", r"\1\2."),
    (r"(?<=>>> )(.*)\bclient\.", r"\1vergeai."),
)


def synchronous(text: str) -> str:
    """A module of ``_aio`` as a module of ``_sync``."""
    text = _not_awaitable(text)
    for pattern, replacement in WORDS:
        text = re.sub(pattern, replacement, text)
    return re.sub(r"(?<=^from collections\.abc import ).+$", _each_once, text, flags=re.MULTILINE)


def _each_once(names: re.Match[str]) -> str:
    """What was asynchronous may have been imported beside its brother."""
    return ", ".join(sorted(set(names[0].split(", "))))


def _not_awaitable(text: str) -> str:
    """``Awaitable[X]`` is ``X``, however many brackets are in it."""
    opening = "Awaitable["
    while (start := text.find(opening)) >= 0:
        depth, end = 1, start + len(opening)
        while depth:
            depth += {"[": 1, "]": -1}.get(text[end], 0)
            end += 1
        text = text[:start] + text[start + len(opening) : end - 1] + text[end:]
    return re.sub(r"\bAwaitable, |, Awaitable\b", "", text)


def make_sync(source: Path = SOURCE, target: Path = TARGET) -> None:
    """Writes what has changed, and nothing else, so that nobody reads half a file."""
    wanted = {path.relative_to(source): path for path in sorted(source.rglob("*.py"))}
    for path in sorted(target.rglob("*.py")):
        if path.relative_to(target) not in wanted:
            path.unlink()
    for relative, path in wanted.items():
        made = HEADER.format(source=f"_aio/{relative.as_posix()}") + synchronous(path.read_text("utf-8"))
        file = target / relative
        if not file.exists() or file.read_text("utf-8") != made:
            file.parent.mkdir(parents=True, exist_ok=True)
            beside = file.with_suffix(".part")
            beside.write_text(made, "utf-8")
            beside.replace(file)


if __name__ == "__main__":
    shutil.rmtree(TARGET, ignore_errors=True)
    make_sync()
