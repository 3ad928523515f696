"""What a device calls."""

from __future__ import annotations

from ..._settings import CallOptions
from ..download import AsyncModelDownload
from ..engine import AsyncEngine
from ..resources.device import AsyncDevices
from ..resources.job import AsyncJobs


class AsyncDeviceSide:
    """The operations that are open to a device's key."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.Device = AsyncDevices(lambda: engine)
        self.Job = AsyncJobs(lambda: engine)

    def download(self, model_url: str, *, sha256: str, options: CallOptions | None = None) -> AsyncModelDownload:
        return AsyncModelDownload(self._engine, model_url, options, sha256)

    async def close(self) -> None:
        """Closes all connections; what others wait for ends with a ConnectionError."""
        await self._engine.transport.close()

    async def __aenter__(self) -> AsyncDeviceSide:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
