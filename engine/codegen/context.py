"""What building an element needs to know about the schema around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen.element import BREAKPOINT_PX
from engine.codegen.headings import heading_levels
from engine.codegen.options import CodegenOptions
from engine.codegen.room import rooms
from engine.codegen.tokens import Tokens
from engine.schema.tree import walk

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_DEFAULT_WIDTH = 1280.0


class Context:
    """The schema's cross references, its tokens, and the ids that are taken.

    `source` is the condition from which on the layout is that of the source:
    the widest breakpoint that is not wider than the source's viewport.
    """

    def __init__(
        self, schema: canonical_schema_pb2.CanonicalSchema, options: CodegenOptions
    ) -> None:
        self.schema = schema
        self.options = options
        self.width = _source_width(schema)
        self.source = max(
            (name for name, px in BREAKPOINT_PX.items() if px <= self.width),
            key=lambda name: BREAKPOINT_PX[name],
        )
        self.tokens = Tokens(schema.css_variables, self.width)
        self.levels: Mapping[str, int] = heading_levels(schema.root)
        self.exceptions: list[str] = []
        self._rules: dict[str, list[canonical_schema_pb2.ResponsiveRule]] = {}
        for rule in schema.responsive_rules:
            self._rules.setdefault(rule.node_id, []).append(rule)
        self._sections = {
            section.node_id: section for section in schema.sections if section.node_id
        }
        self._labels: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._ids: set[str] = set()
        self._collect_labels(schema.root)
        self._rooms = rooms(schema.root)

    def section(self, node: node_pb2.Node) -> canonical_schema_pb2.Section | None:
        """Returns the section that `node` is the root of."""
        return self._sections.get(node.id)

    def columns(self, node: node_pb2.Node, breakpoint_: int) -> int | None:
        """Returns the columns that a rule gives `node` at a viewport class; None without one."""
        for rule in self._rules.get(node.id, ()):
            if rule.breakpoint == breakpoint_ and rule.columns:
                return rule.columns
        return None

    def hidden(self, node: node_pb2.Node, breakpoint_: int) -> bool:
        """Returns whether a rule hides `node` at a viewport class."""
        hide = canonical_schema_pb2.RESPONSIVE_ACTION_HIDE
        return any(
            rule.breakpoint == breakpoint_ and rule.action == hide
            for rule in self._rules.get(node.id, ())
        )

    def room(self, node: node_pb2.Node) -> float:
        """Returns the width in pixels that a container has for its content in the source."""
        return self._rooms[node.id]

    def label_target(self, node: node_pb2.Node) -> str | None:
        """Returns the element id of the input that `node` is the label of."""
        return self._labels.get(node.id)

    def input_id(self, node: node_pb2.Node) -> str | None:
        """Returns the element id of an input that a visible label refers to."""
        return self._labels.get(node.control.label_node_id) if node.control.label_node_id else None

    def words_of_label(self, target: str) -> str:
        """Returns the text of the label of the input with an element id."""
        return next((self._texts[n] for n, known in self._labels.items() if known == target), "")

    def new_id(self, text: str, fallback: str) -> str:
        """Returns an element id that reads like `text` and is unique on the page."""
        base = slug(text) or fallback
        base = base if base[0].isalpha() else f"{fallback}-{base}"
        name, count = base, 1
        while name in self._ids:
            count += 1
            name = f"{base}-{count}"
        self._ids.add(name)
        return name

    def _collect_labels(self, root: node_pb2.Node) -> None:
        texts = {visit.node.id: visit.node.text for visit in walk(root)}
        for visit in walk(root):
            label = visit.node.control.label_node_id
            if label and label not in self._labels:
                self._texts[label] = texts.get(label, "")
                self._labels[label] = self.new_id(texts.get(label, ""), "field")


def slug(text: str, words: int = 4) -> str:
    """Returns lower-case words joined by hyphens, at most `words` of them; "" for none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    parts = [part for part in _NOT_WORD.split(plain) if part]
    return "-".join(parts[:words])[:40].strip("-")


def _source_width(schema: canonical_schema_pb2.CanonicalSchema) -> float:
    if schema.viewports:
        return float(max(viewport.width for viewport in schema.viewports))
    return schema.root.bounds.width or _DEFAULT_WIDTH
