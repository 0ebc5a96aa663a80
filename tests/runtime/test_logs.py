import json
import subprocess
import sys

PROGRAM = """
import structlog
from runtime.telemetry.logs import configure_logging
configure_logging("info", role="server")
structlog.contextvars.bind_contextvars(request_id="r-1")
log = structlog.get_logger("structra.test")
log.debug("hidden")
log.info("made", api_key="sk_live_1", dsn="x", url="redis://:hunter2@host:1/0", picture=b"abc")
try:
    local = "sk_live_2"
    raise ValueError("boom " + str(len(local)))
except ValueError:
    log.exception("failed")
"""


def test_lines_are_json_without_secrets():
    out = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    ).stdout
    made, failed = (json.loads(line) for line in out.splitlines())
    assert made["event"] == "made"
    assert made["level"] == "info"
    assert made["role"] == "server"
    assert made["request_id"] == "r-1"
    assert made["timestamp"].endswith("Z")
    assert made["api_key"] == made["dsn"] == "[redacted]"
    assert made["url"] == "redis://:[redacted]@host:1/0"
    assert made["picture"] == "[3 bytes]"
    assert failed["exception"][0]["exc_type"] == "ValueError"
    assert "hunter2" not in out
    assert "sk_live_2" not in out
