"""Fills the `${names}` of a parsed YAML document, strictly."""

import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"\$\{(\w+)\}")


class TemplateError(Exception):
    """The template and the values do not fit together.

    `missing` are names without a value, `unused` values without a place.
    """

    def __init__(self, missing: set[str], unused: set[str]) -> None:
        self.missing = missing
        self.unused = unused
        problems = []
        if missing:
            problems.append(f"no value for {', '.join(sorted(missing))}")
        if unused:
            problems.append(f"no place for {', '.join(sorted(unused))}")
        super().__init__("the Envoy template cannot be filled: " + "; ".join(problems))


def fill(document: Any, values: Mapping[str, Any]) -> Any:
    """Returns the document with each `${name}` replaced by its value.

    A value stands where a whole scalar was, so it may be a list or a mapping. A mapping's
    key and a list's entry whose value is None are left out.

    Raises:
        TemplateError: A name has no value, or a value has no place.
    """
    names = _names(document)
    if names != set(values):
        raise TemplateError(missing=names - set(values), unused=set(values) - names)
    return _fill(document, values)


def _names(node: Any) -> set[str]:
    match node:
        case dict():
            return set().union(*(_names(child) for child in node.values()))
        case list():
            return set().union(*(_names(child) for child in node))
        case str():
            found = _NAME.fullmatch(node)
            return {found[1]} if found else set()
        case _:
            return set()


def _fill(node: Any, values: Mapping[str, Any]) -> Any:
    match node:
        case dict():
            filled = {key: _fill(child, values) for key, child in node.items()}
            return {key: child for key, child in filled.items() if child is not None}
        case list():
            entries = [_fill(child, values) for child in node]
            return [entry for entry in entries if entry is not None]
        case str():
            found = _NAME.fullmatch(node)
            return values[found[1]] if found else node
        case _:
            return node
