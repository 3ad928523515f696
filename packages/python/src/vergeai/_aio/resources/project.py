from __future__ import annotations

from collections.abc import AsyncGenerator

from ..._answer import Answer
from ..._given import UNSET, Unset, nullable
from ..._settings import CallOptions
from ...types import (
    AuditEntry,
    Comparison,
    Empty,
    JobIds,
    MemberEntry,
    Page,
    PermissionLevel,
    ProjectBody,
    ProjectChange,
    ProjectEntry,
    ProjectHello,
    ProjectId,
    ProjectOverview,
    ProjectStorage,
)
from ..answers import AsyncPageAnswer
from ..changing import changes
from .resource import AsyncResource


class AsyncProjects(AsyncResource):
    """Projects: people, devices and experiments that belong together."""

    _name = "project"

    async def create(
        self, *, project_name: str, project_description: str | None = None, options: CallOptions | None = None
    ) -> Answer[ProjectId]:
        """Creates a project; the caller becomes its owner.

        :param project_name: 1 to 200 characters.
        :param project_description: at most 10,000 characters.

        >>> project_id = (await client.Project.create(project_name="Digits")).body.project_id  # doctest: +SKIP
        """
        return await self._call("create", options, project_name=project_name, project_description=project_description)

    async def update(
        self,
        *,
        project_id: str,
        project_name: str | None = None,
        project_description: str | None | Unset = UNSET,
        options: CallOptions | None = None,
    ) -> Answer[Empty]:
        """Changes name and description; what is left out stays. Needs ADMIN.

        :param project_name: 1 to 200 characters.
        :param project_description: at most 10,000 characters. None takes it away.
        :raises NotFound: there is none, or the caller may not see it.
        :raises PermissionDenied: the caller's level is too low.
        """
        return await self._call(
            "update",
            options,
            project_id=project_id,
            project_name=project_name,
            project_description=nullable(project_description),
        )

    async def delete(self, *, project_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Deletes a project with its experiments, jobs, devices, keys and stored models. Needs ADMIN.

        :raises NotFound: there is none, or the caller may not see it.
        :raises PermissionDenied: the caller's level is too low.
        """
        return await self._call("delete", options, project_id=project_id)

    async def get(self, *, project_id: str, options: CallOptions | None = None) -> Answer[ProjectBody]:
        """A project with its devices, experiments and members.

        :raises NotFound: there is none, or the caller may not see it.
        """
        return await self._call("get", options, project_id=project_id)

    async def overview(self, *, project_id: str, options: CallOptions | None = None) -> Answer[ProjectOverview]:
        """A project at a glance: how many devices are there, how many experiments are active, how many jobs run.

        :raises NotFound: there is none, or the caller may not see it.

        >>> (await client.Project.overview(project_id=project_id)).body.devices.online  # doctest: +SKIP
        """
        return await self._call("overview", options, project_id=project_id)

    async def compare(
        self,
        *,
        project_id: str,
        experiment_ids: str,
        names: str | None = None,
        max_points: int | None = None,
        options: CallOptions | None = None,
    ) -> Answer[Comparison]:
        """Experiments side by side: where their hyperparameters differ, and how their metrics went from job to job, in columns
        for a chart, of the jobs that completed.

        :param experiment_ids: the experiments, 2 to 20, separated by commas.
        :param names: which metrics, separated by commas, 10 at most; the first six of all that they have when they are left out.
        :param max_points: how many jobs of each at most, 100 to 5000; 1000 when it is left out. Of more, those stay that show
            every outlier.
        :raises NotFound: there is no such project or experiment, or the caller may not see it.

        >>> both = (await client.Project.compare(project_id=p, experiment_ids=f"{a},{b}", names="loss")).body  # doctest: +SKIP
        >>> [(each.name, each.mean["loss"][-1]) for each in both.experiments]  # doctest: +SKIP
        """
        return await self._call(
            "compare", options, project_id=project_id, experiment_ids=experiment_ids, names=names, max_points=max_points
        )

    async def changes(
        self, *, project_id: str, options: CallOptions | None = None
    ) -> AsyncGenerator[ProjectHello | ProjectChange, None]:
        """What changes in the project, as it does, through every loss of the connection, until you leave the loop.

        Each connection begins with a ``hello``: what changed while there was none is not told, so look at everything.
        A ``change`` says where to look, and not what is there; at most once a second for each thing.

        :raises NotFound: there is none, or the caller may not see it any more.

        >>> async for message in client.Project.changes(project_id=project_id):  # doctest: +SKIP
        ...     if message.type == "change":
        ...         print(message.about, message.id)
        """
        async for message in changes(self._engine(), project_id, options):
            yield message

    async def active_jobs(self, *, project_id: str, options: CallOptions | None = None) -> Answer[JobIds]:
        """The current job of every active experiment. Devices may ask too."""
        return await self._call("active_jobs", options, project_id=project_id)

    async def list(
        self, *, limit: int | None = None, cursor: str | None = None, options: CallOptions | None = None
    ) -> AsyncPageAnswer[Page[ProjectEntry], ProjectEntry]:
        """The projects the caller is a member of, newest first.

        :param limit: entries per page, 1 to 200; 50 when it is left out.
        :param cursor: the previous page's ``next_cursor``. ``.entries()`` follows it by itself.

        >>> names = [project.name async for project in (await client.Project.list()).entries()]  # doctest: +SKIP
        """
        return await self._page("list", options, limit=limit, cursor=cursor)

    async def storage(self, *, project_id: str, options: CallOptions | None = None) -> Answer[ProjectStorage]:
        """How many bytes of models the project keeps, and how many it may."""
        return await self._call("storage", options, project_id=project_id)

    async def limit_storage(
        self, *, project_id: str, max_bytes: int | None, options: CallOptions | None = None
    ) -> Answer[ProjectStorage]:
        """Sets how many bytes of models a project may keep. For the server admin. What it keeps already stays.

        :param max_bytes: 1 or more. None: as many as the server's setting says.
        :raises PermissionDenied: the caller is not the server admin.
        """
        return await self._call("limit_storage", options, project_id=project_id, max_bytes=nullable(max_bytes))

    async def members(
        self,
        *,
        project_id: str,
        limit: int | None = None,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[Page[MemberEntry], MemberEntry]:
        """The people of a project, newest first. ``limit`` and ``cursor`` as in :meth:`list`."""
        return await self._page("members", options, project_id=project_id, limit=limit, cursor=cursor)

    async def add_member(
        self, *, project_id: str, user_id: str, permission_level: PermissionLevel, options: CallOptions | None = None
    ) -> Answer[Empty]:
        """Gives a user a permission level: OWNER 100, ADMIN 10, READ_WRITE 5, READ_ONLY 1. Needs ADMIN; only an owner
        can make an owner.

        :raises InvalidRequest: ``already_member``.
        """
        return await self._call(
            "add_member", options, project_id=project_id, user_id=user_id, permission_level=permission_level
        )

    async def update_member(
        self, *, project_id: str, user_id: str, permission_level: PermissionLevel, options: CallOptions | None = None
    ) -> Answer[Empty]:
        """Changes a member's level. Needs ADMIN.

        :raises InvalidRequest: ``last_owner``: the last owner cannot be demoted.
        """
        return await self._call(
            "update_member", options, project_id=project_id, user_id=user_id, permission_level=permission_level
        )

    async def remove_member(self, *, project_id: str, user_id: str, options: CallOptions | None = None) -> Answer[Empty]:
        """Takes a user out of a project. Needs ADMIN.

        :raises InvalidRequest: ``last_owner``: the last owner cannot be removed.
        """
        return await self._call("remove_member", options, project_id=project_id, user_id=user_id)

    async def audit(
        self,
        *,
        project_id: str,
        by: str | None = None,
        action: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        options: CallOptions | None = None,
    ) -> AsyncPageAnswer[Page[AuditEntry], AuditEntry]:
        """Who did what to the project, its members and its devices, newest first. Needs ADMIN.
        ``limit`` and ``cursor`` as in :meth:`list`.

        :param by: only what this user or device did.
        :param action: only this, such as ``member_added``.
        """
        return await self._page(
            "audit", options, project_id=project_id, by=by, action=action, limit=limit, cursor=cursor
        )
