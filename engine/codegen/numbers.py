"""Numbers as stylesheets write them."""

from __future__ import annotations

_ROOT_PX = 16.0


def number(value: float, digits: int = 4) -> str:
    """Returns a decimal without needless zeros: 1.5, 2, 0.25."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def rem(px: float) -> str:
    """Returns a length of `px` CSS pixels in rem (1rem = 16px); "0" for nothing."""
    text = number(px / _ROOT_PX, 5)
    return "0" if text == "0" else f"{text}rem"


def steps(px: float) -> float:
    """Returns `px` in steps of 4 pixels, to a quarter of a step (one pixel)."""
    return round(px) / 4


def step_name(px: float) -> str:
    """Returns a name for a distance in steps of 4 pixels: 16 is "4", 10 is "2-5"."""
    return number(steps(px), 2).replace(".", "-")
