"""Makes lists of like items that follow each other."""

from __future__ import annotations

from collections import Counter

from structra.v1 import node_pb2

from engine.vision.layout.entries import is_entry
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.layout.spacing import gaps, near

_LEAST = 2
_LEAST_ICON_ROWS, _LEAST_ENTRIES = 3, 3
_PITCH_SLACK = 6.0


def mark_lists(page: Item) -> None:
    """Groups bulleted texts and rows of icon and text into lists; navigation is a list."""
    for item in list(page.walk()):
        if item.kind != node_pb2.NODE_KIND_CONTAINER:
            continue
        if item.node.role == node_pb2.SEMANTIC_ROLE_NAV:
            _whole(item)
        elif item.arrangement is Arrangement.COLUMN:
            _runs(item)


def _whole(nav: Item) -> None:
    """Makes a list of the entries of a navigation, when it holds nothing else."""
    flows = nav.arrangement in {Arrangement.ROW, Arrangement.COLUMN}
    if flows and len(nav.children) >= _LEAST_ENTRIES and all(map(is_entry, nav.children)):
        _make_list(nav)


def _runs(column: Item) -> None:
    out: list[Item] = []
    run: list[Item] = []
    for child in [*column.children, None]:
        if child is not None and _is_list_item(child) and _continues(run, child):
            run.append(child)
            continue
        out += _closed(run)
        run = [child] if child is not None and _is_list_item(child) else []
        if child is not None and not run:
            out.append(child)
    if len(out) < len(column.children):
        if len(out) == 1 and not column.boxed and not column.node.role:
            _make_list(column)
        else:
            column.children = out


def _closed(run: list[Item]) -> list[Item]:
    """Returns a finished run as one list, or as it is when it is too short."""
    least = _LEAST if run and run[0].text is not None else _LEAST_ICON_ROWS
    boxes = [item.box for item in run]
    if len(run) < least or not near(gaps(boxes, horizontal=False), _PITCH_SLACK):
        return run
    made = group(list(run), Arrangement.COLUMN)
    _make_list(made)
    return [made]


def _make_list(item: Item) -> None:
    item.node.kind = node_pb2.NODE_KIND_LIST
    item.node.confidence = 0.85
    markers = Counter(child.text.marker for child in item.children if child.text is not None)
    if markers:
        item.node.list_marker = markers.most_common(1)[0][0]
    for child in item.children:
        if child.node.role == node_pb2.SEMANTIC_ROLE_UNSPECIFIED:
            child.node.role = node_pb2.SEMANTIC_ROLE_LIST_ITEM


def _is_list_item(item: Item) -> bool:
    if item.text is not None:
        return bool(item.text.marker)
    if item.arrangement is not Arrangement.ROW or item.boxed or len(item.children) != 2:
        return False
    mark, text = item.children
    small = mark.kind == node_pb2.NODE_KIND_ICON and mark.box.h <= 32
    return small and text.kind in {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_LINK}


def _continues(run: list[Item], child: Item) -> bool:
    if not run:
        return True
    same = (run[-1].text is None) == (child.text is None)
    return same and abs(run[-1].box.x - child.box.x) <= _PITCH_SLACK
