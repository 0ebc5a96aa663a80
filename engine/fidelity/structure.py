"""Whether the node tree says what the page is made of, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.fidelity.boxes import F1, match
from engine.geometry import Box

# The kinds that the specification scores.
KINDS = ("heading", "link", "button", "input", "image", "nav", "header", "footer")
_LANDMARKS = frozenset({"nav", "header", "footer"})
# What opens a page below its bar: a header to some authors, a section to others.
_HERO = "hero"
_LABELLED = frozenset({"heading", "link", "button"})

_IOU_LEAST = 0.5
_LABEL_LEAST = 0.7
# Labels of icon fonts carry the icons' names, so the visible label is only a part.
_CONTAINED_LEAST = 3
_STRIPE_LEAST = 0.7
_CONTENT_LEAST = 0.6
_CONTENT_SLACK = 0.15
_PART_LEAST = 0.9
_SHARED_HEIGHT_LEAST = 0.5
# How much of the smaller of a made element and an original without paint both take along either
# axis, and how near they are in the middle, as a share of the original's size.
_WITHIN_LEAST, _MIDDLE = 0.9, 0.25
# How much of an original text must lie in a node to be that node's text.
_TEXT_SHARE_LEAST = 0.3

_KIND_OF_NODE = {
    node_pb2.NODE_KIND_HEADING: "heading",
    node_pb2.NODE_KIND_LINK: "link",
    node_pb2.NODE_KIND_BUTTON: "button",
    node_pb2.NODE_KIND_INPUT: "input",
    node_pb2.NODE_KIND_IMAGE: "image",
    node_pb2.NODE_KIND_CHART: "image",
}
_KIND_OF_ROLE = {
    node_pb2.SEMANTIC_ROLE_NAV: "nav",
    node_pb2.SEMANTIC_ROLE_HEADER: "header",
    node_pb2.SEMANTIC_ROLE_FOOTER: "footer",
    node_pb2.SEMANTIC_ROLE_HERO: _HERO,
}


@dataclass(frozen=True, slots=True)
class Element:
    """Something of a kind in `KINDS`, with its visible label if it has one.

    `or_kind` is a second kind that fits as well: a link that looks like a
    button, or a button that looks like a link. `padded` is true when the box is
    larger than what can be seen of it: a control that is neither filled nor
    bordered.
    """

    kind: str
    box: Box
    label: str = ""
    or_kind: str = ""
    padded: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Boxes laid out in columns; `cells` are in document order."""

    box: Box
    columns: int
    cells: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """What is known of a page's structure. `texts` are in reading order."""

    elements: tuple[Element, ...]
    sections: tuple[Box, ...]
    grids: tuple[Grid, ...]
    texts: tuple[Box, ...]
    # Finer stripes that may stand for sections, too.
    subsections: tuple[Box, ...] = field(default=())
    # Everything whose cells' order is known, grids among them.
    flows: tuple[Grid, ...] = field(default=())


def structure_of(schema: canonical_schema_pb2.CanonicalSchema) -> Structure:
    """Returns what a schema's node tree says."""
    nodes = list(_walk(schema.root))
    by_id = {node.id: node for node in nodes}
    return Structure(
        elements=tuple(element for node in nodes for element in _elements(node)),
        sections=tuple(
            bounds_box(by_id[section.node_id].bounds)
            for section in schema.sections
            if section.node_id in by_id
        ),
        grids=tuple(
            Grid(bounds_box(node.bounds), _columns(node), _cells(node))
            for node in nodes
            if len(node.children) > 1
        ),
        texts=tuple(bounds_box(node.bounds) for node in nodes if node.text),
    )


def bounds_box(bounds: node_pb2.Bounds) -> Box:
    """Returns the bounds of a node as a box."""
    return Box(bounds.x, bounds.y, bounds.width, bounds.height)


def kinds_f1(made: Structure, original: Structure) -> Mapping[str, F1]:
    """Returns the F1 of each kind in `KINDS`.

    Landmarks are compared by the texts they hold, as a bar and the list in it
    are the same navigation. One that takes the place of another landmark of
    the original (a header around a bar that the original calls nav) is excused.
    A hero stands for the original's header where that is what it holds.
    """
    result = {}
    wanted = [_settled(element, made.elements) for element in original.elements]
    landmarks = [element for element in original.elements if element.kind in _LANDMARKS]
    texts = original.texts

    def likeness(first: Element, second: Element) -> float:
        if second.kind in _LANDMARKS:
            return _landmark_likeness(first.box, second.box, texts)
        return _element_likeness(first, second)

    for kind in KINDS:
        ours = [element for element in made.elements if _stands_for(element, kind)]
        theirs = [element for element in wanted if element.kind == kind]
        matching = match(ours, theirs, likeness)
        wrong = len(matching.only_made)
        if kind in _LANDMARKS:
            wrong = sum(
                ours[index].kind != _HERO
                and not any(likeness(ours[index], other) for other in landmarks)
                for index in matching.only_made
            )
        hits = len(matching.pairs)
        result[kind] = F1(hits, hits + wrong, len(theirs))
    return result


