"""Lists a page's sections with what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.layout.item import Item

_LANDMARKS = {
    node_pb2.SEMANTIC_ROLE_HEADER: "header",
    node_pb2.SEMANTIC_ROLE_FOOTER: "footer",
    node_pb2.SEMANTIC_ROLE_HERO: "hero",
    node_pb2.SEMANTIC_ROLE_ASIDE: "aside",
}
_TOPICS = (
    ("pricing", ("pricing", "price", "plan", "plans", "/mo", "/month", "per month")),
    ("testimonials", ("testimonial", "testimonials", "customers say", "reviews")),
    ("faq", ("faq", "questions")),
    ("team", ("team", "heroes", "our people")),
    ("contact", ("contact", "get in touch", "newsletter", "subscribe")),
    ("blog", ("blog", "news", "posts", "articles", "stories")),
    ("features", ("feature", "features", "why", "what we", "services", "what i")),
    ("gallery", ("portfolio", "gallery", "projects", "our work")),
)


def list_sections(root: Item) -> list[canonical_schema_pb2.Section]:
    """Returns the sections of a laid out page from top to bottom; at least one."""
    found = [_section(item, primary=False) for item in _section_items(root)]
    if not found:
        found = [_section(root, primary=True)]
    if not any(section.role in {"primary", "hero"} for section in found):
        plain = [section for section in found if section.role == "secondary"]
        if plain:
            plain[0].role = "primary"
    return found


def _section_items(root: Item) -> Iterator[Item]:
    wanted = {*_LANDMARKS, node_pb2.SEMANTIC_ROLE_SECTION}
    for item in root.children:
        beside = item.node.role == node_pb2.SEMANTIC_ROLE_UNSPECIFIED
        if beside or item.node.role == node_pb2.SEMANTIC_ROLE_MAIN:
            yield from _section_items(item)
        elif item.node.role in wanted:
            yield item
            yield from (
                child
                for child in item.children
                if child.node.role in wanted and item.node.role not in _LANDMARKS
            )


def _section(item: Item, *, primary: bool) -> canonical_schema_pb2.Section:
    section = canonical_schema_pb2.Section(id=item.node.id, node_id=item.node.id)
    section.layout = layout_kind(item)
    section.asymmetric = _asymmetric(item)
    topic = topic_of(item)
    section.role = "primary" if primary else _LANDMARKS.get(item.node.role) or topic or "secondary"
    section.description = _describe(item, section.role)
    return section


def topic_of(item: Item) -> str:
    """Returns what a section is about as its headings say it; empty when they do not."""
    words = " ".join(text.node.text.lower() for text in item.texts() if text.node.heading_level)
    for topic, signs in _TOPICS:
        if any(f" {sign} " in f" {words} " for sign in signs):
            return topic
    return ""


def layout_kind(item: Item) -> canonical_schema_pb2.LayoutKind.ValueType:
    """Returns the LayoutKind that an item's containers use."""
    displays = {
        part.node.layout.display
        for part in item.walk()
        if part.node.layout.display and part.children
    }
    grid, flex = node_pb2.DISPLAY_GRID in displays, node_pb2.DISPLAY_FLEX in displays
    if grid and flex:
        return canonical_schema_pb2.LAYOUT_KIND_HYBRID
    return canonical_schema_pb2.LAYOUT_KIND_GRID if grid else canonical_schema_pb2.LAYOUT_KIND_FLEX


def _asymmetric(item: Item) -> bool:
    part = item
    while len(part.children) == 1:
        part = part.children[0]
    for candidate in [part, *part.children]:
        if candidate.node.layout.column_tracks and len(candidate.children) > 1:
            widths = [child.box.w for child in candidate.children]
            return max(widths) > 1.1 * min(widths)
    return False


def _describe(item: Item, role: str) -> str:
    title = next((text.node.text for text in item.texts() if text.node.heading_level), "")
    counts: dict[str, int] = {}
    names = (
        (node_pb2.NODE_KIND_BUTTON, "button"),
        (node_pb2.NODE_KIND_IMAGE, "picture"),
        (node_pb2.NODE_KIND_INPUT, "form field"),
        (node_pb2.NODE_KIND_TABLE, "table"),
        (node_pb2.NODE_KIND_CHART, "chart"),
        (node_pb2.NODE_KIND_LINK, "link"),
    )
    for part in item.walk():
        for kind, name in names:
            if part.kind == kind:
                counts[name] = counts.get(name, 0) + 1
    columns = max((part.node.layout.columns for part in item.walk()), default=0)
    pieces = [f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items()]
    holds = f" with {', '.join(pieces)}" if pieces else ""
    grid = f", in up to {columns} columns" if columns > 1 else ""
    head = f': "{title[:60]}"' if title else ""
    return f"{role.capitalize()}{head}{holds}{grid}."
