"""Recognises components: structures that a page repeats, and its landmarks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.layout.item import Arrangement, Item
from engine.vision.likeness import Signature, alike, signature
from engine.vision.sections import topic_of

_LANDMARKS = {
    node_pb2.SEMANTIC_ROLE_HEADER: ("SiteHeader", "Heads every page: brand and navigation."),
    node_pb2.SEMANTIC_ROLE_FOOTER: ("SiteFooter", "Closes every page: links and notices."),
    node_pb2.SEMANTIC_ROLE_HERO: ("Hero", "Opens the page with its main message."),
}
_TOPIC_NAMES = {
    "pricing": "Pricing",
    "testimonials": "Testimonial",
    "faq": "Question",
    "team": "TeamMember",
    "blog": "Post",
    "features": "Feature",
    "gallery": "Project",
}
_WORD = re.compile(r"[A-Za-z]+")
_GENERIC = frozenset(
    ["the", "a", "an", "our", "your", "my", "of", "and", "to", "we", "is", "are", "in", "for"]
)


def find_components(
    root: Item, sections: Sequence[canonical_schema_pb2.Section]
) -> list[canonical_schema_pb2.Component]:
    """Returns the page's components and sets `Node.component` on their instances."""
    finder = _Finder({section.node_id: section.id for section in sections})
    finder.visit(root, sections[0].id if sections else "", "")
    return finder.found


class _Finder:
    def __init__(self, sections: dict[str, str]) -> None:
        self._sections = sections
        self._known: dict[Signature, canonical_schema_pb2.Component] = {}
        self._names: set[str] = set()
        self.found: list[canonical_schema_pb2.Component] = []

    def visit(self, item: Item, section: str, topic: str) -> None:
        section = self._sections.get(item.node.id, section)
        topic = topic_of(item) or topic if item.node.id in self._sections else topic
        landmark = _LANDMARKS.get(item.node.role)
        if landmark and landmark[0] not in self._names:
            self._add(landmark[0], landmark[1], [item], section)
        for members in alike(item.children):
            self._repeat(item, members, section, topic)
        for child in item.children:
            self.visit(child, section, topic)

    def _repeat(self, parent: Item, members: list[Item], section: str, topic: str) -> None:
        marks = [signature(member) for member in members]
        known = next((self._known[mark] for mark in marks if mark in self._known), None)
        if known is None:
            name = self._free(_name(parent, members[0], topic))
            what = _responsibility(members[0], len(members))
            known = self._add(name, what, members, section)
        else:
            for member in members:
                member.node.component = known.name
                known.node_ids.append(member.node.id)
        for mark in marks:
            self._known.setdefault(mark, known)

    def _add(
        self, name: str, responsibility: str, members: Sequence[Item], section: str
    ) -> canonical_schema_pb2.Component:
        self._names.add(name)
        arranges = any(part.boxed or part.children for part in members[0].children)
        component = canonical_schema_pb2.Component(
            name=name,
            type=canonical_schema_pb2.COMPONENT_TYPE_CONTAINER
            if arranges
            else canonical_schema_pb2.COMPONENT_TYPE_PRESENTATIONAL,
            responsibility=responsibility,
            reusable=len(members) > 1,
            parent_section=section,
            node_ids=[member.node.id for member in members],
        )
        for member in members:
            member.node.component = name
        self.found.append(component)
        return component

    def _free(self, name: str) -> str:
        candidate, count = name, 1
        while candidate in self._names:
            count += 1
            candidate = f"{name}{count}"
        return candidate


def _name(parent: Item, member: Item, topic: str) -> str:
    if member.node.role == node_pb2.SEMANTIC_ROLE_TABLE_ROW:
        return "TableRow"
    if member.boxed and all(child.kind == node_pb2.NODE_KIND_BUTTON for child in member.children):
        return "ButtonGroup"
    suffix = "Card" if member.surface is not None and member.boxed else "Item"
    if member.arrangement is Arrangement.ROW and suffix == "Item":
        suffix = "Row"
    if parent.node.role == node_pb2.SEMANTIC_ROLE_NAV:
        return "NavItem"
    if topic in _TOPIC_NAMES:
        return f"{_TOPIC_NAMES[topic]}{suffix}"
    kinds = {part.kind for part in member.walk()}
    if node_pb2.NODE_KIND_INPUT in kinds:
        return "FormField" if suffix != "Card" else "FormCard"
    if node_pb2.NODE_KIND_CHART in kinds:
        return f"Chart{suffix}"
    if node_pb2.NODE_KIND_IMAGE in kinds:
        return f"Media{suffix}"
    if node_pb2.NODE_KIND_ICON in kinds:
        return f"Icon{suffix}"
    heading = next((part.node.text for part in parent.texts() if part.node.heading_level), "")
    words = [word for word in _WORD.findall(heading) if word.lower() not in _GENERIC][:1]
    return f"{words[0].capitalize()}{suffix}" if words and len(words[0]) > 3 else f"Content{suffix}"


def _responsibility(member: Item, count: int) -> str:
    kinds = {part.kind for part in member.walk()}
    names = (
        (node_pb2.NODE_KIND_IMAGE, "a picture"),
        (node_pb2.NODE_KIND_ICON, "an icon"),
        (node_pb2.NODE_KIND_HEADING, "a title"),
        (node_pb2.NODE_KIND_TEXT, "text"),
        (node_pb2.NODE_KIND_CHART, "a chart"),
        (node_pb2.NODE_KIND_INPUT, "a form field"),
        (node_pb2.NODE_KIND_BUTTON, "a button"),
        (node_pb2.NODE_KIND_LINK, "a link"),
        (node_pb2.NODE_KIND_BADGE, "a badge"),
    )
    parts = [name for kind, name in names if kind in kinds] or ["content"]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Shows {listed}; {count} of them stand together."
