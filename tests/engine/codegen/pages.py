"""Two pages written by hand, with the exact geometry that their layout yields."""

from __future__ import annotations

from typing import Any

from structra.v1 import canonical_schema_pb2

from engine.schema import from_json

Json = dict[str, Any]


def px(value: float, token: str = "") -> Json:
    return {"px": value, **({"token": token} if token else {})}


def color(value: str, token: str = "") -> Json:
    return {"value": value, **({"token": token} if token else {})}


def edges(top: float = 0, right: float = 0, bottom: float = 0, left: float = 0) -> Json:
    values = {"top": top, "right": right, "bottom": bottom, "left": left}
    return {name: px(value) for name, value in values.items() if value}


def node(node_id: str, kind: str, box: tuple[float, float, float, float], **fields: Any) -> Json:
    x, y, width, height = box
    bounds = {"x": x, "y": y, "width": width, "height": height}
    return {"id": node_id, "kind": kind, "bounds": bounds, "confidence": 0.95, **fields}


def face(size: float, line: float, weight: int = 400, **more: Any) -> Json:
    return {"family": "sans", "size": px(size), "lineHeight": line, "weight": weight, **more}


def text(
    node_id: str,
    kind: str,
    words: str,
    box: tuple[float, float, float, float],
    typography: Json,
    ink: str = "#1f2937",
    lines: int = 1,
    **fields: Any,
) -> Json:
    style = {"color": color(ink), "typography": typography, **fields.pop("style", {})}
    x, y, width, height = box
    seen = [
        {"x": x, "y": y + index * height / lines, "width": width, "height": height / lines}
        for index in range(lines)
    ]
    return node(node_id, kind, box, text=words, style=style, lines=seen, **fields)


def document(title: str, sections: list[Json], components: list[Json], root: Json) -> Json:
    bounds = root["bounds"]
    return {
        "meta": {
            "schemaVersion": "1.0",
            "inputType": ["image"],
            "frameworkTarget": ["html-css"],
            "confidenceLevel": "high",
            "title": title,
            "language": "en",
        },
        "sections": sections,
        "components": components,
        "layoutStrategy": {"mainApproach": "hybrid", "reason": "Grids inside of columns."},
        "responsiveRules": [],
        "assumptions": [
            "Narrow viewports stack columns.",
            "Link targets were not shown.",
            "Pictures are placeholders.",
            "Inputs without a label are labelled by their placeholder.",
        ],
        "ambiguities": [],
        "cssVariables": {
            "colors": {"--color-primary": "#2563eb", "--color-ink": "#1f2937"},
            "spacing": {"--space-4": "1rem", "--radius-md": "0.5rem"},
            "typography": {
                "--font-sans": 'Arial, "Helvetica Neue", Helvetica, "Liberation Sans", sans-serif'
            },
        },
        "root": root,
        "viewports": [
            {"width": bounds["width"], "height": bounds["height"], "breakpoint": "desktop"}
        ],
    }


def section(section_id: str, role: str, layout: str = "flex") -> Json:
    return {"id": section_id, "role": role, "layout": layout, "nodeId": section_id}


_FILL = {"widthSizing": "fill"}
_HUG = {"widthSizing": "hug"}


