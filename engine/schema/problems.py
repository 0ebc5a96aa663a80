"""Collects problems while the rules run."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2 as pb

ERROR = pb.PROBLEM_SEVERITY_ERROR
WARNING = pb.PROBLEM_SEVERITY_WARNING


class Problems:
    """A list of problems that rules add to.

    Paths name JSON fields, as in "root.children[2].style.color.token".
    """

    def __init__(self) -> None:
        self._found: list[pb.SchemaProblem] = []
        self._seen: set[tuple[str, str, str]] = set()

    def error(self, path: str, rule: str, message: str) -> None:
        """Records a problem that stops code generation."""
        self._add(path, ERROR, rule, message)

    def warning(self, path: str, rule: str, message: str) -> None:
        """Records a problem that code generation can live with."""
        self._add(path, WARNING, rule, message)

    def sorted(self) -> list[pb.SchemaProblem]:
        """Returns the problems, errors first, else in the order in which they were found."""
        return sorted(self._found, key=lambda problem: -problem.severity)

    def _add(
        self, path: str, severity: pb.ProblemSeverity.ValueType, rule: str, message: str
    ) -> None:
        if (path, rule, message) in self._seen:
            return
        self._seen.add((path, rule, message))
        self._found.append(
            pb.SchemaProblem(path=path, severity=severity, rule=rule, message=message)
        )
