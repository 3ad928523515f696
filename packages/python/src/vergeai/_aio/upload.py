"""Models on their way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from .._arguments import JsonText, argument_json
from .._models.layout import Layout
from .._models.source import Model, ModelSource, model_source
from .._operations import operations
from .._progress import Bar, OnProgress
from .._runtime.aio import in_thread
from .._settings import CallOptions
from ..errors import InvalidRequest, ModelError
from .engine import AsyncEngine, api_error
from .retrying import with_retries

LARGEST_INLINE_BYTES = 4 * 1024 * 1024
LONGEST_URL = 4096
"""What stands between may take 8 KiB of a request's head, and less."""

_content_types = {"json": "application/json", "safetensors": "application/octet-stream"}


async def submit_model(
    engine: AsyncEngine,
    operation: str,
    given: Mapping[str, Any],
    model: Model,
    options: CallOptions | None = None,
    *,
    like: Layout | None = None,
    upload: Mapping[str, Any] | None = None,
    progress: bool | None = None,
    on_progress: OnProgress | None = None,
) -> int:
    """Sends a model: small nested lists inside the request, everything else by an upload ticket, as a stream: by
    ``upload``, the one that came with the job, or else by one that is asked for.

    Gives the status that answers print. The server has registered the model when this returns.
    """
    source = await in_thread(model_source, model, like)
    inline = await in_thread(_inline, source)
    if inline is not None:
        return (await engine.call(operation, {**given, "model": inline}, options))[0]
    status_code = operations()[operation].status_code
    url = _url_with_report(upload, given) if upload else None
    if url is None:
        status_code, body = await engine.call(operation, given, options)
        url = _url(body["model_url"])
    with Bar("Uploading", source.size, progress, on_progress) as bar:
        await put_model(engine, url, source, options, bar)
    return status_code


def _url(ticket: Mapping[str, Any], report: Mapping[str, str] | None = None) -> str:
    return f"{ticket['url']}?{urlencode({**ticket['fields'], **(report or {})})}"


def _url_with_report(ticket: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
    """Where the ticket sends the bytes, with what the device reports of the training. None: it is too long for a URL."""
    report = {name: argument_json(name, given[name]).decode() for name in ("num_examples", "metrics") if name in given}
    url = _url(ticket, report)
    return url if len(url) <= LONGEST_URL else None


def _inline(source: ModelSource) -> JsonText | None:
    """A model of nested lists as JSON, when it is small enough to go inside a request."""
    if not source.inline:
        return None
    text = bytearray()
    for chunk in source.chunks():
        text += chunk
        if len(text) > LARGEST_INLINE_BYTES:
            return None
    return JsonText(text)


async def put_model(engine: AsyncEngine, url: str, source: ModelSource, options: CallOptions | None, bar: Bar) -> None:
    """Sends the bytes to the URL of a ticket.

    The ticket is ours alone, and is used up in the very transaction that registers the model: when a repeated upload
    hears ``ticket_used``, an earlier attempt arrived and only its answer was lost.
    """
    timeout, max_retries = engine.limits(options)
    headers = {"Content-Type": _content_types[source.format]}

    async def attempt(failures: int) -> None:
        try:
            async with await engine.transport.send(
                "PUT", url, headers=headers, timeout=timeout, body=lambda: _watched(source, bar), length=source.size
            ) as reply:
                # Nothing else says that the model was registered: another success is the word of something in between.
                if reply.status != 204:
                    raise await api_error(reply)
        except InvalidRequest as error:
            if not (failures and error.code == "ticket_used"):
                raise

    await with_retries(max_retries, attempt)


def _watched(source: ModelSource, bar: Bar) -> Iterator[bytes | memoryview]:
    """The bytes, counted: a source of another length than announced would leave the server waiting."""
    sent = 0
    for chunk in source.chunks():
        sent += len(chunk)
        if source.size is not None and sent > source.size:
            raise ModelError(f"The model has more than the {source.size} bytes that were announced.")
        yield chunk
        bar.at(sent)
    if source.size is not None and sent < source.size:
        raise ModelError(f"The model ended after {sent} of {source.size} bytes.")