def landing_document() -> Json:
    """Returns a landing page of 1280 by 1104: header, hero, three cards, footer."""
    header = node(
        "top", "container", (0, 0, 1280, 72), role="header",
        layout={
            "display": "flex", "direction": "row", "alignItems": "center",
            "justifyContent": "space-between", "contained": True, "maxWidth": px(1120),
            "padding": edges(16, 24, 16, 24), "columnGap": px(16), "height": px(72), **_FILL,
        },
        style={
            "background": {"color": color("#ffffff")},
            "border": {
                "width": px(1), "color": color("#e5e7eb"), "sides": {"bottom": True},
            },
        },
        children=[
            text("brand", "text", "Northwind", (80, 21, 101, 30), face(20, 1.5, 700), layout=_HUG),
            node(
                "menu", "container", (979, 24, 221, 24), role="nav",
                layout={
                    "display": "flex", "direction": "row", "columnGap": px(32), "wrap": True,
                    "alignItems": "center", **_HUG,
                },
                children=[
                    text(f"menu-{index}", "link", words, (979 + 79 * index, 24, 47, 24),
                         face(16, 1.5), "#4b5563", layout=_HUG)
                    for index, words in enumerate(("Prices", "Guides", "Sign in"))
                ],
            ),
        ],
    )  # fmt: skip
    hero = node(
        "hero", "container", (0, 72, 1280, 440), role="hero",
        layout={
            "display": "grid", "columns": 2, "columnGap": px(48), "alignItems": "center",
            "contained": True, "maxWidth": px(1120), "padding": edges(80, 24, 80, 24), **_FILL,
        },
        style={"background": {"color": color("#eff6ff")}},
        children=[
            node(
                "hero-words", "container", (80, 196, 536, 192),
                layout={"display": "flex", "direction": "column", "rowGap": px(16),
                        "alignItems": "start", **_FILL},
                children=[
                    text("claim", "heading", "Ship faster with less work",
                         (80, 196, 534, 60), face(40, 1.5, 700), headingLevel=1, layout=_HUG),
                    text("pitch", "text",
                         "Everything that a small team needs to plan, build and sell, in one "
                         "place that takes a minute to set up and never gets in the way.",
                         (80, 272, 536, 56), face(18, 1.5555556), "#4b5563", lines=2,
                         layout=_FILL),
                    text("start", "button", "Start for free", (80, 344, 147, 44),
                         face(16, 1.5, 600, align="center"), "#ffffff",
                         layout={**_HUG, "padding": edges(10, 20, 10, 20)},
                         style={
                             "background": {"color": color("#2563eb", "--color-primary")},
                             "radius": px(8, "--radius-md"),
                         }),
                ],
            ),
            node("shot", "image", (664, 152, 536, 280),
                 layout={**_FILL, "heightSizing": "fixed", "height": px(280)},
                 media={"type": "photo", "alt": "The planning board",
                        "placeholder": color("#93c5fd")},
                 style={"radius": px(8, "--radius-md")}),
        ],
    )  # fmt: skip
    facts = (
        ("Plan", "Lists, boards and dates that agree with each other."),
        ("Build", "Reviews and releases that anybody can follow."),
        ("Sell", "Prices, invoices and taxes for every country."),
    )
    features = node(
        "features", "container", (0, 512, 1280, 432), role="section",
        layout={
            "display": "flex", "direction": "column", "rowGap": px(32), "contained": True,
            "maxWidth": px(1120), "padding": edges(64, 24, 64, 24), "alignItems": "stretch",
            **_FILL,
        },
        children=[
            text("features-title", "heading", "What you get", (80, 576, 1120, 42),
                 face(28, 1.5, 700), headingLevel=2, layout=_FILL),
            node(
                "cards", "container", (80, 650, 1120, 230),
                layout={"display": "grid", "columns": 3, "columnGap": px(32),
                        "alignItems": "stretch", **_FILL},
                children=[
                    node(
                        f"card-{index}", "container", (80 + 384 * index, 650, 352, 230),
                        role="article", component="FeatureCard",
                        layout={"display": "flex", "direction": "column", "rowGap": px(12),
                                "padding": edges(24, 24, 24, 24), "height": px(230),
                                "alignItems": "stretch", **_FILL},
                        style={
                            "background": {"color": color("#ffffff")},
                            "border": {"width": px(1), "color": color("#e5e7eb")},
                            "radius": px(12),
                            "shadows": [{"x": 0, "y": 1, "blur": 3, "color": color("#0000001a")}],
                        },
                        children=[
                            node(f"card-{index}-icon", "icon", (105 + 384 * index, 675, 32, 32),
                                 layout={"alignSelf": "start", "widthSizing": "fixed",
                                         "width": px(32), "heightSizing": "fixed",
                                         "height": px(32)},
                                 media={"type": "icon", "iconName": "check",
                                        "placeholder": color("#2563eb")}),
                            text(f"card-{index}-title", "heading", title,
                                 (105 + 384 * index, 719, 302, 30), face(20, 1.5, 600),
                                 headingLevel=3, layout=_FILL),
                            text(f"card-{index}-text", "text", words,
                                 (105 + 384 * index, 761, 302, 48), face(16, 1.5), "#4b5563",
                                 lines=2, layout=_FILL),
                        ],
                    )
                    for index, (title, words) in enumerate(facts)
                ],
            ),
        ],
    )  # fmt: skip
    footer = node(
        "bottom", "container", (0, 944, 1280, 160), role="footer",
        layout={
            "display": "flex", "direction": "column", "alignItems": "center",
            "justifyContent": "center", "padding": edges(68, 24, 68, 24), **_FILL,
        },
        style={"background": {"color": color("#111827")}},
        children=[
            text("notice", "text", "© 2026 Northwind", (580, 1012, 120, 24), face(14, 1.7142857),
                 "#d1d5db", layout=_HUG),
        ],
    )  # fmt: skip
    root = node(
        "page", "container", (0, 0, 1280, 1104),
        layout={"display": "flex", "direction": "column", "alignItems": "stretch"},
        style={"background": {"color": color("#ffffff")}, "typography": face(16, 1.5)},
        children=[header, hero, features, footer],
    )  # fmt: skip
    sections = [
        section("top", "header"), section("hero", "hero", "grid"), section("features", "features"),
        section("bottom", "footer"),
    ]  # fmt: skip
    components = [
        {
            "name": "FeatureCard", "type": "presentational", "responsibility": "Shows a feature.",
            "reusable": True, "parentSection": "features",
            "nodeIds": ["card-0", "card-1", "card-2"],
        }
    ]  # fmt: skip
    return document("Northwind", sections, components, root)


