"""Rules about the node tree."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2

from engine.schema.css_values import is_path, is_safe_url, is_track
from engine.schema.problems import Problems
from engine.schema.tree import Visit, walk

_TEXTUAL = frozenset({
    node_pb2.NODE_KIND_HEADING, node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_LINK,
    node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE,
})  # fmt: skip
_CHILDLESS = frozenset({
    node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_DIVIDER,
    node_pb2.NODE_KIND_CHART,
})  # fmt: skip
_INTERACTIVE = frozenset({
    node_pb2.NODE_KIND_LINK, node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_INPUT,
})  # fmt: skip
_MEDIA = frozenset({
    node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_CHART,
    node_pb2.NODE_KIND_SHAPE,
})  # fmt: skip
_ONCE = {node_pb2.SEMANTIC_ROLE_MAIN: "main"}
# How far a child may stick out of its parent before it looks like a mistake, in pixels.
_OUTSIDE = 8.0


def check_tree(schema: pb.CanonicalSchema, problems: Problems) -> None:
    """Checks kinds, nesting, texts, grids, links and bounds."""
    if not schema.HasField("root"):
        return
    if schema.root.kind != node_pb2.NODE_KIND_CONTAINER:
        problems.error("root.kind", "ROOT_NOT_CONTAINER", "The root is a container.")
    if not schema.root.children:
        problems.warning("root.children", "EMPTY_PAGE", "The page has no content.")
    roles: dict[int, str] = {}
    for visit in walk(schema.root):
        _check_kind(visit, problems)
        _check_text(visit, problems)
        _check_grid(visit, problems)
        _check_media(visit, problems)
        _check_bounds(visit, problems)
        role = visit.node.role
        if role in _ONCE and role in roles:
            problems.error(
                f"{visit.path}.role",
                "DUPLICATE_LANDMARK",
                f"A page has one {_ONCE[role]}; the first is {roles[role]}.",
            )
        roles.setdefault(role, visit.path)


def _check_kind(visit: Visit, problems: Problems) -> None:
    node, path = visit.node, visit.path
    if node.kind == node_pb2.NODE_KIND_UNSPECIFIED:
        problems.error(f"{path}.kind", "REQUIRED", "Say what the element is.")
    if node.kind == node_pb2.NODE_KIND_HEADING and not node.heading_level:
        problems.warning(f"{path}.headingLevel", "NOT_SET", "Give the heading a level, 1 to 6.")
    if node.heading_level and node.kind != node_pb2.NODE_KIND_HEADING:
        problems.warning(f"{path}.headingLevel", "NOT_A_HEADING", "Only headings have a level.")
    if node.kind in _CHILDLESS and node.children:
        problems.error(f"{path}.children", "CANNOT_NEST", "This kind of element has no children.")
    if node.kind == node_pb2.NODE_KIND_INPUT and not node.HasField("control"):
        problems.error(f"{path}.control", "REQUIRED", "Say which input it is.")
    if node.HasField("control") and node.kind != node_pb2.NODE_KIND_INPUT:
        problems.warning(f"{path}.control", "NOT_AN_INPUT", "Only inputs have it; it is ignored.")
    if node.kind in _INTERACTIVE and any(a.kind in _INTERACTIVE for a in visit.ancestors):
        problems.error(
            f"{path}.kind",
            "NESTED_INTERACTIVE",
            "Links, buttons and inputs cannot lie in one another.",
        )
    parent = visit.ancestors[-1] if visit.ancestors else None
    in_table = parent is not None and parent.kind == node_pb2.NODE_KIND_TABLE
    if in_table and node.kind != node_pb2.NODE_KIND_CONTAINER:
        problems.error(f"{path}.kind", "TABLE_ROW_EXPECTED", "A table's children are its rows.")
    if node.href and not is_safe_url(node.href):
        problems.error(
            f"{path}.href", "UNSAFE_URL", "Use a web, mail or telephone address, or a path."
        )


def _check_text(visit: Visit, problems: Problems) -> None:
    node, path = visit.node, visit.path
    if node.text and node.kind not in _TEXTUAL:
        problems.warning(
            f"{path}.text", "TEXT_NOT_SHOWN", "This kind of element shows no text; it is ignored."
        )
    shows_text = node.kind in {node_pb2.NODE_KIND_HEADING, node_pb2.NODE_KIND_TEXT}
    if shows_text and not node.text and not node.children:
        problems.warning(f"{path}.text", "EMPTY_TEXT", "The element shows nothing.")
    if node.runs:
        joined = "".join(run.text for run in node.runs)
        if _words(joined) != _words(node.text):
            problems.error(
                f"{path}.runs", "RUNS_DO_NOT_JOIN", "The runs' texts must join up to the text."
            )


def _words(text: str) -> str:
    return "".join(text.split())


def _check_grid(visit: Visit, problems: Problems) -> None:
    node, path, layout = visit.node, visit.path, visit.node.layout
    table = node.kind == node_pb2.NODE_KIND_TABLE
    grid = layout.display == node_pb2.DISPLAY_GRID or table
    tracks = len(layout.column_tracks)
    if tracks and layout.columns and tracks != layout.columns:
        problems.error(
            f"{path}.layout.columnTracks",
            "TRACKS_DO_NOT_MATCH",
            f"There are {layout.columns} columns but {tracks} tracks.",
        )
    for index, track in enumerate(layout.column_tracks):
        if not is_track(track):
            problems.error(
                f"{path}.layout.columnTracks[{index}]",
                "INVALID_CSS",
                'Use a track such as "1fr", "16rem" or "minmax(0, 1fr)".',
            )
    if layout.columns and not grid:
        problems.warning(f"{path}.layout.columns", "NOT_A_GRID", "Only grids have columns.")
    for index, child in enumerate(node.children):
        at = f"{path}.children[{index}].layout.columnSpan"
        span = child.layout.column_span
        if span > 1 and not grid:
            problems.warning(at, "NOT_A_GRID", "The parent is not a grid.")
        elif grid and span > max(layout.columns, 1):
            problems.error(at, "SPAN_TOO_WIDE", f"The grid has {layout.columns} columns.")


def _check_media(visit: Visit, problems: Problems) -> None:
    node, path = visit.node, visit.path
    if node.HasField("media") and node.kind not in _MEDIA:
        problems.warning(f"{path}.media", "NOT_A_PICTURE", "Only pictures have it; it is ignored.")
    for media, at in (
        (node.media, f"{path}.media"),
        (node.style.background.image, f"{path}.style.background.image"),
    ):
        if media.path and not is_path(media.path):
            problems.error(f"{at}.path", "INVALID_PATH", "Use SVG path data.")
        if media.asset and not is_safe_url(media.asset):
            problems.error(f"{at}.asset", "UNSAFE_URL", "Use a path such as assets/hero.png.")
    gradient = node.style.background.gradient
    if node.style.background.HasField("gradient") and len(gradient.stops) < 2:
        problems.error(
            f"{path}.style.background.gradient.stops", "REQUIRED", "A gradient has two stops."
        )


def _check_bounds(visit: Visit, problems: Problems) -> None:
    if not visit.ancestors or not visit.node.HasField("bounds"):
        return
    inner, outer = visit.node.bounds, visit.ancestors[-1].bounds
    if not visit.ancestors[-1].HasField("bounds"):
        return
    beyond = max(
        outer.x - inner.x,
        outer.y - inner.y,
        inner.x + inner.width - outer.x - outer.width,
        inner.y + inner.height - outer.y - outer.height,
    )
    if beyond > _OUTSIDE and visit.node.layout.position != node_pb2.POSITION_OVERLAY:
        problems.warning(
            f"{visit.path}.bounds",
            "OUTSIDE_PARENT",
            f"The element sticks out of its parent by {beyond:.0f} pixels.",
        )
