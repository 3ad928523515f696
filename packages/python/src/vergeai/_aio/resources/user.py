from __future__ import annotations

from ..._answer import Answer
from ..._settings import CallOptions
from ...types import AuditEntry, Empty, NewKey, NewUser, Page, UserEntry
from ..answers import AsyncPageAnswer
from .resource import AsyncResource


class AsyncUsers(AsyncResource):
    """For the server admin."""

    _name = "user"

    async def create(self, *, user_name: str | None = None, options: CallOptions | None = None) -> Answer[NewUser]:
        """Creates a user and their first key, which is shown once.

        :param user_name: 1 to 200 characters.
        :raises PermissionDenied: the caller is not the server admin.
        """
        return await self._call("create", options, user_name=user_name)

    async def list(
        self, *, limit: int | None = None, cursor: str | None = None, options: CallOptions | None = None
    ) -> AsyncPageAnswer[Page[UserEntry], UserEntry]:
        """The users of the server, newest first.

        :param limit: entries per page, 1 to 200; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.
        """
        return await self._page("list", options, limit=limit, cursor=cursor)

    async def disable(self, *, user_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Shuts a user out at once: none of their keys works until they are enabled. Again: nothing changes.

        :raises InvalidRequest: ``server_admin_stays``.
        """
        return await self._call("disable", options, user_id=user_id)

    async def enable(self, *, user_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Lets a disabled user in again, with the keys they had."""
        return await self._call("enable", options, user_id=user_id)

    async def reset_key(self, *, user_id: str, options: CallOptions | None = None) -> Answer[NewKey]:
        """Revokes every key of a user and makes a new one, which is shown once."""
        return await self._call("reset_key", options, user_id=user_id)

    async def audit(
        self,
        *,
        project_id: str | None = None,
        by: str | None = None,
        action: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[Page[AuditEntry], AuditEntry]:
        """Who did what on this server, newest first, also to what is deleted by now. For the server admin.
        ``limit`` and ``cursor`` as in :meth:`list`.

        :param project_id: only what was done in this project.
        :param by: only what this user or device did.
        :param action: only this, such as ``user_disabled``.
        """
        return await self._page(
            "audit", options, project_id=project_id, by=by, action=action, limit=limit, cursor=cursor
        )
