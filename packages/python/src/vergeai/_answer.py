"""What every method returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ._attribute_dict import AttributeDict

B = TypeVar("B")


class Answer(AttributeDict, Generic[B]):
    """``{"statusCode": …, "body": …}``: what every method returns. ``answer.body.ID`` is ``answer["body"]["ID"]``."""

    __slots__ = ()

    if TYPE_CHECKING:
        statusCode: int
        body: B
