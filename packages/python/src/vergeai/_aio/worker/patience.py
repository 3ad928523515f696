"""Trying again for as long as it may help."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..._device.pauses import Pauses
from ..._device.refusals import Reaction
from ..._device.setback import Setback
from ..._runtime.aio import wait_for_flag

T = TypeVar("T")


async def persist(
    react: Callable[[Exception], Reaction],
    unless: threading.Event,
    on_again: Callable[[Exception], None],
    attempt: Callable[[bool], Awaitable[T]],
) -> T:
    """Calls ``attempt`` again for as long as ``react`` says so, with pauses; with True after an attempt whose ticket or
    link was spent. ``on_again`` hears of each failure that is tried again.

    :raises Setback: something else is to be done, or the event was set.
    """
    pauses = Pauses()
    renew = False
    while True:
        try:
            return await attempt(renew)
        except Exception as error:
            reaction = react(error)
            if unless.is_set():
                raise Setback(error, "let_go") from error
            if reaction not in ("again", "renew"):
                raise Setback(error, reaction) from error
            renew = reaction == "renew"
            on_again(error)
            await wait_for_flag(unless, pauses.after(error))
            if unless.is_set():
                raise Setback(error, "let_go") from error
