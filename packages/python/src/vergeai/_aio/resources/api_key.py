from __future__ import annotations

from ..._answer import Answer
from ..._settings import CallOptions
from ...types import Empty, KeyEntry, NewKey, NewSession, Page, SessionEntry, SignInCode, WhoAmI
from ..answers import AsyncPageAnswer
from .resource import AsyncResource


class AsyncAPIKeys(AsyncResource):
    """The caller's keys."""

    _name = "auth"

    async def whoami(self, *, options: CallOptions | None = None) -> Answer[WhoAmI]:
        """Whose key this is, when it ends, and what the server takes. For people and devices.

        >>> (await client.APIKey.whoami()).body.kind  # doctest: +SKIP
        'user'
        """
        return await self._call("whoami", options)

    async def create(
        self, *, label: str | None = None, expires_in_sec: int | None = None, options: CallOptions | None = None
    ) -> Answer[NewKey]:
        """Creates a user key for the caller. The key is in this answer and nowhere else.

        :param label: 1 to 100 characters, for people.
        :param expires_in_sec: seconds until the key stops working, at most ten years; never when it is left out.

        >>> key = (await client.APIKey.create(label="laptop")).body.key  # doctest: +SKIP
        """
        return await self._call("create", options, label=label, expires_in_sec=expires_in_sec)

    async def create_key(
        self, *, label: str | None = None, expires_in_sec: int | None = None, options: CallOptions | None = None
    ) -> Answer[NewKey]:
        """The same as :meth:`create`, under the path that some published clients use."""
        return await self._call("create_key", options, label=label, expires_in_sec=expires_in_sec)

    async def list(
        self, *, limit: int | None = None, cursor: str | None = None, options: CallOptions | None = None
    ) -> AsyncPageAnswer[Page[KeyEntry], KeyEntry]:
        """The caller's keys, newest first, without their secrets.

        :param limit: entries per page, 1 to 200; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.
        """
        return await self._page("list", options, limit=limit, cursor=cursor)

    async def revoke(self, *, key_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Revokes one of the caller's keys at once, also for uploads under way. Again: nothing changes.

        :raises NotFound: ``key_not_found``.
        """
        return await self._call("revoke", options, key_id=key_id)

    async def create_session(self, *, code: str | None = None, options: CallOptions | None = None) -> Answer[NewSession]:
        """Begins a session in a browser: the answer sets a cookie. For the pages of the server itself.

        :param code: of :meth:`create_sign_in_code`; for who has no key at hand.
        """
        return await self._call("create_session", options, code=code)

    async def delete_session(self, *, options: CallOptions | None = None) -> Answer[Empty]:
        """Ends the session that asks, and has the browser forget what the pages stored."""
        return await self._call("delete_session", options)

    async def sessions(
        self, *, limit: int | None = None, cursor: str | None = None, options: CallOptions | None = None
    ) -> AsyncPageAnswer[Page[SessionEntry], SessionEntry]:
        """The caller's sessions in browsers, newest first. Those that are over are not listed.

        :param limit: entries per page, 1 to 200; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.
        """
        return await self._page("sessions", options, limit=limit, cursor=cursor)

    async def revoke_session(self, *, session_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Ends one of the caller's sessions at once, also for uploads under way."""
        return await self._call("revoke_session", options, session_id=session_id)

    async def create_sign_in_code(self, *, options: CallOptions | None = None) -> Answer[SignInCode]:
        """A code that signs the caller in once, within a minute, in a browser that has no key.

        >>> print((await client.APIKey.create_sign_in_code()).body.url)  # doctest: +SKIP
        """
        return await self._call("create_sign_in_code", options)
