"""What may stand in CSS and in URLs: the one guard between schemas and stylesheets.

A schema may come from anywhere, so every value that is copied into code has to
match one of these forms.
"""

from __future__ import annotations

import re

_TOKEN_NAME = re.compile(r"--[A-Za-z][A-Za-z0-9_-]{0,63}\Z")
_IDENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z")
# No quote, brace, semicolon, backslash, angle bracket, at-sign or comment can occur.
_PLAIN_VALUE = re.compile(r"[A-Za-z0-9#%.,()/+*_ -]{1,300}\Z")
_FAMILY = re.compile(r"(?:\"[A-Za-z0-9 _-]+\"|'[A-Za-z0-9 _-]+'|[A-Za-z][A-Za-z0-9 _-]*)\Z")
_FUNCTION = re.compile(r"([A-Za-z-]+)\(")
_SAFE_FUNCTIONS = frozenset({
    "calc", "clamp", "min", "max", "var", "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch",
    "oklab", "oklch", "color-mix", "minmax", "linear-gradient", "radial-gradient",
    "cubic-bezier", "steps", "linear", "fit-content", "repeat",
})  # fmt: skip
_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_TRACK = re.compile(
    rf"(?:{_NUMBER}(?:fr|rem|em|px|%|ch)|auto|min-content|max-content|0"
    r"|minmax\([A-Za-z0-9.%-]+,\s*[A-Za-z0-9.%-]+\)"
    rf"|fit-content\({_NUMBER}(?:rem|em|px|%)\))\Z"
)
_LENGTH = re.compile(rf"(-?{_NUMBER})(px|rem|em)?\Z")
_TIME = re.compile(rf"{_NUMBER}(?:ms|s)\Z")
_EASING = re.compile(
    r"(?:linear|ease|ease-in|ease-out|ease-in-out|step-start|step-end"
    rf"|cubic-bezier\(\s*{_NUMBER}\s*,\s*-?{_NUMBER}\s*,\s*{_NUMBER}\s*,\s*-?{_NUMBER}\s*\)"
    r"|steps\(\s*\d+\s*(?:,\s*[a-z-]+\s*)?\))\Z"
)
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-., ]{1,20000}\Z")
_PROPERTY = re.compile(r"-{0,2}[a-z][a-z-]{0,60}\Z")
_URL_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_URL_NOISE = re.compile(r"[\x00-\x20\x7f-\x9f]")
_ROOT_PX = 16.0


def is_token_name(name: str) -> bool:
    """Returns whether `name` is a custom property's name, such as "--color-primary"."""
    return bool(_TOKEN_NAME.match(name))


def is_ident(name: str) -> bool:
    """Returns whether `name` is a plain CSS identifier."""
    return bool(_IDENT.match(name))


def is_value(value: str) -> bool:
    """Returns whether `value` can be copied into a declaration without ending it."""
    if not _PLAIN_VALUE.match(value) or value.count("(") != value.count(")") or "/*" in value:
        return False
    return all(name.lower() in _SAFE_FUNCTIONS for name in _FUNCTION.findall(value))


def is_family_list(value: str) -> bool:
    """Returns whether `value` is a list of font families."""
    parts = [part.strip() for part in value.split(",")]
    return len(value) <= 300 and all(_FAMILY.match(part) for part in parts)


def is_track(value: str) -> bool:
    """Returns whether `value` is one track of a grid, such as "1fr" or "16rem"."""
    return bool(_TRACK.match(value.strip()))


def is_time(value: str) -> bool:
    """Returns whether `value` is a CSS time that is not negative."""
    return bool(_TIME.match(value))


def is_easing(value: str) -> bool:
    """Returns whether `value` is a CSS easing function."""
    return bool(_EASING.match(value))


def is_path(value: str) -> bool:
    """Returns whether `value` looks like SVG path data and nothing else."""
    return bool(_PATH.match(value)) and value.lstrip()[:1] in {"M", "m"}


def is_property(name: str) -> bool:
    """Returns whether `name` is a CSS property's name in form."""
    return bool(_PROPERTY.match(name))


def is_safe_url(url: str) -> bool:
    """Returns whether a link may lead to `url`: web, mail, telephone or a relative address."""
    if _URL_NOISE.search(url.strip()) or len(url) > 2000:
        return False
    bare = url.strip().lower()
    return not _URL_SCHEME.match(bare) or bare.startswith(_SAFE_SCHEMES)


def pixels(value: str) -> float | None:
    """Returns a length in CSS pixels (1rem = 1em = 16px); None when it is no plain length."""
    match = _LENGTH.match(value.strip())
    if match is None:
        return None
    number = float(match.group(1))
    if match.group(2) is None:
        return 0.0 if number == 0 else None
    return number if match.group(2) == "px" else number * _ROOT_PX
