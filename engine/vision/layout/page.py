"""One page, from percepts to a laid out node tree."""

from __future__ import annotations

from dataclasses import dataclass

from engine.vision.layout.actions import mark_actions
from engine.vision.layout.bands import divide
from engine.vision.layout.build import body_size, build_tree
from engine.vision.layout.cleaning import clean
from engine.vision.layout.credits import mark_credits
from engine.vision.layout.disclosures import mark_disclosures
from engine.vision.layout.edges import clip_corners, share_borders
from engine.vision.layout.fields import label_fields
from engine.vision.layout.flow import Flow
from engine.vision.layout.fragments import join_inline_code
from engine.vision.layout.heading_links import link_headings
from engine.vision.layout.headings import mark_headings
from engine.vision.layout.highlights import cut_highlights
from engine.vision.layout.item import Item
from engine.vision.layout.landmarks import keep_one_main, mark_landmarks
from engine.vision.layout.lattices import join_lattices
from engine.vision.layout.link_lists import mark_link_lists
from engine.vision.layout.links import mark_links
from engine.vision.layout.lists import mark_lists
from engine.vision.layout.naming import name_nodes
from engine.vision.layout.navigation import mark_navigation
from engine.vision.layout.pagination import mark_pagination
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.spacing import gaps
from engine.vision.layout.teasers import mark_teasers
from engine.vision.layout.thumbnails import link_thumbnails
from engine.vision.layout.top_row import mark_top_row
from engine.vision.layout.trails import mark_trails
from engine.vision.layout.type_scale import set_sizes
from engine.vision.layout.typeface import Typeface, choose_typefaces
from engine.vision.layout.typesetting import set_texts
from engine.vision.percepts import Family, Percepts


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page's tree after layout, with the facts that the schema is made from."""

    root: Item
    percepts: Percepts
    body_size: float
    typefaces: dict[Family, Typeface]


def lay_out(percepts: Percepts) -> LaidOutPage:
    """Returns the page's tree: arranged, with kinds, roles, ids and layouts."""
    cleaned = clean(percepts)
    percepts = share_borders(cut_highlights(join_lattices(join_inline_code(cleaned.percepts))))
    root = build_tree(percepts, cleaned.bullets)
    divide(root)
    size = body_size(percepts.lines)
    label_fields(root)
    mark_landmarks(root)
    keep_one_main(root)
    mark_navigation(root)
    mark_top_row(root)
    mark_trails(root)
    mark_headings(root, size)
    mark_teasers(root)
    mark_links(root)
    mark_link_lists(root)
    link_headings(root)
    mark_credits(root)
    mark_pagination(root)
    mark_lists(root)
    size = set_sizes(root, size)
    typefaces = choose_typefaces(percepts.lines)
    set_texts(root, typefaces)
    scale = SpacingScale.infer(_distances(root))
    Flow(scale).place(root, root.box)
    clip_corners(root)
    mark_disclosures(root)
    mark_actions(root)
    link_thumbnails(root)
    name_nodes(root)
    return LaidOutPage(root, percepts, size, typefaces)


def _distances(root: Item) -> list[float]:
    found: list[float] = []
    for item in root.walk():
        boxes = [child.box for child in item.children]
        for along in (False, True):
            found += [space for space in gaps(boxes, horizontal=along) if space > 0]
    return found
