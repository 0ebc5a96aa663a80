"""Colour difference as people see it."""

from __future__ import annotations

import math
from functools import lru_cache

# sRGB (IEC 61966-2-1) to XYZ, and the D65 white point of the 2-degree observer.
_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)
_EPSILON = 216 / 24389
_KAPPA = 24389 / 27
_SEVENTH_25 = 25.0**7

Rgb = tuple[int, int, int]
Lab = tuple[float, float, float]


def parse_hex(color: str) -> Rgb:
    """Returns the channels, 0 to 255, of "#rrggbb" (an alpha part is ignored)."""
    digits = color.lstrip("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def blend(color: str, under: str, alpha: float) -> str:
    """Returns "#rrggbb" of `color` laid over `under` with opacity `alpha`, 0 to 1."""
    mixed = [
        round(top * alpha + base * (1 - alpha))
        for top, base in zip(parse_hex(color), parse_hex(under), strict=True)
    ]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


@lru_cache(maxsize=4096)
def to_lab(rgb: Rgb) -> Lab:
    """Returns CIE L*a*b* (D65) of an sRGB colour with channels 0 to 255."""
    linear = _linear(rgb)
    f = []
    for row, white in zip(_TO_XYZ, _WHITE, strict=True):
        t = sum(k * c for k, c in zip(row, linear, strict=True)) / white
        f.append(t ** (1 / 3) if t > _EPSILON else (_KAPPA * t + 16) / 116)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def contrast_ratio(first: Rgb, second: Rgb) -> float:
    """Returns the contrast ratio of WCAG 2.2, 1 to 21."""
    lights = sorted((_luminance(first), _luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(rgb: Rgb) -> float:
    return sum(k * c for k, c in zip(_TO_XYZ[1], _linear(rgb), strict=True))


def _linear(rgb: Rgb) -> list[float]:
    return [
        (c / 255 / 12.92) if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb
    ]


def _hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0


def ciede2000(first: Rgb, second: Rgb) -> float:
    """Returns the CIEDE2000 difference of two sRGB colours, 0 to about 100."""
    return lab_difference(to_lab(first), to_lab(second))


def lab_difference(first: Lab, second: Lab) -> float:
    """Returns the CIEDE2000 difference of two colours in CIE L*a*b*.

    After Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula:
    implementation notes, supplementary test data, and mathematical
    observations" (2005), with all parametric factors 1.
    """
    l1, a1, b1 = first
    l2, a2, b2 = second
    mean_c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean_c**7 / (mean_c**7 + _SEVENTH_25)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = _hue(a1, b1), _hue(a2, b2)

    delta_h = 0.0
    mean_h = h1 + h2
    if c1 and c2:
        delta_h = (h2 - h1 + 180) % 360 - 180
        mean_h = (h1 + h2) / 2
        if abs(h1 - h2) > 180:
            mean_h += 180 if h1 + h2 < 360 else -180
    big_delta_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(delta_h / 2))

    mean_l, mean_cp = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(mean_h - 30))
        + 0.24 * math.cos(math.radians(2 * mean_h))
        + 0.32 * math.cos(math.radians(3 * mean_h + 6))
        - 0.20 * math.cos(math.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    s_c = 1 + 0.045 * mean_cp
    s_h = 1 + 0.015 * mean_cp * t
    rotation = (
        -2
        * math.sqrt(mean_cp**7 / (mean_cp**7 + _SEVENTH_25))
        * math.sin(math.radians(60 * math.exp(-(((mean_h - 275) / 25) ** 2))))
    )
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, big_delta_h / s_h
    return math.sqrt(max(dl * dl + dc * dc + dh * dh + rotation * dc * dh, 0.0))
