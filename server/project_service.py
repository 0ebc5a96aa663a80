"""ProjectService: projects, which group analyses."""

from __future__ import annotations

from uuid import UUID

from google.protobuf.empty_pb2 import Empty
from structra.v1 import project_service_pb2 as pb

from server import refusals
from server.analysis_message import timestamp
from server.call import Call
from server.page_token import PageTokens, page_size
from server.refusals import FieldProblem
from stores.postgres.projects import ProjectRow, Projects

_LIST = "projects"
_CHANGEABLE = ("display_name", "description")


class ProjectService:
    """Answers the calls of structra.v1.ProjectService."""

    def __init__(self, projects: Projects, tokens: PageTokens) -> None:
        self._projects = projects
        self._tokens = tokens

    async def create_project(self, request: pb.CreateProjectRequest, call: Call) -> pb.Project:
        """Creates a project; a repeated request id answers with the first one."""
        _require_name(request.project.display_name)
        row = await self._projects.create(
            call.caller.tenant_id,
            display_name=request.project.display_name,
            description=request.project.description,
            request_id=UUID(request.request_id) if request.request_id else None,
        )
        return _describe(row)

    async def get_project(self, request: pb.GetProjectRequest, call: Call) -> pb.Project:
        """Reads a project of the caller's."""
        return _describe(await self._projects.get(call.caller.tenant_id, UUID(request.id)))

    async def list_projects(
        self, request: pb.ListProjectsRequest, call: Call
    ) -> pb.ListProjectsResponse:
        """Lists the caller's projects, newest first."""
        tenant = call.caller.tenant_id
        page = await self._projects.list(
            tenant,
            size=page_size(request.page_size),
            after=self._tokens.read(request.page_token, tenant, _LIST),
        )
        return pb.ListProjectsResponse(
            projects=[_describe(row) for row in page.items],
            next_page_token=self._tokens.issue(page.next, tenant, _LIST),
            total_size=page.total,
        )

    async def update_project(self, request: pb.UpdateProjectRequest, call: Call) -> pb.Project:
        """Changes the fields that the mask names; both without a mask."""
        paths = list(request.update_mask.paths) or list(_CHANGEABLE)
        unknown = [path for path in paths if path not in _CHANGEABLE and path != "*"]
        if unknown:
            raise refusals.invalid_request(
                f"These fields cannot be changed: {', '.join(unknown)}. "
                f"Name some of: {', '.join(_CHANGEABLE)}.",
                [FieldProblem("update_mask", f"cannot change {path}") for path in unknown],
            )
        if "*" in paths:
            paths = list(_CHANGEABLE)
        project = request.project
        if "display_name" in paths:
            _require_name(project.display_name)
        row = await self._projects.update(
            call.caller.tenant_id,
            _project_id(project.id),
            display_name=project.display_name if "display_name" in paths else None,
            description=project.description if "description" in paths else None,
        )
        return _describe(row)

    async def delete_project(self, request: pb.DeleteProjectRequest, call: Call) -> Empty:
        """Deletes a project; its analyses stay."""
        await self._projects.delete(call.caller.tenant_id, UUID(request.id))
        return Empty()


def _require_name(name: str) -> None:
    if not name.strip():
        raise refusals.invalid_request(
            "A project needs a name. Send `project.display_name` with 1 to 200 characters.",
            [FieldProblem("project.display_name", "must have 1 to 200 characters")],
        )


def _project_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise refusals.invalid_request(
            "The project's id is not a UUID. Send the id that CreateProject answered with.",
            [FieldProblem("project.id", "must be a UUID")],
        ) from None


def _describe(row: ProjectRow) -> pb.Project:
    return pb.Project(
        id=str(row.id),
        display_name=row.display_name,
        description=row.description,
        create_time=timestamp(row.created_at),
        update_time=timestamp(row.updated_at),
    )
