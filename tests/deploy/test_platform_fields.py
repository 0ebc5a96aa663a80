"""The platforms' files use fields that exist, with values of the right kind.

Neither platform publishes its schema in a registry, so the fields that are used are listed here by
hand: Fly's from what its command line reads (flyctl, internal/appconfig), Railway's from its
reference of configuration as code. A field that is not listed is a typing error, or needs a look
into those.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest

PLATFORMS = Path(__file__).resolve().parents[2] / "deploy" / "platforms"


def seconds(value):
    return isinstance(value, str) and re.fullmatch(r"\d+(ms|s|m|h)", value) is not None


def texts(value):
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def one_of(*values):
    return lambda value: value in values


def number(value):
    # JSON's true is no number, though Python's is.
    return type(value) in {int, float}


def text(value):
    return isinstance(value, str)


def truth(value):
    return isinstance(value, bool)


def memory(value):
    return text(value) and re.fullmatch(r"\d+(mb|gb)", value) is not None


CHECK = {
    "type": one_of("http", "tcp"), "port": number, "method": text, "path": text,
    "interval": seconds, "timeout": seconds, "grace_period": seconds, "processes": texts,
}  # fmt: skip
SERVICE = {
    "protocol": one_of("tcp", "udp"), "internal_port": number, "processes": texts,
    "auto_stop_machines": one_of("off", "stop", "suspend"), "auto_start_machines": truth,
    "min_machines_running": number,
    "concurrency": {
        "type": one_of("connections", "requests"), "soft_limit": number, "hard_limit": number,
    },
    "ports": [{
        "port": number, "handlers": texts, "force_https": truth,
        "tls_options": {"alpn": texts, "versions": texts}, "http_options": {"h2_backend": truth},
    }],
    "tcp_checks": [{"interval": seconds, "timeout": seconds, "grace_period": seconds}],
}  # fmt: skip
FLY = {
    "app": text, "primary_region": text, "kill_signal": text, "kill_timeout": seconds,
    "build": {"dockerfile": text, "build-target": text},
    "deploy": {
        "strategy": one_of("rolling", "immediate", "canary", "bluegreen"),
        "max_unavailable": number, "wait_timeout": seconds,
        "release_command": text, "release_command_timeout": seconds,
    },
    "env": {None: text}, "processes": {None: text}, "checks": {None: CHECK},
    "services": [SERVICE],
    "vm": [{"size": text, "memory": memory, "processes": texts}],
    "metrics": {"port": number, "path": text, "processes": texts},
}  # fmt: skip
RAILWAY = {
    "$schema": one_of("https://railway.com/railway.schema.json"),
    "build": {"builder": one_of("RAILPACK", "DOCKERFILE"), "dockerfilePath": text},
    "deploy": {
        "startCommand": text, "preDeployCommand": texts, "numReplicas": number,
        "restartPolicyType": one_of("ALWAYS", "ON_FAILURE", "NEVER"),
        # The documentation shows texts; the platform takes numbers only.
        "overlapSeconds": number, "drainingSeconds": number,
        "healthcheckPath": text, "healthcheckTimeout": number,
    },
}  # fmt: skip


def problems(value, known, path=""):
    """Returns the paths of fields that are unknown or have a value of the wrong kind."""
    if callable(known):
        return [] if known(value) else [f"{path} = {value!r}"]
    if isinstance(known, list):
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [p for i, item in enumerate(value) for p in problems(item, known[0], f"{path}[{i}]")]
    if not isinstance(value, dict):
        return [f"{path} is no table"]
    found = []
    for name, item in value.items():
        kind = known.get(name, known.get(None))
        here = f"{path}.{name}"
        found += [f"{here} is unknown"] if kind is None else problems(item, kind, here)
    return found


def test_fly_knows_every_field():
    assert problems(tomllib.loads((PLATFORMS / "fly.toml").read_text()), FLY) == []


@pytest.mark.parametrize("file", sorted(PLATFORMS.glob("railway.*.json")), ids=lambda p: p.name)
def test_railway_knows_every_field(file):
    assert problems(json.loads(file.read_text()), RAILWAY) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"kill_timout": "1s"}, ".kill_timout is unknown"),
        ({"kill_timeout": "long"}, ".kill_timeout = 'long'"),
        ({"services": {}}, ".services is no list"),
        ({"services": [{"ports": [{"port": "443"}]}]}, ".services[0].ports[0].port = '443'"),
        ({"checks": {"a": {"typ": "http"}}}, ".checks.a.typ is unknown"),
    ],
)
def test_what_is_wrong_is_found(change, found):
    assert problems(change, FLY) == [found]
