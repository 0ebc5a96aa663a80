"""A small page as the offline analyzer would describe it, and readings of it."""

from __future__ import annotations

import copy
from typing import Any

from google.protobuf.json_format import ParseDict
from structra.v1.canonical_schema_pb2 import CanonicalSchema

from workers.ai.provider import DesignRequest, ModelImage

# The smallest PNG: one transparent pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def node(node_id: str, kind: str, box: tuple[int, int, int, int], **more: Any) -> dict[str, Any]:
    x, y, width, height = box
    return {
        "id": node_id,
        "kind": f"NODE_KIND_{kind.upper()}",
        "bounds": {"x": x, "y": y, "width": width, "height": height},
        "confidence": 0.8,
        "decision": {"role": "DECISION_ROLE_LOCAL", "reason": "Seen so."},
        **more,
    }


def offline() -> CanonicalSchema:
    """A header with a logo and two links, a hero with a title and a button, three cards."""
    cards = [
        node(
            f"card{i}",
            "container",
            (100 + 400 * i, 600, 360, 200),
            children=[
                node(f"card{i}-title", "text", (120 + 400 * i, 620, 200, 30), text=f"Plan {i}"),
                node(f"card{i}-price", "text", (120 + 400 * i, 660, 100, 30), text=f"${i}9"),
            ],
        )
        for i in range(3)
    ]
    root = node(
        "root",
        "container",
        (0, 0, 1280, 900),
        layout={"display": "DISPLAY_FLEX", "direction": "DIRECTION_COLUMN"},
        children=[
            node(
                "header",
                "container",
                (0, 0, 1280, 80),
                layout={"display": "DISPLAY_FLEX", "direction": "DIRECTION_ROW"},
                children=[
                    node("logo", "image", (20, 20, 40, 40), media={"type": "MEDIA_TYPE_LOGO"}),
                    node("nav1", "text", (1000, 20, 80, 40), text="Pricing"),
                    node("nav2", "text", (1100, 20, 80, 40), text="Docs"),
                ],
            ),
            node(
                "hero",
                "container",
                (0, 80, 1280, 400),
                children=[
                    node("title", "text", (100, 150, 600, 60), text="Ship pages faster"),
                    node("cta", "badge", (100, 300, 160, 48), text="5tart now"),
                ],
            ),
            node(
                "cards",
                "container",
                (0, 560, 1280, 300),
                layout={"display": "DISPLAY_GRID", "columns": 3},
                children=cards,
            ),
        ],
    )
    return ParseDict(
        {
            "meta": {
                "schemaVersion": "1.0",
                "inputType": ["INPUT_TYPE_IMAGE"],
                "frameworkTarget": ["html-css"],
                "confidenceLevel": "CONFIDENCE_LEVEL_MEDIUM",
            },
            "sections": [
                {
                    "id": "page",
                    "role": "primary",
                    "layout": "LAYOUT_KIND_FLEX",
                    "description": "All of it.",
                    "nodeId": "root",
                }
            ],
            "layoutStrategy": {"mainApproach": "LAYOUT_KIND_FLEX", "reason": "One column."},
            "assumptions": ["Link targets are unknown."],
            "cssVariables": {"colors": {"--color-primary": "#2563eb"}},
            "viewports": [{"width": 1280, "height": 900, "breakpoint": "BREAKPOINT_DESKTOP"}],
            "root": root,
        },
        CanonicalSchema(),
    )


def request(**changes: Any) -> DesignRequest:
    values: dict[str, Any] = {
        "offline": offline(),
        "images": (ModelImage(PIXEL, "image/png", 1.0, 1280, 900),),
        "targets": ("html-css",),
    }
    return DesignRequest(**{**values, **changes})


_READING: dict[str, Any] = {
    "title": "Ship pages faster",
    "language": "en",
    "confidenceLevel": "high",
    "layoutStrategy": {"mainApproach": "hybrid", "reason": "A column of rows, and a grid."},
    "sections": [
        {
            "id": "header",
            "role": "header",
            "layout": "flex",
            "description": "Logo and links.",
            "nodeId": "header",
        },
        {
            "id": "hero",
            "role": "hero",
            "layout": "flex",
            "description": "Title and call to action.",
            "nodeId": "hero",
        },
        {
            "id": "plans",
            "role": "pricing",
            "layout": "grid",
            "description": "Three plans.",
            "nodeId": "cards",
        },
    ],
    "nodes": [
        {"id": "header", "role": "header", "reason": "Spans the top."},
        {"id": "title", "kind": "heading", "headingLevel": 1, "reason": "Largest text."},
        {"id": "cta", "kind": "button", "text": "Start now", "reason": "Filled box with a verb."},
        {"id": "nav1", "kind": "link", "reason": "In the header's row."},
        {"id": "nav2", "kind": "link", "reason": "In the header's row."},
        {"id": "logo", "alt": "Company logo", "reason": "At the header's start."},
    ],
    "groups": [
        {
            "id": "main-nav",
            "childIds": ["nav1", "nav2"],
            "kind": "container",
            "role": "nav",
            "display": "flex",
            "direction": "row",
            "reason": "The links belong together.",
        }
    ],
    "components": [
        {
            "name": "PlanCard",
            "type": "presentational",
            "responsibility": "Shows one plan.",
            "parentSection": "plans",
            "nodeIds": ["card0", "card1", "card2"],
        }
    ],
    "responsiveRules": [
        {
            "breakpoint": "mobile",
            "action": "restructure",
            "description": "Cards in one column.",
            "nodeId": "cards",
            "columns": 1,
        }
    ],
    "assumptions": ["Cards are not links."],
    "ambiguities": [
        {
            "area": "hero",
            "issue": "The button may be a badge.",
            "alternatives": ["button", "badge"],
            "chosen": "button",
            "reason": "It says what to do.",
        }
    ],
}


def reading(**changes: Any) -> dict[str, Any]:
    """A usable reading of the page, with some fields replaced."""
    return {**copy.deepcopy(_READING), **changes}
