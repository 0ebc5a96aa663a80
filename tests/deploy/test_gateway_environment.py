import json
import re
import subprocess
from pathlib import Path

import pytest

from deploy.gateway import environment
from deploy.gateway.config import envoy_program
from deploy.gateway.environment import from_environment, write_folder


def test_what_is_written_is_what_envoy_accepts(tmp_path):
    config = from_environment(
        {"GATEWAY_SERVER_HOST": "api-server", "ALLOWED_ORIGINS": "https://a.host, https://b.host"}
    )
    path = write_folder(config, tmp_path)
    text = path.read_text()
    assert "api-server" in text
    assert str(tmp_path / "descriptor.pb") in text
    assert [o.rstrip("/") for o in config.allowed_origins] == ["https://a.host", "https://b.host"]
    clusters = {c["name"]: c["type"] for c in json.loads(text)["static_resources"]["clusters"]}
    assert clusters == {"servers": "STRICT_DNS", "operations": "STRICT_DNS", "admin": "STATIC"}
    done = subprocess.run(
        [envoy_program(), "--mode", "validate", "-c", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_tls_moves_clients_and_redirects_those_without(tmp_path):
    files = {"GATEWAY_TLS_CERT": "/certs/tls.crt", "GATEWAY_TLS_KEY": "/certs/tls.key"}
    config = from_environment(files)
    assert (config.listen.port, config.tls.redirect.port, config.tls.public_port) == (
        8443,
        8080,
        443,
    )
    assert config.hsts
    assert not from_environment({**files, "GATEWAY_HSTS": "false"}).hsts
    write_folder(config, tmp_path)
    secret = json.loads((tmp_path / "certificate.json").read_text())
    certificate = secret["resources"][0]["tls_certificate"]
    assert certificate["watched_directory"] == {"path": "/certs"}


def test_without_tls_there_is_no_hsts_unless_asked_for():
    assert not from_environment({}).hsts
    assert from_environment({"GATEWAY_HSTS": "true"}).hsts


def test_limits_and_metrics_are_on_and_can_be_turned_off():
    config = from_environment({})
    assert (config.rate_limit.client, config.rate_limit.total) == (100, 5000)
    assert config.operators.port == 9902
    off = from_environment({"GATEWAY_CLIENT_RATE": "0", "GATEWAY_METRICS_PORT": "0"})
    assert off.rate_limit is None
    assert off.operators is None


def test_replicas_may_be_listed_by_address():
    config = from_environment({"GATEWAY_SERVERS": "10.0.0.1:3001:3002, [fd00::1]:3001:3002"})
    assert config.discovery == "STATIC"
    assert [a.host for a in config.servers] == ["10.0.0.1", "fd00::1"]
    assert [a.port for a in config.operations] == [3002, 3002]


def test_every_variable_is_in_the_table():
    source = Path(environment.__file__).read_text()
    read = set(re.findall(r'"(GATEWAY_\w+|OTEL_\w+|ALLOWED_ORIGINS)"', source))
    assert read == set(re.findall(r"^\| `(\w+)`", environment.__doc__, re.MULTILINE))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GATEWAY_PORT", "http"),
        ("GATEWAY_PORT", "-1"),
        ("GATEWAY_HSTS", "perhaps"),
        ("GATEWAY_SERVERS", "server:3001"),
        ("GATEWAY_SERVERS", "server:3001:3002"),
        ("GATEWAY_TLS_CERT", "/certs/tls.crt"),
        ("GATEWAY_CLIENT_RATE", "9000"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "app.host"),
    ],
)
def test_bad_values_are_named(variable, value):
    with pytest.raises(ValueError, match=rf"{variable}|origin|rate limits"):
        from_environment({variable: value})
