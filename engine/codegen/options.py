"""What callers of code generation give and get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from structra.v1 import canonical_schema_pb2, code_service_pb2


@dataclass(frozen=True, slots=True)
class CodegenOptions:
    """Says how code is to be generated.

    `tailwind_version` is 3 or 4, for the targets on Tailwind. `fragment` leaves
    out the document around the page. `assets` holds picture files by the path
    that the schema's media name (`Media.asset`); pictures without one become
    placeholders of their size and colour.
    """

    tailwind_version: int = 4
    fragment: bool = False
    assets: Mapping[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.tailwind_version not in {3, 4}:
            raise ValueError(f"Tailwind {self.tailwind_version} is not supported; use 3 or 4.")


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """One generated file; `content` is text (UTF-8, lines ending in a line feed) or bytes."""

    path: str
    media_type: str
    content: str | bytes

    def to_proto(self) -> code_service_pb2.CodeFile:
        """Returns the file as a message."""
        file = code_service_pb2.CodeFile(path=self.path, media_type=self.media_type)
        if isinstance(self.content, str):
            file.text = self.content
        else:
            file.data = self.content
        return file


class CodegenError(ValueError):
    """Base of what code generation raises. `reason` is stable."""

    reason = "CODE_GENERATION_FAILED"


class UnsupportedTargetError(CodegenError):
    """There is no such target.

    Attributes:
        target: What was asked for.
        supported: The targets that there are.
    """

    reason = "UNSUPPORTED_TARGET"

    def __init__(self, target: str, supported: Sequence[str]) -> None:
        super().__init__(f'There is no target "{target}"; use one of {", ".join(supported)}.')
        self.target = target
        self.supported = tuple(supported)


class InvalidSchemaError(CodegenError):
    """The schema has errors.

    Attributes:
        problems: All problems, errors first.
    """

    reason = "INVALID_SCHEMA"

    def __init__(self, problems: Sequence[canonical_schema_pb2.SchemaProblem]) -> None:
        first = problems[0]
        more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
        super().__init__(f"{first.path}: {first.message}{more}")
        self.problems = list(problems)
