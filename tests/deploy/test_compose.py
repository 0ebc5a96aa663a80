"""The compose file is well-formed, and the program can start with the environment it gives."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.backup.wiring import load_backup_settings
from deploy.gateway.environment import from_environment
from runtime.settings import Settings, load_settings
from structra_client.cli.retention import find_problems

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "deploy" / "docker-compose.prod.yml"
EDGE = ROOT / "deploy" / "docker-compose.edge.yml"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(COMPOSE.read_text())


@pytest.fixture
def secrets(tmp_path):
    folder = tmp_path / "secrets"
    subprocess.run([ROOT / "deploy" / "make-secrets", folder], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("file", [COMPOSE, EDGE], ids=lambda path: path.name)
def test_the_published_schema_accepts_it(file):
    done = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stdout


def resolved(value, secrets):
    """Returns what compose would put for a value: a default, or a secret's file."""
    if value.startswith("${"):
        return value[2:-1].partition(":-")[2]
    if value.startswith("/run/secrets/"):
        return str(secrets / Path(value).name)
    return value


@pytest.mark.parametrize("name", ["server", "worker"])
def test_its_environment_satisfies_the_settings(compose, secrets, monkeypatch, name):
    for variable in list(os.environ):
        if variable.lower().removesuffix("_file") in Settings.model_fields:
            monkeypatch.delenv(variable)
    for variable, value in compose["services"][name]["environment"].items():
        monkeypatch.setenv(variable, resolved(str(value), secrets))
        assert variable.lower().removesuffix("_file") in Settings.model_fields, variable
    settings = load_settings()
    assert settings.production
    password = (secrets / "db_password").read_text()
    assert f":{password}@postgres:5432/structra" in settings.database_url.get_secret_value()


def test_the_backups_environment_is_all_that_backups_need(compose, secrets, monkeypatch):
    for variable in list(os.environ):
        if variable.lower().removesuffix("_file") in Settings.model_fields:
            monkeypatch.delenv(variable)
    for variable, value in compose["services"]["backup"]["environment"].items():
        monkeypatch.setenv(variable, resolved(str(value), secrets))
        assert variable.lower().removesuffix("_file") in Settings.model_fields, variable
    settings = load_backup_settings()
    assert settings.production
    assert settings.backup_s3_bucket != settings.s3_bucket


def test_what_prunes_has_all_that_it_needs(compose, secrets, monkeypatch):
    for variable in list(os.environ):
        if variable.lower().removesuffix("_file") in Settings.model_fields:
            monkeypatch.delenv(variable)
    for variable, value in compose["services"]["prune"]["environment"].items():
        monkeypatch.setenv(variable, resolved(str(value), secrets))
        assert variable.lower().removesuffix("_file") in Settings.model_fields, variable
    settings = load_settings(find_problems)
    assert settings.retention_days == 30


def test_the_edge_override_gives_envoy_the_same_settings(compose):
    (edge,) = yaml.safe_load(EDGE.read_text())["services"].values()
    official = compose["services"]["envoy-config"]["environment"]
    assert official.items() <= edge["environment"].items()
    config = from_environment(
        {name: resolved(str(value), None) for name, value in edge["environment"].items()}
    )
    assert [server.host for server in config.servers] == ["server"]
    # The ports that the first file publishes.
    published = {entry.rsplit(":", 1)[1] for entry in compose["services"]["envoy"]["ports"]}
    assert str(config.listen.port) in published


def test_only_envoy_is_reachable_from_outside(compose):
    published = {n for n, s in compose["services"].items() if "ports" in s}
    assert published == {"envoy"}


def test_every_image_is_pinned_and_every_service_bounded(compose):
    for name, service in compose["services"].items():
        tag = service["image"].rsplit(":", 1)[1]
        assert tag != "latest", name
        if service.get("restart") != "no":
            assert service["deploy"]["resources"]["limits"]["memory"], name


def test_secrets_are_files_that_make_secrets_makes(compose, secrets):
    wanted = {Path(s["file"]).name for s in compose["secrets"].values()}
    assert wanted == {p.name for p in secrets.iterdir()}
    before = {p.name: p.read_text() for p in secrets.iterdir()}
    subprocess.run([ROOT / "deploy" / "make-secrets", secrets], check=True, capture_output=True)
    assert before == {p.name: p.read_text() for p in secrets.iterdir()}
