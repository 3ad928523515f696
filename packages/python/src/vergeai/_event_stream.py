"""Server-sent events (the text/event-stream of HTML), as far as the API uses them: what each one has as ``data``."""

from __future__ import annotations

import re

from .errors import ConnectionError

LONGEST_EVENT = 16 * 1024 * 1024

_line_end = re.compile(rb"\r\n|\n|\r(?!$)")


class EventStream:
    """Bytes in as they come, events out as soon as they are whole."""

    def __init__(self) -> None:
        self._line = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[str]:
        """The data of each event that ends in this chunk. Comments, which keep a connection alive, give none."""
        *lines, self._line = _line_end.split(self._line + chunk)
        events: list[str] = []
        for line in lines:
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                events.append(b"\n".join(self._data).decode())
                self._data = []
        if len(self._line) + sum(map(len, self._data)) > LONGEST_EVENT:
            raise ConnectionError(f"An event of the stream is longer than {LONGEST_EVENT} bytes.")
        return events
