"""Checks what the browser says against the pixels: which ink a text has, on which ground."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Json = dict[str, Any]
Pixels = NDArray[np.uint8]

# A pixel is ink where hiding the text changes it by more than this, of 255.
_INK_CHANGE = 12
# Fewer pixels of ink than this are no text that anyone could read.
_LEAST_INK = 4
# Antialiasing mixes most pixels of a letter with the ground; these few are the ink itself.
_PUREST = 0.97
# Colours this near, of 255 in each channel, count as one ground.
_GROUND_SPREAD = 4


def check_texts(measured: Json, shown: Pixels, bare: Pixels) -> None:
    """Adds to the texts what is painted, and moves those without ink to `unpainted_texts`.

    `shown` is the picture of the page, `bare` that of the page without its text (BGR).
    """
    change = np.abs(shown.astype(np.int16) - bare.astype(np.int16)).max(axis=2)
    texts, unpainted = [], []
    for text in measured["texts"]:
        window = _window(text, shown)
        ink = change[window] > _INK_CHANGE
        count = int(ink.sum())
        if count < _LEAST_INK:
            unpainted.append({**{name: text[name] for name in ("text", *"xywh")}, "ink_px": count})
            continue
        ground, share = _ground(bare[window])
        painted = _ink_color(shown[window], change[window])
        texts.append(
            {
                **text,
                "background_px": _hex(ground),
                "background_px_share": round(share, 2),
                "ink_px": count,
                "color_px": _hex(painted),
            }
        )
    texts.sort(key=lambda text: (text["y"], text["x"]))
    for number, text in enumerate(texts):
        text["id"] = number
    measured["texts"] = texts
    if unpainted:
        measured["unpainted_texts"] = unpainted


def check_icons(measured: Json, shown: Pixels, bare: Pixels) -> None:
    """Leaves out the icons of a font that paint nothing, and cuts stretched ones to their ink."""
    change = np.abs(shown.astype(np.int16) - bare.astype(np.int16)).max(axis=2) > _INK_CHANGE
    icons = []
    for icon in measured["icons"]:
        window = _window(icon, shown)
        rows, columns = np.nonzero(change[window])
        if len(rows) < _LEAST_INK:
            continue
        if icon.pop("stretched", False):
            icon["x"] = window[1].start + int(columns.min())
            icon["y"] = window[0].start + int(rows.min())
            icon["w"] = int(columns.max() - columns.min()) + 1
            icon["h"] = int(rows.max() - rows.min()) + 1
        icons.append(icon)
    measured["icons"] = icons


def check_images(measured: Json, shown: Pixels) -> None:
    """Leaves out the small pictures that paint nothing, such as unseen placeholders."""
    measured["images"] = [
        image for image in measured["images"] if _painted(shown[_window(image, shown)])
    ]


def page_colors(shown: Pixels) -> Json:
    """Returns the page's commonest colour with its share, and the commonest at its sides."""
    color, share = _ground(shown)
    edge, _ = _ground(np.concatenate([shown[:, 0], shown[:, -1]])[None])
    return {
        "page_background_px": _hex(color),
        "dominant_share": round(share, 2),
        "edge_background_px": _hex(edge),
    }


def _window(item: Json, pixels: Pixels) -> tuple[slice, slice]:
    height, width = pixels.shape[:2]
    left, top = max(0, int(item["x"])), max(0, int(item["y"]))
    right = min(width, int(np.ceil(item["x"] + item["w"])))
    bottom = min(height, int(np.ceil(item["y"] + item["h"])))
    return slice(min(top, height - 1), max(bottom, top + 1)), slice(
        min(left, width - 1), max(right, left + 1)
    )


def _painted(window: Pixels) -> bool:
    return bool((window.reshape(-1, 3).max(axis=0) - window.reshape(-1, 3).min(axis=0)).max() > 0)


def _ground(window: Pixels) -> tuple[NDArray[np.uint8], float]:
    """Returns the commonest colour and the share of the pixels that are nearly of it."""
    flat = window.reshape(-1, 3)
    packed = flat.astype(np.uint32) @ np.array([1, 256, 65536], dtype=np.uint32)
    values, counts = np.unique(packed, return_counts=True)
    value = int(values[counts.argmax()])
    color = np.array([value & 255, value >> 8 & 255, value >> 16], dtype=np.uint8)
    near = np.abs(flat.astype(np.int16) - color.astype(np.int16)).max(axis=1) <= _GROUND_SPREAD
    return color, float(near.mean())


def _ink_color(window: Pixels, change: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Returns the median of the pixels that hiding the text changed most."""
    purest = change >= max(_INK_CHANGE + 1, float(change.max()) * _PUREST)
    return np.asarray(np.median(window[purest], axis=0), dtype=np.uint8)


def _hex(color: NDArray[np.uint8]) -> str:
    blue, green, red = (int(value) for value in color)
    return f"#{red:02x}{green:02x}{blue:02x}"
