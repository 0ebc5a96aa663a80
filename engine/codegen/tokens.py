"""Design tokens: turns the schema's values into references to custom properties.

Values that no token of the schema covers get one with a readable name, so that
no literal length or colour is left in the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen.colors import color_name
from engine.codegen.fonts import FALLBACK_FAMILIES, FAMILY_NAMES
from engine.codegen.numbers import number, rem, step_name
from engine.schema.css_values import pixels

_TEXT_NAMES = {
    12: "xs", 14: "sm", 16: "base", 18: "lg", 20: "xl", 24: "2xl", 30: "3xl", 36: "4xl",
    48: "5xl", 60: "6xl", 72: "7xl", 96: "8xl",
}  # fmt: skip
# Type above this size shrinks on narrow viewports, in pixels.
_FLUID_FROM = 30.0
_FLUID_SHARE = 0.55
_ROUND = 999.0


class Tokens:
    """Hands out references to custom properties and remembers which were used.

    `source_width` is the viewport width in CSS pixels at which fluid type has
    its full size.
    """

    def __init__(self, variables: canonical_schema_pb2.CssVariables, source_width: float) -> None:
        self._colors = dict(variables.colors)
        self._spacing = dict(variables.spacing)
        self._typography = dict(variables.typography)
        self._source_width = source_width
        self._used: dict[str, str] = {}
        self._by_value: dict[tuple[str, str], str] = {}
        self._remember("color", self._colors)
        self._remember("length", self._spacing)
        self._remember("text", self._typography)

    @property
    def used(self) -> Mapping[str, str]:
        """The custom properties referred to so far, by name."""
        return dict(sorted(self._used.items(), key=lambda item: _order(item[0])))

    def color(self, color: node_pb2.Color) -> str:
        """Returns a reference to a colour."""
        if color.token in self._colors:
            return self._use(color.token, self._colors[color.token])
        value = color.value.lower()
        known = self._by_value.get(("color", value))
        return self._use(*self._new("color", f"--color-{color_name(value)}", value, known))

    def space(self, length: node_pb2.Length) -> str:
        """Returns a reference to a distance; negative ones are calculated; "0" for none."""
        if length.token in self._spacing:
            return self._use(length.token, self._spacing[length.token])
        px = round(length.px)
        if px == 0:
            return "0"
        value = rem(abs(px))
        known = self._named("length", value, "--space")
        reference = self._use(*self._new("length", f"--space-{step_name(abs(px))}", value, known))
        return reference if px > 0 else f"calc(-1 * {reference})"

    def space_px(self, px: float) -> str:
        """Returns a reference to a distance in pixels."""
        return self.space(node_pb2.Length(px=px))

    def size(self, length: node_pb2.Length) -> str:
        """Returns a reference to a width or height."""
        if length.token in self._spacing:
            return self._use(length.token, self._spacing[length.token])
        px = max(round(length.px), 1)
        if px <= 2:
            return f"{px}px"
        value = rem(px)
        known = self._named("length", value, "--size") or self._named("length", value, "--width")
        return self._use(*self._new("length", f"--size-{px}", value, known))

    def size_px(self, px: float) -> str:
        """Returns a reference to a width or height in pixels."""
        return self.size(node_pb2.Length(px=px))

    def radius(self, length: node_pb2.Length, smaller_side: float) -> str:
        """Returns a reference to a corner radius; fully round when it covers half a side."""
        if length.token in self._spacing:
            return self._use(length.token, self._spacing[length.token])
        if smaller_side and length.px >= smaller_side / 2 - 0.5 and length.px >= 4:
            return self.round()
        px = round(length.px)
        if px <= 0:
            return "0"
        value = rem(px)
        known = self._named("length", value, "--radius")
        return self._use(*self._new("length", f"--radius-{px}", value, known))

    def round(self) -> str:
        """Returns a reference to the radius that makes pills and circles."""
        known = self._named("length", f"{int(_ROUND)}px", "--radius")
        return self._use(*self._new("length", "--radius-full", f"{int(_ROUND)}px", known))

    def font_size(self, length: node_pb2.Length, most: float | None = None) -> str:
        """Returns a reference to a font size; large ones shrink with the viewport.

        `most` is the largest size in pixels that a text can have on a phone, when it is limited.
        """
        if most is not None:
            px = pixels(self._typography.get(length.token, "")) or length.px
            limited = self._fluid(rem(px), most)
            if limited != self._fluid(rem(px)):
                return self._use(*self._new("text", "--text-fit", limited))
        if length.token in self._typography:
            value = self._typography[length.token]
            return self._use(length.token, self._fluid(value))
        px = round(length.px * 4) / 4
        value = rem(px)
        known = self._named("text", value, "--text") or self._named("text", value, "--font-size")
        if known is not None:
            return self._use(known, self._fluid(value))
        name = _TEXT_NAMES.get(int(px)) if px == int(px) else None
        fresh, _ = self._new("text", f"--text-{name or number(px, 2).replace('.', '-')}", value)
        return self._use(fresh, self._fluid(value))

    def font_family(self, family: node_pb2.FontFamily.ValueType) -> str:
        """Returns a reference to a family list."""
        name = f"--font-{FAMILY_NAMES[family]}"
        return self._use(name, self._typography.get(name) or FALLBACK_FAMILIES[family])

    def tracking(self, em: float) -> str:
        """Returns a reference to a letter spacing in em."""
        value = f"{number(em, 3)}em"
        word = "wide" if em > 0 else "tight"
        name = f"--tracking-{word}-{number(abs(em) * 1000, 0)}"
        return self._use(*self._new("text", name, value))

    def shadow(self, shadows: Sequence[node_pb2.Shadow]) -> str:
        """Returns a reference to a list of box shadows."""
        value = ", ".join(_shadow(shadow) for shadow in shadows)
        reach = max(shadow.blur for shadow in shadows)
        word = "sm" if reach <= 4 else "md" if reach <= 12 else "lg" if reach <= 28 else "xl"
        return self._use(*self._new("shadow", f"--shadow-{word}", value))

    def gradient(self, gradient: node_pb2.Gradient) -> str:
        """Returns a gradient whose colours are references."""
        stops = ", ".join(
            f"{self.color(stop.color)} {number(stop.offset * 100, 1)}%" for stop in gradient.stops
        )
        if gradient.radial:
            return f"radial-gradient({stops})"
        return f"linear-gradient({number(gradient.angle, 1)}deg, {stops})"

    def literal(self, name: str, value: str) -> str:
        """Returns a reference to a property that holds `value` under `name` or a free name."""
        return self._use(*self._new("other", name, value))

    def _fluid(self, value: str, most: float | None = None) -> str:
        px = pixels(value)
        if px is None or px <= _FLUID_FROM or self._source_width < 768:
            return value
        least = round((_FLUID_FROM + (px - _FLUID_FROM) * _FLUID_SHARE) / 4) * 4
        if most is not None and most < least:
            least = int(max(most, _FLUID_FROM) / 2) * 2
        if least >= px:
            return value
        share = number(px / self._source_width * 100 + 0.05, 1)
        return f"clamp({rem(least)}, {share}vw, {rem(px)})"

    def _use(self, name: str, value: str) -> str:
        self._used[name] = value
        return f"var({name})"

    def _remember(self, kind: str, values: Mapping[str, str]) -> None:
        for name in sorted(values):
            value = values[name].strip().lower()
            px = pixels(value)
            key = rem(px) if px is not None and kind != "color" and px < _ROUND else value
            self._by_value.setdefault((kind, key), name)
            self._by_value.setdefault((kind + _prefix(name), key), name)

    def _named(self, kind: str, value: str, prefix: str) -> str | None:
        return self._by_value.get((kind + prefix, value))

    def _new(self, kind: str, name: str, value: str, known: str | None = None) -> tuple[str, str]:
        """Returns the name and value of the token for `value`, made now if there is none."""
        if known is not None:
            return known, self._value_of(known, value)
        own = self._by_value.get((f"{kind}:{_prefix(name)}", value))
        if own is not None:
            return own, value
        fresh, count = name, 1
        while self._taken(fresh):
            count += 1
            fresh = f"{name}-{chr(96 + count)}" if count <= 26 else f"{name}-{count}"
        self._by_value[f"{kind}:{_prefix(name)}", value] = fresh
        return fresh, value

    def _value_of(self, name: str, default: str) -> str:
        for group in (self._colors, self._spacing, self._typography):
            if name in group:
                return group[name]
        return default

    def _taken(self, name: str) -> bool:
        groups = (self._colors, self._spacing, self._typography, self._used)
        return any(name in group for group in groups) or name in self._by_value.values()


def _prefix(name: str) -> str:
    """Returns the first word of a token's name: "--space" of "--space-4"."""
    return "--" + name[2:].split("-", 1)[0]


def _shadow(shadow: node_pb2.Shadow) -> str:
    lengths = " ".join(
        f"{number(value, 1)}px" if round(value, 1) else "0"
        for value in (shadow.x, shadow.y, shadow.blur, shadow.spread)
    )
    color = shadow.color.value.lower() or "#00000026"
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    alpha = int(color[7:9], 16) / 255 if len(color) == 9 else 1.0
    inset = "inset " if shadow.inset else ""
    return f"{inset}{lengths} rgb({red} {green} {blue} / {number(alpha, 2)})"


_GROUPS = ("color", "font", "text", "tracking", "space", "size", "radius", "shadow")


def _order(name: str) -> tuple[int, str, float, str]:
    """Sorts tokens by group, then by the number in their name."""
    parts = name[2:].split("-", 1)
    group = _GROUPS.index(parts[0]) if parts[0] in _GROUPS else len(_GROUPS)
    rest = parts[1].replace("-", ".", 1) if len(parts) > 1 else ""
    try:
        return group, "", float(rest), name
    except ValueError:
        return group, rest, 0.0, name
