"""Words for what sets a style apart, to name its class by: "muted", "large", "outlined"."""

from __future__ import annotations

from collections.abc import Iterator

from engine.codegen.element import Style

# Properties whose tokens name a variant, the most telling first.
_TOKENS = ("background-color", "color", "font-size")
_WEIGHTS = {"100": "thin", "200": "thin", "300": "light", "400": "regular", "500": "medium"}
# What values mean that are words of CSS.
_VALUES = {
    ("align-self", "center"): "centered",
    ("align-self", "flex-end"): "end",
    ("align-self", "flex-start"): "start",
    ("align-self", "stretch"): "stretched",
    ("align-items", "center"): "centered",
    ("align-items", "flex-end"): "end",
    ("align-items", "flex-start"): "start",
    ("justify-self", "center"): "centered",
    ("justify-content", "center"): "centered",
    ("justify-content", "flex-end"): "end",
    ("justify-content", "space-between"): "spread",
    ("text-align", "center"): "centered",
    ("text-align", "end"): "end",
    ("flex-direction", "column"): "stacked",
    ("flex-direction", "row"): "inline",
    ("flex-wrap", "nowrap"): "unwrapped",
}
# What a variant is called that declares one of these, in the order of how much they tell.
_PROPERTIES = {
    "background-image": "painted", "border": "outlined", "border-top": "ruled",
    "border-bottom": "underlined", "border-left": "marked", "border-right": "ruled",
    "box-shadow": "raised", "border-radius": "rounded", "opacity": "faded",
    "text-transform": "caps", "text-decoration-line": "underlined", "font-style": "italic",
    "font-family": "face", "clip-path": "cut", "flex": "share", "flex-grow": "grown",
    "grid-column": "spanning", "grid-row": "spanning", "grid-template-columns": "columns",
    "width": "sized", "max-width": "narrow", "height": "tall", "min-height": "tall",
    "padding": "padded", "padding-inline": "padded", "padding-block": "padded",
    "padding-left": "padded", "padding-right": "padded", "padding-top": "padded",
    "padding-bottom": "padded", "gap": "spaced", "row-gap": "spaced", "column-gap": "spaced",
    "margin-left": "indented", "margin-right": "inset", "margin-top": "lowered",
    "margin-bottom": "apart", "letter-spacing": "tracked", "line-height": "leaded",
    "white-space": "unwrapped",
}  # fmt: skip


def telling_words(style: Style) -> Iterator[str]:
    """Yields words for what a style declares, the most telling first, each once."""
    seen: set[str] = set()
    for word in _words(style):
        if word not in seen:
            seen.add(word)
            yield word


def _words(style: Style) -> Iterator[str]:
    for name in _TOKENS:
        value = style.get(name)
        if value is not None and value.startswith("var(--"):
            yield token_word(value)
    weight = style.get("font-weight")
    if weight is not None:
        yield _WEIGHTS.get(weight, "bold")
    declared = {
        name: value for _, rule in reversed(list(style.ordered())) for name, value in rule.items()
    }
    for entry, word in _VALUES.items():
        if declared.get(entry[0]) == entry[1]:
            yield word
    for name, word in _PROPERTIES.items():
        if name in declared:
            yield word


def token_word(value: str) -> str:
    """Returns what a token is called after its group: "sm" of "var(--text-sm)"."""
    name = value.removeprefix("var(--").removesuffix(")")
    return name.split("-", 1)[-1].replace("(", "").replace(")", "")


def difference(style: Style, other: Style) -> Style:
    """Returns what `style` declares that `other` does not declare alike."""
    apart = Style()
    for condition, rule in style.ordered():
        for name, value in rule.items():
            if other.get(name, condition) != value:
                apart.set(name, value, condition)
    return apart
