"""Makes the instances of a component alike where they differ by no more than perception's noise.

Each instance is measured on its own, so that what the page's author wrote once
comes out a pixel or a shade apart. Values of the same place in all instances
that lie close together become the one in their middle.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from google.protobuf.message import Message
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.color import SAME_COLOR, distance

# How far apart values may lie to be one: lengths in pixels, font sizes as a share of the
# largest, and line heights as a share of the font size.
_SAME_PX, _SAME_SIZE, _SAME_LINE = 1.0, 0.06, 0.08
# Fields of nodes that hold lengths, those along the page's height apart.
_ACROSS = (
    ("layout", "column_gap"), ("layout", "width"), ("layout", "max_width"),
    ("layout", "padding", "left"), ("layout", "padding", "right"),
    ("layout", "margin", "left"), ("layout", "margin", "right"), ("style", "radius"),
)  # fmt: skip
_ALONG = (
    ("layout", "row_gap"), ("layout", "height"),
    ("layout", "padding", "top"), ("layout", "padding", "bottom"),
    ("layout", "margin", "top"), ("layout", "margin", "bottom"),
)  # fmt: skip


def level_components(schema: canonical_schema_pb2.CanonicalSchema) -> None:
    """Evens out the instances of every reusable component of `schema`, in its node tree."""
    by_component: dict[str, list[node_pb2.Node]] = defaultdict(list)
    for node in _walk(schema.root):
        if node.component:
            by_component[node.component].append(node)
    for instances in by_component.values():
        for same in _by_shape(instances):
            for twins in zip(*map(_walk, same), strict=True):
                _level_look(twins)
            for row in _rows(same):
                example = max(row, key=lambda node: node.bounds.height)
                for node in row:
                    _follow(node, example)
        _level_look(instances)
        _level_headings([title for card in instances for title in _titles(card)[:1]])


def _walk(node: node_pb2.Node) -> Iterator[node_pb2.Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _by_shape(instances: Sequence[node_pb2.Node]) -> list[list[node_pb2.Node]]:
    """Returns the instances that hold the same, together."""
    shapes: dict[tuple[tuple[int, int], ...], list[node_pb2.Node]] = defaultdict(list)
    for node in instances:
        shapes[tuple((part.kind, len(part.children)) for part in _walk(node))].append(node)
    return list(shapes.values())


def _titles(node: node_pb2.Node) -> list[node_pb2.Node]:
    return [part for part in _walk(node) if part.heading_level]


def _rows(instances: Sequence[node_pb2.Node]) -> list[list[node_pb2.Node]]:
    """Returns the instances that begin at one height together."""
    rows: list[list[node_pb2.Node]] = []
    for node in sorted(instances, key=lambda node: node.bounds.y):
        if rows and node.bounds.y - rows[-1][0].bounds.y <= _SAME_PX:
            rows[-1].append(node)
        else:
            rows.append([node])
    return rows


def _level_look(twins: Sequence[node_pb2.Node]) -> None:
    """Evens out what does not change the height of nodes of the same place."""
    _level_headings([node for node in twins if node.heading_level])
    _level_weights([node.style.typography for node in twins if node.text])
    for colors_of in (_ink, _ground, _line, _drawing):
        _level_colors([color for node in twins for color in colors_of(node)])
    for field in _ACROSS:
        _level_values([length for node in twins for length in _length(node, field)])


def _follow(instance: node_pb2.Node, example: node_pb2.Node) -> None:
    """Gives an instance the heights of another one, unless any of them clearly differs.

    All of one instance's heights add up to its own; some of them would not.
    """
    pairs = list(zip(_walk(instance), _walk(example), strict=True))
    if not all(_as_high(own, other) for own, other in pairs):
        return
    for own, other in pairs:
        if own.text:
            own.style.typography.size.px = other.style.typography.size.px
            own.style.typography.line_height = other.style.typography.line_height
        for field in _ALONG:
            for length, wanted in zip(_length(own, field), _length(other, field), strict=True):
                length.px = wanted.px


def _as_high(own: node_pb2.Node, other: node_pb2.Node) -> bool:
    kind, wanted = own.style.typography, other.style.typography
    if own.text and (
        abs(kind.size.px - wanted.size.px) > _SAME_SIZE * wanted.size.px
        or abs(kind.line_height - wanted.line_height) > _SAME_LINE
    ):
        return False
    for field in _ALONG:
        lengths, others = list(_length(own, field)), list(_length(other, field))
        if len(lengths) != len(others):
            return False
        if lengths and abs(lengths[0].px - others[0].px) > _SAME_PX:
            return False
    return True


def _level_headings(titles: Sequence[node_pb2.Node]) -> None:
    """Gives titles one level, the lowest, so that one that heads a section stays a part of it."""
    for title in titles:
        title.heading_level = max(other.heading_level for other in titles)


def _level_weights(types: Sequence[node_pb2.Typography]) -> None:
    """Gives texts the weight that most of them have."""
    weights = Counter(kind.weight for kind in types)
    for weight, count in weights.items():
        if count > len(types) / 2:
            for kind in types:
                kind.weight = weight


def _level_values(lengths: Sequence[node_pb2.Length]) -> None:
    """Gives lengths that are nearly equal the one in their middle."""
    rest = sorted(lengths, key=lambda length: length.px)
    while rest:
        group = [length for length in rest if length.px <= rest[0].px + _SAME_PX]
        rest = rest[len(group) :]
        middle = group[len(group) // 2].px
        for length in group:
            length.px = middle


def _level_colors(colors: Sequence[node_pb2.Color]) -> None:
    """Gives colours near to a more frequent one that one's value."""
    rest = list(colors)
    while rest:
        usual = Counter(color.value for color in rest).most_common(1)[0][0]
        near = [color for color in rest if distance(color.value, usual) <= SAME_COLOR]
        rest = [color for color in rest if distance(color.value, usual) > SAME_COLOR]
        for color in near:
            color.value = usual


def _ink(node: node_pb2.Node) -> Iterator[node_pb2.Color]:
    if node.style.HasField("color"):
        yield node.style.color


def _ground(node: node_pb2.Node) -> Iterator[node_pb2.Color]:
    if node.style.background.HasField("color"):
        yield node.style.background.color


def _line(node: node_pb2.Node) -> Iterator[node_pb2.Color]:
    if node.style.border.HasField("color"):
        yield node.style.border.color


def _drawing(node: node_pb2.Node) -> Iterator[node_pb2.Color]:
    if node.kind == node_pb2.NODE_KIND_ICON and node.media.HasField("placeholder"):
        yield node.media.placeholder


def _length(node: node_pb2.Node, names: Sequence[str]) -> Iterator[node_pb2.Length]:
    """Yields the length at a path of fields below `node`, if it has it."""
    message: Message = node
    for name in names:
        if not message.HasField(name):
            return
        message = getattr(message, name)
    if isinstance(message, node_pb2.Length):
        yield message
