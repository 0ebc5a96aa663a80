"""Where a stack lives: its folder, its ports, its secrets."""

from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.folder import Secrets
from deploy.embedded.ports import HOST

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """Where a stack lives: its folder, its ports and its secrets.

    Attributes:
        folder: The state folder.
        secrets: The generated secrets of this folder.
        durable: False gives up crash safety for speed, for tests.
        ports: The port of each `part.role`, filled before any part starts.
        settings: What server and workers are configured with (names of DESIGN.md §11).
    """

    folder: Path
    secrets: Secrets
    durable: bool = True
    ports: dict[str, int] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def port(self, part: str, role: str = "main") -> int:
        """The port of a part's listener."""
        return self.ports[f"{part}.{role}"]

    def address(self, part: str, role: str = "main") -> str:
        """`host:port` of a part's listener."""
        return f"{HOST}:{self.port(part, role)}"

    def log(self, part: str) -> Path:
        """The log file of a part."""
        return self.folder / "logs" / f"{part}.log"
