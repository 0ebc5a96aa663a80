"""What is wrong with settings: missing, malformed, weak, or left at an example's value.

Everything is found at once, so that an operator needs one attempt and not one per variable.
No message repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_RANDOM = "at least 32 random characters (`openssl rand -hex 32`)"
_ALWAYS_REQUIRED = {
    "DATABASE_URL": "set it to postgresql://user:password@host:5432/structra",
    "API_KEY_SECRET": f"set it to {_RANDOM}",
}
_REQUIRED_IN_PRODUCTION = {
    "REDIS_URL": "set it to redis://host:6379",
    "S3_ENDPOINT": "set it to the object store's URL",
    "S3_ACCESS_KEY": "set it to the object store's access key",
    "S3_SECRET_KEY": "set it to the object store's secret key",
    "QDRANT_URL": "set it to http://host:6334, Qdrant's gRPC port",
    "JWT_SECRET": f"set it to {_RANDOM}",
    "ENCRYPTION_KEY": f"set it to {_RANDOM}",
}
_HTTP = ("http", "https")
_SCHEMES = {
    "APP_URL": _HTTP,
    "DATABASE_URL": ("postgresql", "postgres"),
    "DATABASE_READ_URL": ("postgresql", "postgres"),
    "DATABASE_DIRECT_URL": ("postgresql", "postgres"),
    "BACKUP_DATABASE_URL": ("postgresql", "postgres"),
    "REDIS_URL": ("redis", "rediss", "unix"),
    "S3_ENDPOINT": _HTTP,
    "BACKUP_S3_ENDPOINT": _HTTP,
    "QDRANT_URL": _HTTP,
    "OLLAMA_URL": _HTTP,
    "GEMINI_BASE_URL": _HTTP,
    "OTEL_EXPORTER_OTLP_ENDPOINT": _HTTP,
}
_DSN = re.compile(r"https?://[^/@\s]+@[^/@\s]+/(?:\S*/)?\d+")
# Made here, so they are held to what `openssl rand -hex 32` gives.
_OWN_SECRETS = ("API_KEY_SECRET", "JWT_SECRET", "ENCRYPTION_KEY")
# Given by others, who may have rules of their own: only examples' and makers' values are refused.
_GIVEN_SECRETS = (
    "REDIS_PASSWORD",
    "S3_ACCESS_KEY",
    "S3_SECRET_KEY",
    "BACKUP_S3_ACCESS_KEY",
    "BACKUP_S3_SECRET_KEY",
    "QDRANT_API_KEY",
    "GEMINI_API_KEY",
)
_URLS_WITH_PASSWORDS = (
    "DATABASE_URL",
    "DATABASE_READ_URL",
    "DATABASE_DIRECT_URL",
    "BACKUP_DATABASE_URL",
    "REDIS_URL",
)
_MAKERS_VALUES = {
    "password", "secure_password", "passwd", "secret", "postgres", "structra", "redis",
    "minioadmin", "minio123", "admin", "root", "test", "guest", "default", "12345678",
}  # fmt: skip
_EXAMPLES = ("your_", "your-", "changeme", "change_me", "change-me", "example", "placeholder")
_WEAK_PARTS = (*_EXAMPLES, "secret", "password", "development")
_LEAST_SECRET_LENGTH, _LEAST_VARIETY = 32, 10


def find_problems(values: Mapping[str, str], *, production: bool) -> dict[str, str]:
    """Returns what to do about each unusable setting of a server or worker.

    Args:
        values: The settings by the names of their variables; "" is not given.
        production: Whether all parts are required, and weak values refused.
    """
    required = _ALWAYS_REQUIRED | (_REQUIRED_IN_PRODUCTION if production else {})
    problems = {
        name: f"is missing: {advice}" for name, advice in required.items() if not values[name]
    }
    problems |= find_malformed(values)
    if production:
        problems |= find_weak(values, problems)
        if "*" in values["ALLOWED_ORIGINS"]:
            problems["ALLOWED_ORIGINS"] = "must list origins by name, for example https://app.host"
    return problems


def find_malformed(values: Mapping[str, str]) -> dict[str, str]:
    """Returns what to do about addresses that are none."""
    problems = {
        name: f"is not a URL of this kind: it begins with {' or '.join(f'{s}://' for s in schemes)}"
        for name, schemes in _SCHEMES.items()
        if values[name] and not _is_url(values[name], schemes)
    }
    if values["SENTRY_DSN"] and not _DSN.fullmatch(values["SENTRY_DSN"]):
        problems["SENTRY_DSN"] = "is not a DSN: copy it from the project's settings in Sentry"
    return problems


def find_weak(values: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Returns what to do about secrets that can be guessed, except those in `known`."""
    weak = {
        name: f"is weak: set it to {_RANDOM}"
        for name in _OWN_SECRETS
        if values[name] and _is_weak(values[name])
    }
    for name in _GIVEN_SECRETS:
        if _is_example(values[name]):
            weak[name] = "is an example's or a maker's value: set your own"
    for name in _URLS_WITH_PASSWORDS:
        if name not in known and _is_example(urlsplit(values[name]).password or ""):
            weak[name] = "has an example's or a maker's password: set your own"
    return {name: problem for name, problem in weak.items() if name not in known}


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    if "postgresql" in schemes:
        # Several servers may be named: host1:5432,host2:5432.
        each = _each_host(value)
        return all(_is_url_of_one(url, schemes) for url in each if url) and all(each)
    return _is_url_of_one(value, schemes)


def _each_host(url: str) -> list[str]:
    """Returns a URL for each host; "" for one of several that is empty."""
    start, separator, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    credentials, at, hosts = place.rpartition("@")
    named = hosts.split(",")
    return [
        f"{start}{separator}{credentials}{at}{host}{slash}{path}" if host or len(named) == 1 else ""
        for host in named
    ]


def _is_url_of_one(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        # Read for its error: what is no number is found only then.
        _ = parts.port
    except ValueError:
        return False
    has_place = bool(parts.hostname) or (schemes != _HTTP and bool(parts.path.strip("/")))
    return parts.scheme in schemes and has_place and not any(c.isspace() for c in value)


def _is_example(value: str) -> bool:
    lowered = value.lower()
    return lowered in _MAKERS_VALUES or any(part in lowered for part in _EXAMPLES)


def _is_weak(value: str) -> bool:
    lowered = value.lower()
    return (
        len(value) < _LEAST_SECRET_LENGTH
        or len(set(value)) < _LEAST_VARIETY
        or any(part in lowered for part in _WEAK_PARTS)
    )
