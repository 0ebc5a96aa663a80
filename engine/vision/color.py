"""Colours as "#rrggbb": distance, luminance, contrast and hue."""

from __future__ import annotations

import colorsys
from functools import lru_cache

_CHANNEL_MAX = 255.0
# How far apart by `distance` what is painted in one colour may be seen.
SAME_COLOR = 24.0


@lru_cache(maxsize=4096)
def rgb(color: str) -> tuple[int, int, int]:
    """Returns the red, green and blue of "#rrggbb" or "#rrggbbaa", 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def distance(first: str, second: str) -> float:
    """Returns a perceptual distance, 0 to about 765.

    The "redmean" weighting of https://www.compuphase.com/cmetric.htm.
    """
    r1, g1, b1 = rgb(first)
    r2, g2, b2 = rgb(second)
    mean = (r1 + r2) / 2
    red, green, blue = r1 - r2, g1 - g2, b1 - b2
    weighted = (2 + mean / 256) * red**2 + 4 * green**2 + (2 + (255 - mean) / 256) * blue**2
    return float(weighted**0.5)


def luminance(color: str) -> float:
    """Returns the relative luminance of WCAG 2, 0 (black) to 1 (white)."""
    channels = []
    for value in rgb(color):
        part = value / _CHANNEL_MAX
        channels.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(first: str, second: str) -> float:
    """Returns the contrast ratio of WCAG 2, 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def saturation(color: str) -> float:
    """Returns the chroma, 0 (grey) to 1 (pure), as max minus min of the channels."""
    values = rgb(color)
    return (max(values) - min(values)) / _CHANNEL_MAX


def hue(color: str) -> float:
    """Returns the hue, 0 to 1; 0 for greys."""
    red, green, blue = (value / _CHANNEL_MAX for value in rgb(color))
    return colorsys.rgb_to_hsv(red, green, blue)[0]