def dashboard_document() -> Json:
    """Returns a dashboard of 1280 by 800: a side bar, a table and a form."""
    sidebar = node(
        "side", "container", (0, 0, 240, 800), role="aside",
        layout={"display": "flex", "direction": "column", "rowGap": px(8), "height": px(800),
                "padding": edges(24, 16, 24, 16), "alignItems": "stretch", **_FILL},
        style={"background": {"color": color("#1f2937")}},
        children=[
            text("side-brand", "text", "Ledger", (16, 24, 208, 30), face(20, 1.5, 700), "#ffffff",
                 layout=_FILL),
            node(
                "side-menu", "list", (16, 62, 208, 88), role="nav",
                layout={"display": "flex", "direction": "column", "rowGap": px(8), **_FILL},
                children=[
                    text(f"side-{index}", "link", words, (16, 62 + 48 * index, 208, 40),
                         face(16, 1.5), "#e5e7eb",
                         layout={**_FILL, "padding": edges(8, 12, 8, 12)})
                    for index, words in enumerate(("Orders", "Customers"))
                ],
            ),
        ],
    )  # fmt: skip
    cells = (("Order", "Buyer", "Total"), ("1001", "Ada", "12.00"), ("1002", "Alan", "7.50"))
    table = node(
        "orders", "table", (272, 104, 976, 144),
        layout={"columns": 3, "columnTracks": ["50%", "25%", "25%"], **_FILL},
        children=[
            node(
                f"row-{row}", "container", (272, 104 + 48 * row, 976, 48), role="table-row",
                layout={"display": "flex", "direction": "row", "height": px(48)},
                style={"border": {"width": px(1), "color": color("#e5e7eb"),
                                  "sides": {"bottom": True}}},
                children=[
                    text(f"cell-{row}-{column}", "text", words,
                         (272 + (0, 488, 732)[column], 104 + 48 * row, (488, 244, 244)[column], 48),
                         face(16, 1.5, 600 if row == 0 else 400),
                         role="table-header-cell" if row == 0 else "table-cell", layout=_FILL)
                    for column, words in enumerate(line)
                ],
            )
            for row, line in enumerate(cells)
        ],
    )  # fmt: skip
    form = node(
        "order-form", "container", (272, 280, 480, 220), role="form",
        layout={"display": "flex", "direction": "column", "rowGap": px(8), "widthSizing": "fill",
                "maxWidth": px(480), "padding": edges(24, 24, 24, 24), "alignItems": "start"},
        style={"background": {"color": color("#ffffff")}, "radius": px(8)},
        children=[
            text("email-label", "text", "E-mail address", (296, 304, 104, 24), face(16, 1.5),
                 layout=_HUG),
            node("email", "input", (296, 336, 432, 44),
                 layout={**_FILL, "heightSizing": "fixed", "height": px(44),
                         "padding": edges(0, 12, 0, 12)},
                 control={"type": "email", "placeholder": "you@example.com",
                          "labelNodeId": "email-label"},
                 style={"background": {"color": color("#ffffff")}, "color": color("#6b7280"),
                        "typography": face(16, 1.5),
                        "border": {"width": px(1), "color": color("#9ca3af")}, "radius": px(8)}),
            node(
                "terms", "container", (296, 388, 200, 24),
                layout={"display": "flex", "direction": "row", "columnGap": px(8),
                        "alignItems": "center", **_HUG},
                children=[
                    node("agree", "input", (296, 392, 16, 16),
                         layout={"widthSizing": "fixed", "width": px(16),
                                 "heightSizing": "fixed", "height": px(16)},
                         control={"type": "checkbox", "labelNodeId": "agree-label"},
                         style={"color": color("#2563eb")}),
                    text("agree-label", "text", "Keep me informed", (320, 388, 127, 24),
                         face(16, 1.5), layout=_HUG),
                ],
            ),
            text("save", "button", "Save", (296, 432, 78, 44), face(16, 1.5, 600, align="center"),
                 "#ffffff",
                 layout={**_HUG, "padding": edges(10, 20, 10, 20), "margin": edges(top=12)},
                 style={"background": {"color": color("#2563eb", "--color-primary")},
                        "radius": px(8)}),
        ],
    )  # fmt: skip
    content = node(
        "content", "container", (240, 0, 1040, 524), role="main",
        layout={"display": "flex", "direction": "column", "rowGap": px(32),
                "padding": edges(24, 32, 24, 32), "alignItems": "stretch", **_FILL},
        children=[
            text("title", "heading", "Orders", (272, 24, 976, 48), face(32, 1.5, 700),
                 headingLevel=1, layout=_FILL),
            table,
            form,
        ],
    )  # fmt: skip
    shell = node(
        "shell", "container", (0, 0, 1280, 800),
        layout={"display": "grid", "columns": 2, "columnTracks": ["15rem", "1fr"],
                "alignItems": "start", **_FILL},
        children=[sidebar, content],
    )  # fmt: skip
    root = node(
        "page", "container", (0, 0, 1280, 800),
        layout={"display": "flex", "direction": "column", "alignItems": "stretch"},
        style={"background": {"color": color("#f3f4f6")}, "typography": face(16, 1.5)},
        children=[shell],
    )  # fmt: skip
    sections = [section("side", "aside"), section("content", "main")]
    return document("Orders", sections, [], root)


def landing() -> canonical_schema_pb2.CanonicalSchema:
    return from_json(landing_document())


def dashboard() -> canonical_schema_pb2.CanonicalSchema:
    return from_json(dashboard_document())
