"""Canonical schema in, code out: deterministic, from the schema alone."""

from engine.codegen.generate import TARGETS, Target, generate, generate_bundle
from engine.codegen.options import (
    CodegenError,
    CodegenOptions,
    GeneratedFile,
    InvalidSchemaError,
    UnsupportedTargetError,
)

__all__ = [
    "TARGETS",
    "CodegenError",
    "CodegenOptions",
    "GeneratedFile",
    "InvalidSchemaError",
    "Target",
    "UnsupportedTargetError",
    "generate",
    "generate_bundle",
]
