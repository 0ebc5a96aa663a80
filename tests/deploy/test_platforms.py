"""The platforms' files name commands, ports and settings that the program really has."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from deploy.gateway import environment
from deploy.gateway.environment import from_environment
from runtime.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
PLATFORMS = ROOT / "deploy" / "platforms"
GUIDES = ROOT / "docs" / "platforms"
GATEWAY_VARIABLES = set(re.findall(r"^\| `(\w+)`", environment.__doc__, re.MULTILINE))
# What the guides tell operators to set as secrets.
SECRETS = {
    "DATABASE_URL": "postgresql://structra:pw@db.internal:5432/structra",
    "REDIS_URL": "redis://redis.internal:6379",
    "S3_ENDPOINT": "https://objects.internal",
    "S3_ACCESS_KEY": "access",
    "S3_SECRET_KEY": "secretly",
    "QDRANT_URL": "http://qdrant.internal:6334",
    "API_KEY_SECRET": "0f1e2d3c4b5a69788796a5b4c3d2e1f0aa",
    "JWT_SECRET": "1f1e2d3c4b5a69788796a5b4c3d2e1f0aa",
    "ENCRYPTION_KEY": "2f1e2d3c4b5a69788796a5b4c3d2e1f0aa",
}
FLY = tomllib.loads((PLATFORMS / "fly.toml").read_text())
RAILWAY = {
    kind: json.loads((PLATFORMS / f"railway.{kind}.json").read_text())
    for kind in ("server", "worker", "edge")
}
VERCEL = json.loads((PLATFORMS / "vercel.json").read_text())


def variables(name):
    lines = (PLATFORMS / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def settings_of(given, monkeypatch):
    for variable in list(os.environ):
        if variable.lower().removesuffix("_file") in Settings.model_fields:
            monkeypatch.delenv(variable)
    for variable, value in {**given, **SECRETS}.items():
        monkeypatch.setenv(variable, value)
    return load_settings()


@pytest.mark.parametrize("given", [FLY["env"], variables("railway.env")], ids=["fly", "railway"])
def test_the_environment_and_the_secrets_of_the_guide_satisfy_the_settings(given, monkeypatch):
    settings = settings_of(given, monkeypatch)
    assert settings.production
    assert (settings.host, settings.port, settings.ops_port) == ("::", 3001, 3002)
    for variable in given:
        assert variable.lower() in Settings.model_fields or variable in GATEWAY_VARIABLES, variable


@pytest.mark.parametrize("missing", SECRETS)
def test_no_secret_of_the_guide_is_superfluous(missing, monkeypatch):
    with monkeypatch.context() as patched:
        for name in SECRETS:
            patched.delenv(name, raising=False)
        patched.setitem(SECRETS, missing, "")
        with pytest.raises(Exception, match=missing):
            settings_of(FLY["env"], patched)


@pytest.mark.parametrize(
    ("given", "host"),
    [
        (FLY["env"], f"server.process.{FLY['app']}.internal"),
        (variables("railway.edge.env"), "server.railway.internal"),
    ],
    ids=["fly", "railway"],
)
def test_the_gateway_finds_the_servers_and_trusts_one_proxy(given, host):
    config = from_environment(given)
    assert config.servers[0].host == host
    assert config.trusted_hops == 1
    assert config.hsts
    assert config.tls is None
    assert config.listen.port == 8080


COMMANDS = [
    *FLY["processes"].values(),
    FLY["deploy"]["release_command"],
    *(r["deploy"]["startCommand"].removeprefix("python3 -m ") for r in RAILWAY.values()),
    *(c.removeprefix("python3 -m ") for c in RAILWAY["server"]["deploy"]["preDeployCommand"]),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_are_modules_of_the_image(command):
    module = shlex.split(command)[0]
    found = importlib.util.find_spec(module)
    assert found is not None
    if found.submodule_search_locations:
        assert importlib.util.find_spec(f"{module}.__main__")
    copied = re.findall(
        r"^COPY (\w+) \1$", (ROOT / "deploy/images/Dockerfile").read_text(), re.MULTILINE
    )
    assert module.split(".")[0] in copied


def test_fly_checks_and_services_name_processes_and_ports():
    processes = set(FLY["processes"])
    for part in (*FLY["checks"].values(), *FLY["services"], *FLY["vm"], FLY["metrics"]):
        assert set(part["processes"]) <= processes
    assert {p for vm in FLY["vm"] for p in vm["processes"]} == processes
    ports = {name: check["port"] for name, check in FLY["checks"].items()}
    assert ports == {"edge": 9902, "server": 3002, "worker": 3002}
    assert FLY["services"][0]["internal_port"] == int(FLY["env"]["GATEWAY_PORT"])
    assert {p for s in FLY["services"] for p in s["processes"]} == {"edge"}
    dockerfile = (PLATFORMS / FLY["build"]["dockerfile"]).resolve()
    assert f" AS {FLY['build']['build-target']}\n" in dockerfile.read_text()


def test_drains_end_before_the_platforms_kill():
    assert float(FLY["env"]["SHUTDOWN_GRACE_SECONDS"]) < int(FLY["kill_timeout"].rstrip("s"))
    grace = float(variables("railway.env")["SHUTDOWN_GRACE_SECONDS"])
    assert all(grace < r["deploy"]["drainingSeconds"] for r in RAILWAY.values())


def test_vercel_passes_on_the_api_and_nothing_else():
    sources = {r["source"]: r["destination"] for r in VERCEL["rewrites"]}
    assert set(sources) == {"/v1/:path*", "/health"}
    assert all(target.startswith("https://") for target in sources.values())


@pytest.mark.parametrize("guide", ["fly", "railway"])
def test_the_guide_names_every_secret(guide):
    text = (GUIDES / f"{guide}.md").read_text()
    assert [name for name in SECRETS if name not in text] == []


@pytest.mark.parametrize("guide", ["fly", "railway", "vercel", "kubernetes"])
def test_the_guide_refers_to_files_that_exist(guide):
    text = (GUIDES / f"{guide}.md").read_text()
    paths = set(re.findall(r"\b(?:deploy|docs)/[\w./-]*\w", text))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_edge_image_has_the_envoy_that_is_tested():
    locked = (ROOT / "requirements.lock").read_text()
    edge = (ROOT / "deploy/images/requirements.edge.lock").read_text()
    assert edge.strip() in locked