def _stands_for(element: Element, kind: str) -> bool:
    return element.kind == kind or (element.kind == _HERO and kind == "header")


def sections_f1(made: Structure, original: Structure) -> F1:
    """Returns the F1 of sections, matched by the stripe of the page they take.

    Sections that equal one of the original's subsections are excused.
    """
    matching = match(made.sections, original.sections, _stripe_likeness)
    wrong = sum(
        not any(_stripe_likeness(made.sections[index], sub) for sub in original.subsections)
        for index in matching.only_made
    )
    hits = len(matching.pairs)
    return F1(hits, hits + wrong, len(original.sections))


def grids_right(made: Structure, original: Structure) -> tuple[int, int]:
    """Returns how many of the original's grids have the right number of columns, of how many.

    Grids are told apart by the texts and pictures they hold, as the space
    around cells may belong to either the cells or the gaps.
    """
    points = [*original.texts, *(e.box for e in original.elements if e.kind == "image")]
    ours = [(item, _held(item.box, points)) for item in made.grids]
    right = wanted = 0
    for grid in original.grids:
        held = _held(grid.box, points)
        if not held:
            continue
        wanted += 1
        best = max((_jaccard(held, other) for _, other in ours), default=0.0)
        # Wrappers hold what they wrap; any of them may be the grid.
        least = max(_CONTENT_LEAST, best - _CONTENT_SLACK)
        right += any(
            item.columns == grid.columns
            and (_jaccard(held, other) >= least or _continues(item, grid, held, points))
            for item, other in ours
        )
    return right, wanted


def order_agreement(made: Structure, original: Structure) -> float | None:
    """Returns the share of pairs of texts that are read in the original's order.

    Only pairs whose order is certain count: cells of one grid, or texts above
    each other. None when there are none.
    """
    places = [_place(made.texts, box) for box in original.texts]
    agreed = total = 0
    for i, first in enumerate(original.texts):
        for j in range(i + 1, len(original.texts)):
            a, b = places[i], places[j]
            if a is None or b is None or a == b:
                continue
            sign = _certain_order(first, original.texts[j], original.flows)
            if sign:
                total += 1
                agreed += (a < b) == (sign < 0)
    return agreed / total if total else None


