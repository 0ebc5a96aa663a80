"""Outlines of common icons, drawn on a 24 by 24 grid with strokes."""

from __future__ import annotations

_PATHS = {
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-left": "M19 12H5M11 6l-6 6 6 6",
    "arrow-right": "M5 12h14M13 6l6 6-6 6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
    "cart": "M3 4h3l2 11h10l2-8H7M9 20h.01M17 20h.01",
    "check": "M5 12l5 5L19 7",
    "chevron-down": "M6 9l6 6 6-6",
    "chevron-left": "M15 6l-6 6 6 6",
    "chevron-right": "M9 6l6 6-6 6",
    "chevron-up": "M6 15l6-6 6 6",
    "clock": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5l3 3",
    "close": "M6 6l12 12M18 6L6 18",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "edit": "M4 20h4L19 9l-4-4L4 16z",
    "heart": "M12 20s-8-5-8-11a4 4 0 0 1 8-1a4 4 0 0 1 8 1c0 6-8 11-8 11z",
    "home": "M4 11l8-7 8 7v9H4zM10 20v-6h4v6",
    "link": (
        "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"
    ),
    "lock": "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
    "mail": "M4 6h16v12H4zM4 7l8 6 8-6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "minus": "M5 12h14",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "phone": (
        "M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z"
    ),
    "pin": "M12 21s7-6 7-12a7 7 0 0 0-14 0c0 6 7 12 7 12zM12 9h.01",
    "play": "M7 4l13 8-13 8z",
    "plus": "M12 5v14M5 12h14",
    "search": "M11 4a7 7 0 1 0 0 14a7 7 0 1 0 0-14M16 16l5 5",
    "settings": "M12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6M12 2v4M12 18v4M2 12h4M18 12h4",
    "star": "M12 3l3 6 6 1-4.500 4.500 1 6.500-5.500-3-5.500 3 1-6.500L3 10l6-1z",
    "trash": "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
    "upload": "M12 16V5M7 9l5-5 5 5M5 20h14",
    "user": "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4 21a8 8 0 0 1 16 0",
}
_ALIASES = {
    "x": "close", "cross": "close", "hamburger": "menu", "email": "mail", "envelope": "mail",
    "location": "pin", "gear": "settings", "cog": "settings", "person": "user",
    "account": "user", "bag": "cart", "basket": "cart", "magnifier": "search", "tick": "check",
    "add": "plus", "notification": "bell", "pencil": "edit", "delete": "trash",
}  # fmt: skip
# What stands in for an icon that was not recognised: a square with cut corners.
UNKNOWN_PATH = "M7 4h10l3 3v10l-3 3H7l-3-3V7z"


def icon_path(name: str) -> str | None:
    """Returns the outline of a known icon, or None."""
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    return _PATHS.get(_ALIASES.get(key, key))
