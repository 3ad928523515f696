from __future__ import annotations

from .._answer import Answer
from .._settings import CallOptions
from ..types import NewUser
from .resource import Resource


class Users(Resource):
    """For the server admin."""

    _name = "user"

    def create(self, *, user_name: str | None = None, options: CallOptions | None = None) -> Answer[NewUser]:
        """Creates a user and their first key, which is shown once.

        :param user_name: 1 to 200 characters.
        :raises PermissionDenied: the caller is not the server admin.
        """
        return self._call("create", options, user_name=user_name)
