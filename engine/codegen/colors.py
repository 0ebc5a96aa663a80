"""Names for colours and their contrast."""

from __future__ import annotations

import colorsys

# Upper bounds of hue angles (degrees) and the families' names.
_HUES = (
    (15, "red"), (40, "orange"), (52, "amber"), (68, "yellow"), (90, "lime"), (150, "green"),
    (178, "teal"), (197, "cyan"), (225, "blue"), (258, "indigo"), (288, "purple"), (332, "pink"),
    (361, "red"),
)  # fmt: skip
# Lightness (0 to 1) of the steps, light to dark, as most palettes number them.
_STEPS = (
    (0.975, 50), (0.94, 100), (0.88, 200), (0.80, 300), (0.68, 400), (0.56, 500), (0.46, 600),
    (0.37, 700), (0.28, 800), (0.19, 900), (0.0, 950),
)  # fmt: skip
_GRAY_SATURATION = 0.12


def rgb(value: str) -> tuple[float, float, float]:
    """Returns the channels of "#rrggbb" (alpha ignored), 0 to 1."""
    return (
        int(value[1:3], 16) / 255,
        int(value[3:5], 16) / 255,
        int(value[5:7], 16) / 255,
    )


def color_name(value: str) -> str:
    """Returns a readable name such as "blue-600", "gray-200" or "white"."""
    red, green, blue = rgb(value)
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    spread = max(red, green, blue) - min(red, green, blue)
    if lightness > 0.995:
        return "white" + _alpha(value)
    if lightness < 0.012:
        return "black" + _alpha(value)
    gray = saturation < _GRAY_SATURATION or spread < 0.1
    family = "gray" if gray else next(name for end, name in _HUES if hue * 360 < end)
    step = next(number for least, number in _STEPS if lightness >= least)
    return f"{family}-{step}{_alpha(value)}"


def _alpha(value: str) -> str:
    if len(value) < 9:
        return ""
    return f"-a{round(int(value[7:9], 16) / 2.55)}"


def luminance(value: str) -> float:
    """Returns the relative luminance as WCAG 2 defines it, 0 to 1."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in rgb(value))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Returns the contrast ratio as WCAG 2 defines it, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
