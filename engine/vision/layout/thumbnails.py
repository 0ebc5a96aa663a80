"""Makes links of the thumbnails of linked titles."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.wrapping import wrap

_PICTURES = {node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_ICON}
_LEAST_WORDS = 2
# The sides of a picture that is a thumbnail, and how far from it its title stands at most, in
# pixels.
_SMALLEST, _LARGEST, _BESIDE = 40.0, 96.0, 48.0


def link_thumbnails(page: Item) -> None:
    """Puts links around the small pictures that stand beside linked titles."""
    titles = [text for text in page.texts() if _is_linked_title(text)]
    for item in list(_outside_tables(page)):
        for child in list(item.children):
            if _is_thumbnail(child) and any(_goes_with(child, title) for title in titles):
                wrap(child, item, node_pb2.NODE_KIND_LINK)


def _outside_tables(item: Item) -> list[Item]:
    """Returns an item and what lies in it, but for tables, navigation and controls."""
    held = item.kind in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_LINK}
    if held or item.arrangement is Arrangement.TABLE:
        return []
    if item.node.role == node_pb2.SEMANTIC_ROLE_NAV:
        return []
    return [item, *(part for child in item.children for part in _outside_tables(child))]


def _is_linked_title(item: Item) -> bool:
    linked = item.kind == node_pb2.NODE_KIND_LINK or (
        item.kind == node_pb2.NODE_KIND_HEADING and any(run.link for run in item.node.runs)
    )
    return linked and item.surface is None and len(item.node.text.split()) >= _LEAST_WORDS


def _is_thumbnail(item: Item) -> bool:
    small = min(item.box.w, item.box.h) >= _SMALLEST and max(item.box.w, item.box.h) <= _LARGEST
    return item.kind in _PICTURES and small and not item.children


def _goes_with(picture: Item, title: Item) -> bool:
    """Returns whether a picture stands beside a title; a round one is no portrait of its author."""
    box, words = picture.box, title.box
    portrait = picture.node.media.circular and title.kind != node_pb2.NODE_KIND_HEADING
    gap = max(words.x - box.right, box.x - words.right)
    return 0 <= gap <= _BESIDE and box.y <= words.center_y <= box.bottom and not portrait
