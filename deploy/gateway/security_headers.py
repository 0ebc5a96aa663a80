"""The headers that tell browsers what not to do with answers."""

from typing import Any

# A year, the least that browsers' preload lists take.
HSTS = "max-age=31536000; includeSubDomains"
# Answers are data, and never pages of their own.
_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
# Answers belong to one caller; the service may say otherwise.
_DEFAULTS = {"cache-control": "no-store"}


def security_headers(*, hsts: bool) -> list[dict[str, Any]]:
    """Returns the mutations of every response (`HeaderMutation`).

    Args:
        hsts: Whether to add Strict-Transport-Security, which only HTTPS may carry (RFC 6797).
    """
    headers = _HEADERS | ({"strict-transport-security": HSTS} if hsts else {})
    return [
        *(_append(key, value, "OVERWRITE_IF_EXISTS_OR_ADD") for key, value in headers.items()),
        *(_append(key, value, "ADD_IF_ABSENT") for key, value in _DEFAULTS.items()),
    ]


def _append(key: str, value: str, action: str) -> dict[str, Any]:
    return {"append": {"header": {"key": key, "value": value}, "append_action": action}}
