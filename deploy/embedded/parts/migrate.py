"""The database migrations, applied before any server starts."""

import sys
from collections.abc import Mapping, Sequence

from deploy.embedded.part import Part


class Migrate(Part):
    """Runs `structra db migrate` once."""

    name = "migrate"
    needs = ("postgres",)
    one_shot = True

    def command(self) -> Sequence[str]:
        """The command that operators run too."""
        return [sys.executable, "-m", "structra_client.cli.main", "db", "migrate"]

    def environment(self) -> Mapping[str, str]:
        """Points it at the database."""
        return self.site.settings
