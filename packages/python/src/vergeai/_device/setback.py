"""What a device can't go on after."""

from __future__ import annotations

from .refusals import Reaction


class Setback(Exception):
    """What came in the way, and what the device does about it other than trying again."""

    def __init__(self, error: Exception, reaction: Reaction) -> None:
        super().__init__(str(error))
        self.error = error
        self.reaction = reaction