def _walk(node: node_pb2.Node) -> Iterator[node_pb2.Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _elements(node: node_pb2.Node) -> Iterator[Element]:
    box = bounds_box(node.bounds)
    kind = _KIND_OF_NODE.get(node.kind)
    if kind:
        yield Element(kind, box, node.text or _text_below(node))
    role = _KIND_OF_ROLE.get(node.role)
    if role:
        yield Element(role, box)
    if node.style.background.HasField("image"):
        yield Element("image", box)
    if kind != "link":
        for run in node.runs:
            if run.link:
                yield Element("link", box, run.text)


def _text_below(node: node_pb2.Node) -> str:
    return " ".join(item.text for item in _walk(node) if item.text)


def _cells(node: node_pb2.Node) -> tuple[Box, ...]:
    return tuple(bounds_box(child.bounds) for child in node.children)


def _columns(node: node_pb2.Node) -> int:
    if node.layout.display == node_pb2.DISPLAY_GRID and node.layout.columns:
        return node.layout.columns
    return columns_of(_cells(node))


def columns_of(boxes: Sequence[Box]) -> int:
    """Returns the most boxes that stand side by side in one row."""
    return max(
        (
            sum(_shared_height(box, other) > _SHARED_HEIGHT_LEAST for other in boxes)
            for box in boxes
        ),
        default=0,
    )


def _shared_height(first: Box, second: Box) -> float:
    """Returns the shared height as a share of the smaller one."""
    shared = min(first.bottom, second.bottom) - max(first.y, second.y)
    least = min(first.h, second.h)
    return max(shared, 0.0) / least if least else 0.0


def _element_likeness(made: Element, original: Element) -> float:
    iou = made.box.iou(original.box)
    if made.kind in _LABELLED and made.label and original.label:
        touching = made.box.intersection(original.box) > 0
        return 1 + iou if touching and _same_label(made.label, original.label) else 0.0
    if iou >= _IOU_LEAST or (original.padded and _fills(made, original)):
        return iou
    return 0.0


def _fills(made: Element, original: Element) -> bool:
    """Returns whether what was made is what can be seen of a control without paint.

    It lies in the control's box: in its middle, or anywhere for a mark with its
    label. A box of one line may be lower than the sign on it.
    """
    box, outer = made.box, original.box
    width = min(box.right, outer.right) - max(box.x, outer.x)
    height = min(box.bottom, outer.bottom) - max(box.y, outer.y)
    if width < _WITHIN_LEAST * min(box.w, outer.w) or height < _WITHIN_LEAST * min(box.h, outer.h):
        return False
    if original.kind == "input" and box.area > outer.area:
        return False
    across = abs(box.center_x - outer.center_x) <= _MIDDLE * outer.w
    along = abs(box.center_y - outer.center_y) <= _MIDDLE * outer.h
    return original.kind == "input" or (across and along)


def _settled(element: Element, made: Sequence[Element]) -> Element:
    """Returns the element with the one of its two kinds that it was taken for."""
    if not element.or_kind:
        return element
    other = replace(element, kind=element.or_kind)
    if any(_element_likeness(item, element) for item in made if item.kind == element.kind):
        return element
    taken = any(_element_likeness(item, other) for item in made if item.kind == other.kind)
    return other if taken else element


def _same_label(made: str, original: str) -> bool:
    """Returns whether two labels are one, give or take an icon's name or a misread sign."""
    first, second = made.lower(), original.lower()
    if len(first) >= _CONTAINED_LEAST and first in second:
        return True
    ratio = SequenceMatcher(None, first, second, autojunk=False).ratio()
    return ratio >= _LABEL_LEAST


def _landmark_likeness(made: Box, original: Box, texts: Sequence[Box]) -> float:
    shared = _jaccard(_held(made, texts), _held(original, texts))
    likeness = max(shared, made.iou(original))
    return likeness if likeness >= _IOU_LEAST else 0.0


def _continues(made: Grid, original: Grid, held: frozenset[int], points: Sequence[Box]) -> bool:
    """Returns whether `original` is a part of `made`: rows of a longer grid or table.

    Then no cell of `made` holds anything of two cells of `original`.
    """
    ours = [_held(cell, points) & held for cell in made.cells]
    if len(frozenset[int]().union(*ours)) < _PART_LEAST * len(held):
        return False
    theirs = [_held(cell, points) for cell in original.cells]
    return all(sum(bool(cell & other) for other in theirs) <= 1 for cell in ours)


def _held(outer: Box, points: Sequence[Box]) -> frozenset[int]:
    return frozenset(index for index, box in enumerate(points) if _holds(outer, box))


def _jaccard(first: frozenset[int], second: frozenset[int]) -> float:
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def _holds(outer: Box, inner: Box) -> bool:
    return outer.x <= inner.center_x <= outer.right and outer.y <= inner.center_y <= outer.bottom


def _stripe_likeness(made: Box, original: Box) -> float:
    shared = min(made.bottom, original.bottom) - max(made.y, original.y)
    union = max(made.bottom, original.bottom) - min(made.y, original.y)
    ratio = shared / union if union else 0.0
    across = min(made.right, original.right) - max(made.x, original.x)
    return ratio if ratio >= _STRIPE_LEAST and across > 0 else 0.0


def _place(texts: Sequence[Box], box: Box) -> int | None:
    if not box.area:
        return None
    best, place = _TEXT_SHARE_LEAST, None
    for index, other in enumerate(texts):
        share = box.intersection(other) / box.area
        if share > best:
            best, place = share, index
    return place


def _certain_order(first: Box, second: Box, grids: Sequence[Grid]) -> int:
    """Returns -1 when `first` is read first, 1 when `second` is, 0 when it is not certain."""
    smallest: tuple[float, int] | None = None
    for grid in grids:
        a = _cell(grid, first)
        b = _cell(grid, second)
        if a is None or b is None or a == b:
            continue
        if smallest is None or grid.box.area < smallest[0]:
            smallest = (grid.box.area, -1 if a < b else 1)
    if smallest:
        return smallest[1]
    across = min(first.right, second.right) - max(first.x, second.x)
    if across <= 0:
        return 0
    if first.bottom <= second.y:
        return -1
    return 1 if second.bottom <= first.y else 0


def _cell(grid: Grid, box: Box) -> int | None:
    for index, cell in enumerate(grid.cells):
        if _holds(cell, box):
            return index
    return None
