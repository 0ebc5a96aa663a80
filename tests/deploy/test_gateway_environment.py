import json
import subprocess

import pytest

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
    assert json.loads(text)["static_resources"]["clusters"][0]["type"] == "STRICT_DNS"
    done = subprocess.run(
        [envoy_program(), "--mode", "validate", "-c", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [("GATEWAY_PORT", "http"), ("ALLOWED_ORIGINS", "*"), ("ALLOWED_ORIGINS", "app.host")],
)
def test_bad_values_are_named(variable, value):
    with pytest.raises(ValueError, match=r"GATEWAY_PORT|origin"):
        from_environment({variable: value})
