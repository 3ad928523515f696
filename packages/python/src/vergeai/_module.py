"""The client that the module itself is: ``vergeai.api_key`` and its neighbours, as they are at the moment of a call."""

from __future__ import annotations

import sys
from collections.abc import Callable

from ._connecting import Route
from ._settings import Settings, module_base_url, usable_count, usable_key, usable_timeout, usable_url
from ._sync.engine import Engine
from ._sync.transport import Transport


def _module_engine() -> Callable[[], Engine]:
    """Gives an engine with the settings of that moment; connections are kept."""
    transport = Transport(Route())

    def engine() -> Engine:
        module = sys.modules["vergeai"]
        settings = Settings(
            api_key=usable_key(module.api_key),
            base_url=usable_url(module_base_url()),
            timeout=usable_timeout(module.timeout),
            max_retries=usable_count(module.max_retries),
        )
        return Engine(settings, transport)

    return engine


module_engine = _module_engine()
