"""A streaming replica of the stack's PostgreSQL."""

from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.parts.postgres import DATABASE, USER, Postgres
from deploy.embedded.ports import HOST


class PostgresReplica(Postgres):
    """Follows the primary from a base backup that is taken at the first start.

    It has no replication slot, so that the primary holds back no log for a replica that is
    never started again; one that missed too much is made anew when its folder is deleted.
    """

    name = "postgres-replica"
    needs = ("postgres",)

    def listeners(self) -> Mapping[str, int]:
        """The port after the primary's."""
        return {"main": 5433}

    async def create(self, programs: Path, draft: Path) -> None:
        """Copies the primary to `draft`."""
        primary = {
            "host": HOST,
            "port": self.site.port("postgres"),
            "user": USER,
            "password": self.site.secrets.database_password,
            "dbname": DATABASE,
        }
        await self.run(
            str(programs / "pg_basebackup"),
            f"--pgdata={draft}",
            "--dbname=" + " ".join(f"{name}={value}" for name, value in primary.items()),
            "--checkpoint=fast",
            "--write-recovery-conf",
            *([] if self.site.durable else ["--no-sync"]),
        )

    def exports(self) -> Mapping[str, str]:
        """Has reads that may be stale go here."""
        return {"DATABASE_READ_URL": self.url}
