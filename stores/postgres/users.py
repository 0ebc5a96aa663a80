"""Accounts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stores.errors import ConflictError, NotFoundError
from stores.ids import uuid7
from stores.postgres.connection import Row
from stores.postgres.database import Database
from stores.postgres.states import Plan, Role

_COLUMNS = "id, email, display_name, role, plan, created_at, disabled_at"


@dataclass(frozen=True, slots=True)
class User:
    """An account. A disabled one cannot call anything."""

    id: UUID
    email: str | None
    display_name: str
    role: Role
    plan: Plan
    created_at: datetime
    disabled_at: datetime | None


class Users:
    """Creates and reads accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        *,
        email: str | None = None,
        display_name: str = "",
        plan: Plan = Plan.FREE,
        role: Role = Role.USER,
    ) -> User:
        """Creates an account. Raises ConflictError when the e-mail address is taken."""
        try:
            row = await self._database.fetchrow(
                "INSERT INTO users (id, email, display_name, plan, role) "
                f"VALUES ($1, $2, $3, $4, $5) RETURNING {_COLUMNS}",
                uuid7(),
                email,
                display_name,
                plan.value,
                role.value,
            )
        except ConflictError as error:
            raise ConflictError("user", email or "", "the e-mail address is taken") from error
        return _from_row(row)

    async def get(self, user_id: UUID) -> User:
        """Returns an account. Raises NotFoundError."""
        row = await self._database.fetchrow(f"SELECT {_COLUMNS} FROM users WHERE id = $1", user_id)
        if row is None:
            raise NotFoundError("user", user_id)
        return _from_row(row)

    async def get_by_email(self, email: str) -> User:
        """Returns the account with an e-mail address, in any case. Raises NotFoundError."""
        row = await self._database.fetchrow(
            f"SELECT {_COLUMNS} FROM users WHERE lower(email) = lower($1) AND email IS NOT NULL",
            email,
        )
        if row is None:
            raise NotFoundError("user", email)
        return _from_row(row)

    async def set_plan(self, user_id: UUID, plan: Plan) -> User:
        """Changes what an account has subscribed to. Raises NotFoundError."""
        row = await self._database.fetchrow(
            f"UPDATE users SET plan = $2 WHERE id = $1 RETURNING {_COLUMNS}", user_id, plan.value
        )
        if row is None:
            raise NotFoundError("user", user_id)
        return _from_row(row)


def _from_row(row: Row) -> User:
    values = dict(row)
    return User(**{**values, "role": Role(values["role"]), "plan": Plan(values["plan"])})
