"""The published short spelling of enum values: "css-gradient" for BACKGROUND_TYPE_CSS_GRADIENT."""

from __future__ import annotations

from google.protobuf.descriptor import EnumDescriptor


def prefix(enum: EnumDescriptor) -> str:
    """Returns the prefix that the values of `enum` share, as buf's style asks for."""
    # Taken from the value for "not set", because a name such as ZIndexStrategy splits in two ways.
    return enum.values_by_number[0].name.removesuffix("UNSPECIFIED")


def short_name(enum: EnumDescriptor, number: int) -> str | None:
    """Returns the short spelling of a value; None for "not set" and for unknown numbers."""
    value = enum.values_by_number.get(number)
    if value is None or number == 0:
        return None
    return value.name.removeprefix(prefix(enum)).lower().replace("_", "-")


def short_names(enum: EnumDescriptor) -> list[str]:
    """Returns the short spellings of all values, in the order of their definition."""
    names = (short_name(enum, value.number) for value in enum.values)
    return [name for name in names if name is not None]


def number_of(enum: EnumDescriptor, spelling: str) -> int | None:
    """Returns the number that either spelling stands for, or None when there is none."""
    full = enum.values_by_name.get(spelling)
    if full is not None:
        return full.number
    name = prefix(enum) + spelling.strip().upper().replace("-", "_").replace(" ", "_")
    value = enum.values_by_name.get(name)
    return None if value is None else value.number
