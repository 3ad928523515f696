"""Models on their way in."""

from __future__ import annotations

import hashlib
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ._http import Reply
from ._models.layout import Format, Layout
from ._models.read import Form, read_model, require_form
from ._progress import Bar, OnProgress
from ._request import Engine, api_error
from ._retry import backoff, is_passing, with_retries
from ._settings import CallOptions
from .errors import ConnectionError, IntegrityError

BLOCK = 256 * 1024

# ModelDownload's methods are named after what they give, which hides the types of that name.
Tensors = dict[str, Any]
Bytes = bytes


class ModelStream:
    """The bytes behind a signed link, counted and hashed. A transfer that breaks off is resumed (RFC 9110 §14)."""

    def __init__(self, engine: Engine, url: str, options: CallOptions | None, sha256: str | None, on_bytes: Callable[[int], None]):
        self._engine = engine
        self._url = url
        self._timeout, self._max_retries = engine.limits(options)
        self._on_bytes = on_bytes
        self._reply: Reply | None = self._request({})
        self._etag = self._reply.header("ETag")
        self._hash = hashlib.sha256()
        self._loaded = 0
        self._failures = 0
        self._checked = False
        length = self._reply.header("Content-Length")
        self.size = int(length) if length and length.isdigit() else None
        announced = re.fullmatch(r'"([0-9a-f]{64})"', self._etag or "")
        self.sha256 = sha256 or (announced.group(1) if announced else None)
        content_type = self._reply.header("Content-Type") or ""
        self.format: Format = "json" if "json" in content_type.lower() else "safetensors"

    def read_into(self, view: memoryview) -> int:
        """Reads at most ``len(view)`` bytes; 0 at the end, which is told only when the bytes are those announced."""
        while len(view):
            try:
                if self._reply is None:
                    self._resume()
                assert self._reply is not None
                count = self._reply.readinto(view)
                if not count and self.size is not None and self._loaded < self.size:
                    raise ConnectionError(f"The model broke off after {self._loaded} of {self.size} bytes.")
            except Exception as error:
                self._failures += 1
                delay = backoff(error, self._failures) if is_passing(error) and self._failures <= self._max_retries else None
                if delay is None or not self._etag:
                    raise
                self.close()
                time.sleep(delay)
                continue
            if not count:
                self._check()
                return 0
            self._hash.update(view[:count])
            self._loaded += count
            self._on_bytes(self._loaded)
            return count
        return 0

    def __iter__(self) -> Iterator[bytes]:
        block = memoryview(bytearray(BLOCK))
        while count := self.read_into(block):
            yield bytes(block[:count])

    def close(self) -> None:
        if self._reply is not None:
            self._reply.close()
            self._reply = None

    def _request(self, headers: dict[str, str]) -> Reply:
        def attempt(_: int) -> Reply:
            reply = self._engine.transport.send("GET", self._url, headers=headers, timeout=self._timeout)
            if reply.status in (200, 206):
                return reply
            with reply:
                raise api_error(reply)

        return with_retries(self._max_retries, attempt)

    def _resume(self) -> None:
        assert self._etag is not None
        if self._loaded == self.size:
            raise IntegrityError("The end of the model could not be read.")
        self._reply = self._request({"Range": f"bytes={self._loaded}-", "If-Range": self._etag})
        if self._reply.status != 206:
            self.close()
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


class ModelDownload:
    """A model that can be fetched. Each method fetches it anew.

    A transfer that breaks off is resumed; length and sha256 are compared with what the server announces. Every method
    takes ``progress`` (True: a tqdm bar, False: none, None: one on a terminal for a large model, where tqdm is
    installed) and ``on_progress(bytes so far, bytes in all or None)``, and raises :class:`IntegrityError` when the
    bytes are not those that were announced, :class:`ModelError` when they are no model, and otherwise what calls raise.
    """

    def __init__(
        self, engine: Engine, url: Callable[[], str], options: CallOptions | None = None, sha256: str | None = None
    ) -> None:
        self._engine = engine
        self._url = url
        self._options = options
        self._sha256 = sha256

    def __repr__(self) -> str:
        return "ModelDownload(…)"

    def dict(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Tensors:
        """``{tensor name: nested lists of numbers}``, nested as deep as the tensor has dimensions. Needs no other package."""
        return self.read("dict", progress=progress, on_progress=on_progress)[0]

    def numpy(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Tensors:
        """``{tensor name: numpy.ndarray}`` in the model's dtypes, read straight into the arrays.

        JSON numbers become float64; bfloat16, which NumPy does not have, becomes float32 without a loss.
        """
        return self.read("numpy", progress=progress, on_progress=on_progress)[0]

    def torch(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Tensors:
        """``{tensor name: torch.Tensor}`` on the CPU in the model's dtypes (JSON numbers: float64), read straight into
        the tensors: what ``module.load_state_dict`` takes."""
        return self.read("torch", progress=progress, on_progress=on_progress)[0]

    def read(
        self, form: Form, *, progress: bool | None = None, on_progress: OnProgress | None = None
    ) -> tuple[Tensors, Layout]:
        """The model in the form that is asked for, and its layout."""
        require_form(form)
        with self._open(progress, on_progress) as stream:
            model = read_model(stream.read_into, stream.format, form)
            # Reads on to the end, where length and hash are checked.
            for _ in stream:
                pass
            return model

    def bytes(self, *, progress: bool | None = None, on_progress: OnProgress | None = None) -> Bytes:
        """The model byte for byte as it was sent."""
        with self._open(progress, on_progress) as stream:
            return b"".join(stream)

    def to_file(
        self, path: str | os.PathLike[str], *, progress: bool | None = None, on_progress: OnProgress | None = None
    ) -> None:
        """Writes a file: to a temporary one beside it, which takes the name once it is complete and checked."""
        target = Path(path)
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            with self._open(progress, on_progress) as stream, beside.open("xb") as file:
                for chunk in stream:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)

    def _open(self, progress: bool | None, on_progress: OnProgress | None) -> _Opened:
        return _Opened(self._engine, self._url(), self._options, self._sha256, progress, on_progress)


class _Opened:
    """A stream with its progress bar, both closed at the end of a ``with``."""

    def __init__(self, engine: Engine, url: str, options: CallOptions | None, sha256: str | None, progress: bool | None, on_progress: OnProgress | None):
        self._bar: Bar | None = None
        self._stream = ModelStream(engine, url, options, sha256, lambda count: self._bar.at(count) if self._bar else None)
        self._bar = Bar("Downloading", self._stream.size, progress, on_progress)

    def __enter__(self) -> ModelStream:
        return self._stream

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        if self._bar is not None:
            self._bar.__exit__()
