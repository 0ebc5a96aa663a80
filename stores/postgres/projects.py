"""Projects, which group analyses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stores.errors import NotFoundError
from stores.ids import uuid7
from stores.postgres.connection import Row
from stores.postgres.database import Database
from stores.postgres.paging import Cursor, Page, page_of

_COLUMNS = "id, user_id, display_name, description, created_at, updated_at"


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project."""

    id: UUID
    user_id: UUID
    display_name: str
    description: str
    created_at: datetime
    updated_at: datetime


class Projects:
    """Keeps projects. Other accounts' do not exist for an account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        user_id: UUID,
        *,
        display_name: str,
        description: str = "",
        request_id: UUID | None = None,
    ) -> ProjectRow:
        """Creates a project; a repeated `request_id` returns the first one.

        Raises NotFoundError for an unknown account.
        """
        try:
            row = await self._database.fetchrow(
                "INSERT INTO projects (id, user_id, display_name, description, request_id) "
                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, request_id) "
                f"WHERE request_id IS NOT NULL DO NOTHING RETURNING {_COLUMNS}",
                uuid7(),
                user_id,
                display_name,
                description,
                request_id,
            )
        except NotFoundError as error:
            raise NotFoundError("user", user_id) from error
        if row is None:
            row = await self._database.fetchrow(
                f"SELECT {_COLUMNS} FROM projects WHERE user_id = $1 AND request_id = $2",
                user_id,
                request_id,
            )
        if row is None:
            raise NotFoundError("project", str(request_id))
        return _from_row(row)

    async def get(self, user_id: UUID, project_id: UUID) -> ProjectRow:
        """Returns a project. Raises NotFoundError."""
        row = await self._database.fetchrow(
            f"SELECT {_COLUMNS} FROM projects WHERE id = $1 AND user_id = $2", project_id, user_id
        )
        if row is None:
            raise NotFoundError("project", project_id)
        return _from_row(row)

    async def list(
        self, user_id: UUID, *, size: int = 20, after: Cursor | None = None
    ) -> Page[ProjectRow]:
        """Returns up to `size` projects after the cursor, newest first.

        May lag a little behind when a read replica is configured.
        """
        totals = await self._database.fetch_stale(
            "SELECT count(*) FROM projects WHERE user_id = $1", user_id
        )
        rows = await self._database.fetch_stale(
            f"SELECT {_COLUMNS} FROM projects WHERE user_id = $1 "
            "AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3)) "
            "ORDER BY created_at DESC, id DESC LIMIT $4",
            user_id,
            after.created_at if after else None,
            after.id if after else None,
            size + 1,
        )
        return page_of(rows, size, _from_row, totals[0]["count"])

    async def update(
        self,
        user_id: UUID,
        project_id: UUID,
        *,
        display_name: str | None = None,
        description: str | None = None,
    ) -> ProjectRow:
        """Changes what is not None. Raises NotFoundError."""
        row = await self._database.fetchrow(
            "UPDATE projects SET display_name = coalesce($3, display_name), "
            "description = coalesce($4, description), updated_at = now() "
            f"WHERE id = $1 AND user_id = $2 RETURNING {_COLUMNS}",
            project_id,
            user_id,
            display_name,
            description,
        )
        if row is None:
            raise NotFoundError("project", project_id)
        return _from_row(row)

    async def delete(self, user_id: UUID, project_id: UUID) -> None:
        """Deletes a project; its analyses stay, without a project. Raises NotFoundError."""
        tag = await self._database.execute(
            "DELETE FROM projects WHERE id = $1 AND user_id = $2", project_id, user_id
        )
        if tag == "DELETE 0":
            raise NotFoundError("project", project_id)


def _from_row(row: Row) -> ProjectRow:
    return ProjectRow(**dict(row))
