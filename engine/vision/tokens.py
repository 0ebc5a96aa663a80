"""Finds a page's design tokens and makes its node styles refer to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.color import contrast, distance, hue, luminance, saturation

# Colours nearer than this are one, read off other pixels. Thin strokes of icons hold few pixels
# of their full colour, so that theirs is read less well.
_SAME, _SAME_INK = 14.0, 40.0
_CHROMATIC = 0.25
_ROOT_SIZE = 16.0
_TYPE_NAMES = ("xs", "sm", "base", "lg", "xl", "2xl", "3xl", "4xl", "5xl", "6xl", "7xl", "8xl")
_BASE_INDEX = 2
_HUES = (
    (0.04, "red"),
    (0.1, "orange"),
    (0.18, "yellow"),
    (0.44, "green"),
    (0.52, "teal"),
    (0.7, "blue"),
    (0.8, "purple"),
    (0.94, "pink"),
    (1.01, "red"),
)


def apply_tokens(schema: canonical_schema_pb2.CanonicalSchema, background: str) -> None:
    """Fills `schema.css_variables` and makes the tree's styles name the tokens they equal.

    `background` is the page's own colour. Font tokens must be there already.
    """
    nodes = list(_walk(schema.root))
    _color_tokens(schema, nodes, background)
    _type_tokens(schema, nodes)
    _length_tokens(schema, nodes)


def _walk(node: node_pb2.Node) -> Iterator[node_pb2.Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _colors(node: node_pb2.Node) -> Iterator[tuple[node_pb2.Color, str, float]]:
    """Yields the colours of a node with what they are for and how much they count."""
    style, bounds = node.style, node.bounds
    if style.HasField("color"):
        yield style.color, "text", float(max(len(node.text), 1))
    for run in node.runs:
        if run.HasField("color"):
            yield run.color, "text", float(len(run.text))
        if run.HasField("background"):
            yield run.background, "fill", float(len(run.text))
    if style.background.HasField("color"):
        yield style.background.color, "fill", bounds.width * bounds.height
    for stop in style.background.gradient.stops:
        yield stop.color, "fill", 1.0
    if style.border.HasField("color"):
        yield style.border.color, "border", bounds.width + bounds.height
    for shadow in style.shadows:
        yield shadow.color, "shadow", 1.0
    if node.media.HasField("placeholder"):
        drawn = node.kind == node_pb2.NODE_KIND_ICON
        yield node.media.placeholder, "icon" if drawn else "media", 1.0
    if style.background.image.HasField("placeholder"):
        yield style.background.image.placeholder, "media", 1.0


def _color_tokens(
    schema: canonical_schema_pb2.CanonicalSchema, nodes: list[node_pb2.Node], background: str
) -> None:
    use: dict[str, Counter[str]] = {kind: Counter() for kind in ("text", "fill", "border", "icon")}
    counts: Counter[str] = Counter()
    inks: Counter[str] = Counter()
    for node in nodes:
        for color, kind, weight in _colors(node):
            if kind in use:
                use[kind][color.value] += round(weight)
                counts[color.value] += 1
            inks[color.value] += kind == "text"
    tokens: dict[str, str] = {"--color-bg": background}
    _name_roles(tokens, use, background)
    _name_buttons(tokens, nodes)
    for value, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        shared = count >= 2 or (inks[value] and _readings(value, inks) >= 2)
        if shared and not _token_of(value, tokens):
            tokens[_free_name(value, tokens)] = value
    for node in nodes:
        for color, kind, _ in _colors(node):
            if kind not in {"shadow", "media"}:
                token = _token_of(color.value, tokens, _SAME_INK if kind == "icon" else _SAME)
                if token:
                    color.token = token
                    color.value = tokens[token]
    for name, value in tokens.items():
        schema.css_variables.colors[name] = value


def _readings(color: str, inks: Counter[str]) -> int:
    """Returns how many texts are set in a colour, give or take how exactly it is read."""
    return sum(count for other, count in inks.items() if distance(color, other) <= _SAME)


def _name_roles(tokens: dict[str, str], use: dict[str, Counter[str]], background: str) -> None:
    texts = [color for color, _ in use["text"].most_common()]
    dark = [color for color in texts if contrast(color, background) >= 3.0]
    if dark:
        tokens["--color-text"] = dark[0]
    for color in dark[1:]:
        softer = contrast(color, background) < contrast(tokens["--color-text"], background)
        if softer and saturation(color) < _CHROMATIC and not _token_of(color, tokens):
            tokens["--color-muted"] = color
            break
    fills = [color for color, _ in use["fill"].most_common()]
    for color in fills:
        near = abs(luminance(color) - luminance(background)) < 0.3
        if near and saturation(color) < _CHROMATIC and not _token_of(color, tokens):
            tokens["--color-surface"] = color
            break
    for color, _ in use["border"].most_common():
        if saturation(color) < _CHROMATIC and not _token_of(color, tokens):
            tokens["--color-border"] = color
            break


def _name_buttons(tokens: dict[str, str], nodes: list[node_pb2.Node]) -> None:
    """Names the colour of buttons and links "primary", and what is written on it."""
    votes: Counter[str] = Counter()
    on: dict[str, str] = {}
    for node in nodes:
        fill, ink = node.style.background.color.value, node.style.color.value
        if node.kind == node_pb2.NODE_KIND_BUTTON and fill and saturation(fill) >= _CHROMATIC:
            votes[fill] += 3
            on.setdefault(fill, ink)
        if node.kind == node_pb2.NODE_KIND_LINK and ink and saturation(ink) >= _CHROMATIC:
            votes[ink] += 1
        for run in node.runs:
            if run.link and run.HasField("color") and saturation(run.color.value) >= _CHROMATIC:
                votes[run.color.value] += 1
    for color, _ in votes.most_common():
        if _token_of(color, tokens):
            continue
        tokens["--color-primary"] = color
        ink = on.get(color, "")
        if ink and not _token_of(ink, tokens):
            tokens["--color-on-primary"] = ink
        break


def _token_of(color: str, tokens: dict[str, str], most: float = _SAME) -> str:
    """Returns the token whose colour is nearest and at most `most` away; else ""."""
    if len(color) != 7:
        return ""
    best = min(tokens, key=lambda name: distance(tokens[name], color), default="")
    return best if best and distance(tokens[best], color) <= most else ""


def _free_name(color: str, tokens: dict[str, str]) -> str:
    if saturation(color) < 0.12:
        level = round((1 - luminance(color) ** 0.45) * 9) * 100
        base = f"--color-gray-{max(level, 50)}"
    else:
        base = f"--color-{next(name for limit, name in _HUES if hue(color) < limit)}"
    name, count = base, 1
    while name in tokens:
        count += 1
        name = f"{base}-{count}"
    return name


def _type_tokens(schema: canonical_schema_pb2.CanonicalSchema, nodes: list[node_pb2.Node]) -> None:
    """Names the font sizes, of which the one with most text is the base."""
    steps: Counter[float] = Counter()
    for node in nodes:
        if node.style.typography.HasField("size"):
            steps[node.style.typography.size.px] += max(len(node.text), 1)
    if not steps:
        return
    base = max(steps, key=lambda step: (steps[step], step))
    names = _type_names(sorted(steps), base)
    for step, name in names.items():
        schema.css_variables.typography[name] = _rem(step)
    for node in nodes:
        if node.style.typography.HasField("size"):
            node.style.typography.size.token = names[node.style.typography.size.px]


def _type_names(steps: list[float], base: float) -> dict[float, str]:
    at = steps.index(base)
    names = {}
    for index, step in enumerate(steps):
        place = _BASE_INDEX + index - at
        if 0 <= place < len(_TYPE_NAMES):
            names[step] = f"--text-{_TYPE_NAMES[place]}"
        elif place < 0:
            names[step] = f"--text-{1 - place}xs"
        else:
            names[step] = f"--text-{place - 3}xl"
    return names


def _lengths(layout: node_pb2.Layout) -> Iterator[node_pb2.Length]:
    for name in ("row_gap", "column_gap"):
        if layout.HasField(name):
            yield getattr(layout, name)
    for edges in ("padding", "margin"):
        if layout.HasField(edges):
            for edge in ("top", "right", "bottom", "left"):
                if getattr(layout, edges).HasField(edge):
                    yield getattr(getattr(layout, edges), edge)


def _length_tokens(
    schema: canonical_schema_pb2.CanonicalSchema, nodes: list[node_pb2.Node]
) -> None:
    spacing = schema.css_variables.spacing
    used: dict[str, float] = {}
    for node in nodes:
        for length in _lengths(node.layout):
            length.px = round(length.px)
            if length.px > 0:
                length.token = _space_name(length.px)
                used[length.token] = length.px
    for name, value in sorted(used.items(), key=lambda entry: entry[1]):
        spacing[name] = _rem(value)
    _radius_tokens(schema, nodes)
    _width_tokens(schema, nodes)


def _space_name(pixels: float) -> str:
    return f"--space-{pixels / 4:g}".replace(".", "-")


def _radius_tokens(
    schema: canonical_schema_pb2.CanonicalSchema, nodes: list[node_pb2.Node]
) -> None:
    radii: Counter[int] = Counter()
    for node in nodes:
        if node.style.HasField("radius") and node.style.radius.px >= 1:
            pill = node.style.radius.px >= 0.45 * min(node.bounds.width, node.bounds.height)
            node.style.radius.px = (
                9999 if pill and node.style.radius.px > 8 else round(node.style.radius.px)
            )
            radii[round(node.style.radius.px)] += 1
    names: dict[int, str] = {}
    plain = sorted(value for value in radii if value < 9999)
    for index, value in enumerate(plain):
        label = ("sm", "md", "lg", "xl", "2xl", "3xl")[index] if index < 6 else f"{index - 2}xl"
        names[value] = f"--radius-{label}"
    if 9999 in radii:
        names[9999] = "--radius-full"
    for node in nodes:
        if round(node.style.radius.px) in names and node.style.HasField("radius"):
            node.style.radius.token = names[round(node.style.radius.px)]
    for value, name in names.items():
        schema.css_variables.spacing[name] = "9999px" if value == 9999 else _rem(value)


def _width_tokens(schema: canonical_schema_pb2.CanonicalSchema, nodes: list[node_pb2.Node]) -> None:
    """Names the widths that bands keep their content to."""
    frames: Counter[float] = Counter()
    for node in nodes:
        if node.layout.contained and node.layout.max_width.px:
            frames[node.layout.max_width.px] += 1
    names = {}
    for index, (value, _) in enumerate(frames.most_common()):
        names[value] = "--width-content" if index == 0 else f"--width-content-{index + 1}"
        schema.css_variables.spacing[names[value]] = _rem(value)
    for node in nodes:
        if node.layout.max_width.px in names and node.layout.contained:
            node.layout.max_width.token = names[node.layout.max_width.px]


def _rem(pixels: float) -> str:
    return f"{pixels / _ROOT_SIZE:.4g}rem" if pixels else "0"
