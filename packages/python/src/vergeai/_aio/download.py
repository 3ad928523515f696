"""Models on their way in."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from .._backoff import backoff, is_passing
from .._models.layout import Format, Layout
from .._models.read import Form, read_model, require_form
from .._progress import Bar, OnProgress
from .._runtime.aio import ReadInto, in_thread, read_through, sleep
from .._settings import CallOptions
from ..errors import ConnectionError, IntegrityError
from .engine import AsyncEngine, api_error
from .retrying import with_retries
from .transport import AsyncReply

BLOCK = 256 * 1024

# ModelDownload's methods are named after what they give, which hides the types of that name.
Tensors = dict[str, Any]
Bytes = bytes


class AsyncModelStream:
    """The bytes behind a signed link, counted and hashed. A transfer that breaks off is resumed (RFC 9110 §14)."""

    def __init__(self, engine: AsyncEngine, url: str, options: CallOptions | None, sha256: str | None):
        self._engine = engine
        self._url = url
        self._timeout, self._max_retries = engine.limits(options)
        self._reply: AsyncReply | None = None
        self._etag: str | None = None
        self._hash = hashlib.sha256()
        self._loaded = 0
        self._failures = 0
        self._checked = False
        self.on_bytes: Callable[[int], None] = lambda _: None
        self.size: int | None = None
        self.sha256 = sha256
        self.format: Format = "safetensors"

    async def open(self) -> None:
        reply = self._reply = await self._request({})
        self._etag = reply.header("ETag")
        length = reply.header("Content-Length")
        self.size = int(length) if length and length.isdigit() else None
        announced = re.fullmatch(r'"([0-9a-f]{64})"', self._etag or "")
        self.sha256 = self.sha256 or (announced.group(1) if announced else None)
        content_type = reply.header("Content-Type") or ""
        self.format = "json" if "json" in content_type.lower() else "safetensors"

    async def read_into(self, view: memoryview) -> int:
        """Reads at most ``len(view)`` bytes; 0 at the end, which is told only when the bytes are those announced."""
        while len(view):
            try:
                if self._reply is None:
                    await self._resume()
                assert self._reply is not None
                count = await self._reply.readinto(view)
                if not count and self.size is not None and self._loaded < self.size:
                    raise ConnectionError(f"The model broke off after {self._loaded} of {self.size} bytes.")
            except Exception as error:
                self._failures += 1
                delay = backoff(error, self._failures) if is_passing(error) and self._failures <= self._max_retries else None
                if delay is None or not self._etag:
                    raise
                await self.close()
                await sleep(delay)
                continue
            if not count:
                self._check()
                return 0
            self._hash.update(view[:count])
            self._loaded += count
            self.on_bytes(self._loaded)
            return count
        return 0

    async def chunks(self) -> AsyncIterator[bytes]:
        block = memoryview(bytearray(BLOCK))
        while count := await self.read_into(block):
            yield bytes(block[:count])

    async def close(self) -> None:
        if self._reply is not None:
            reply, self._reply = self._reply, None
            await reply.close()

    async def _request(self, headers: dict[str, str]) -> AsyncReply:
        async def attempt(_: int) -> AsyncReply:
            reply = await self._engine.transport.send("GET", self._url, headers=headers, timeout=self._timeout)
            if reply.status in (200, 206):
                return reply
            async with reply:
                raise await api_error(reply)

        return await with_retries(self._max_retries, attempt)

    async def _resume(self) -> None:
        assert self._etag is not None
        if self._loaded == self.size:
            raise IntegrityError("The end of the model could not be read.")
        reply = self._reply = await self._request({"Range": f"bytes={self._loaded}-", "If-Range": self._etag})
        if reply.status != 206:
            await self.close()
            raise IntegrityError(f"The model broke off after {self._loaded} bytes, and the server would not continue it.")

    def _check(self) -> None:
        if self._checked:
            return
        self._checked = True
        if self.size is not None and self._loaded != self.size:
            raise IntegrityError(f"The model has {self._loaded} bytes where {self.size} were announced.")
        digest = self._hash.hexdigest()
        if self.sha256 is not None and digest != self.sha256:
            raise IntegrityError(f"The model's sha256 is {digest} where {self.sha256} was announced.")


class AsyncModelDownload:
    """A model that can be fetched. Each method fetches it anew.

    A transfer that breaks off is resumed; length and sha256 are compared with what the server announces. Every method
    takes ``progress`` (True: a tqdm bar, False: none, None: one on a terminal for a large model, where tqdm is
    installed) and ``on_progress(bytes so far, bytes in all or None)``, and raises :class:`IntegrityError` when the
    bytes are not those that were announced, :class:`ModelError` when they are no model, and otherwise what calls raise.
    """

    def __init__(
        self, engine: AsyncEngine, url: str, options: CallOptions | None = None, sha256: str | None = None
    ) -> None:
        self._engine = engine
        self._url = url
        self._options = options
        self._sha256 = sha256

    def __repr__(self) -> str:
        return "ModelDownload(…)"

    async def dict(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Tensors:
        """``{tensor name: nested lists of numbers}``, nested as deep as the tensor has dimensions. Needs no other package."""
        return (await self.read("dict", progress=progress, on_progress=on_progress))[0]

    async def numpy(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Tensors:
        """``{tensor name: numpy.ndarray}`` in the model's dtypes, read straight into the arrays.

        JSON numbers become float64; bfloat16, which NumPy does not have, becomes float32 without a loss.
        """
        return (await self.read("numpy", progress=progress, on_progress=on_progress))[0]

    async def torch(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Tensors:
        """``{tensor name: torch.Tensor}`` on the CPU in the model's dtypes (JSON numbers: float64), read straight into
        the tensors: what ``module.load_state_dict`` takes."""
        return (await self.read("torch", progress=progress, on_progress=on_progress))[0]

    async def read(
        self, form: Form, *, progress: bool | None = None, on_progress: OnProgress | None = None
    ) -> tuple[Tensors, Layout]:
        """The model in the form that is asked for, and its layout."""
        require_form(form)
        async with self._open(progress, on_progress) as stream:

            def parse(read_into: ReadInto) -> tuple[Tensors, Layout]:
                return read_model(read_into, stream.format, form)

            model = await read_through(stream.read_into, parse)
            # Reads on to the end, where length and hash are checked.
            async for _ in stream.chunks():
                pass
            return model

    async def bytes(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Bytes:
        """The model byte for byte as it was sent."""
        async with self._open(progress, on_progress) as stream:
            data = bytearray()
            async for chunk in stream.chunks():
                data += chunk
            return Bytes(data)

    async def to_file(
        self, path: str | os.PathLike[str], *, progress: bool | None = None, on_progress: OnProgress | None = None
    ) -> None:
        """Writes a file: to a temporary one beside it, which takes the name once it is complete and checked."""
        target = Path(path)
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            async with self._open(progress, on_progress) as stream:
                with beside.open("xb") as file:
                    async for chunk in stream.chunks():
                        await in_thread(file.write, chunk)
                    file.flush()
                    await in_thread(os.fsync, file.fileno())
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)

    def _open(self, progress: bool | None, on_progress: OnProgress | None) -> _AsyncOpened:
        return _AsyncOpened(self._engine, self._url, self._options, self._sha256, progress, on_progress)


class _AsyncOpened:
    """A stream with its progress bar, both closed at the end of an ``async with``."""

    def __init__(self, engine: AsyncEngine, url: str, options: CallOptions | None, sha256: str | None, progress: bool | None, on_progress: OnProgress | None):
        self._stream = AsyncModelStream(engine, url, options, sha256)
        self._progress = progress
        self._on_progress = on_progress
        self._bar: Bar | None = None

    async def __aenter__(self) -> AsyncModelStream:
        await self._stream.open()
        bar = self._bar = Bar("Downloading", self._stream.size, self._progress, self._on_progress)
        self._stream.on_bytes = bar.at
        return self._stream

    async def __aexit__(self, *_: object) -> None:
        await self._stream.close()
        if self._bar is not None:
            self._bar.close()
