"""Real log lines are what their schemas say, and have no secret in them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from structra.v1 import analysis_pb2

from tests.leaks import leaks
from tests.waiting import until

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "logs"


def lines_of(service, prefix):
    lines = []
    for path in service.logs():
        if path.name.startswith(prefix):
            # The last one may be half written yet.
            lines += path.read_text("utf-8").split("\n")[:-1]
    return lines


def problems_of(lines, schema):
    validator = Draft202012Validator(
        json.loads((SCHEMAS / schema).read_text("utf-8")), format_checker=FormatChecker()
    )
    return [
        f"{error.json_path}: {error.message} in {line}"
        for line in lines
        for error in validator.iter_errors(json.loads(line))
    ]


async def test_lines_are_what_their_schemas_say(service, http, new_picture):
    async with service.client() as client:
        analysis = await client.analyze([new_picture], targets=["html-css"])
    assert analysis.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED
    async with http.get("/v1/analyses/nonsense?access_token=in-a-query") as answer:
        assert answer.status == 400

    async def is_written():
        return (
            any('"call ended"' in line for line in lines_of(service, "server-"))
            and any('"analysis succeeded"' in line for line in lines_of(service, "worker-"))
            and any("/v1/analyses/nonsense" in line for line in lines_of(service, "envoy-access"))
        )

    await until(is_written)
    assert not problems_of(lines_of(service, "server-"), "service.schema.json")
    assert not problems_of(lines_of(service, "worker-"), "service.schema.json")
    access = lines_of(service, "envoy-access")
    assert not problems_of(access, "access.schema.json")
    assert not any("in-a-query" in line for line in access)


async def test_no_line_has_a_secret(service):
    secrets = service.secrets()
    assert {"api_key_secret", "encryption_key", "database_password", "api key 0"} <= set(secrets)
    assert not leaks(service.logs(), secrets)
