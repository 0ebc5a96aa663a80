"""Errors of server and worker reach a Sentry, without what they were about."""

import asyncio
import os
from uuid import UUID

import pytest
from structra.v1 import project_service_pb2, project_service_pb2_grpc

from stores.postgres.submissions import Submission, Submissions
from tests.end_to_end.conftest import Service
from tests.waiting import until

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]

PRIVATE = "zanzibarian clockworks"
# An error that no code foresees, and that quotes what the caller sent.
REFUSE = f"""
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'cannot take %', NEW.display_name; END$$;
CREATE TRIGGER refuse BEFORE INSERT ON projects FOR EACH ROW
WHEN (NEW.display_name = '{PRIVATE}') EXECUTE FUNCTION refuse();
"""


async def reported(service: Service, role: str) -> dict:
    def found():
        return [e for e in service.errors.events if e["tags"].get("role") == role]

    async def is_there() -> bool:
        return bool(found())

    await until(is_there, seconds=60)
    return found()[0]


def assert_private(service: Service) -> None:
    received = b"".join(service.errors.bodies)
    for private in (PRIVATE, *service.secrets().values()):
        assert private.encode() not in received


async def test_an_error_of_the_server_arrives(service, channel):
    await service.database.execute(REFUSE)
    try:
        stub = project_service_pb2_grpc.ProjectServiceStub(channel)
        request = project_service_pb2.CreateProjectRequest(project={"display_name": PRIVATE})
        metadata = (("x-api-key", service.api_key), ("x-request-id", "report-1"))
        with pytest.raises(Exception, match="The service failed"):
            await stub.CreateProject(request, metadata=metadata)
    finally:
        await service.database.execute("DROP TRIGGER refuse ON projects; DROP FUNCTION refuse")
    event = await reported(service, "server")
    (*_, error) = event["exception"]["values"]
    assert error["type"] == "RaiseError"
    assert any(
        frame["module"] == "stores.postgres.projects" for frame in error["stacktrace"]["frames"]
    )
    assert event["tags"]["event"] == "call failed unexpectedly"
    assert event["tags"]["request_id"] == "report-1"
    assert event["server_name"] == "server"
    assert_private(service)
    # The logs of the site itself have all of it.
    assert any(PRIVATE in path.read_text(errors="replace") for path in service.logs())


async def test_an_error_of_a_worker_arrives(service):
    tenant = await service.database.fetchval(
        "SELECT id FROM users WHERE email = 'tester@localhost'"
    )
    key = os.urandom(32)
    # No message at all: a worker cannot even begin with it.
    spec = b"\xff\xff" + PRIVATE.encode()
    submitted = await Submissions(service.database).submit(
        UUID(str(tenant)), Submission(key, key, spec)
    )
    computation = submitted.analysis.computation_id

    async def is_over() -> bool:
        # Its next failure is its last.
        await service.database.execute(
            "UPDATE pgqueuer SET attempts = 4 WHERE dedupe_key = $1", str(computation)
        )
        state = await service.database.fetchval(
            "SELECT state FROM computations WHERE id = $1", computation
        )
        await asyncio.sleep(0.2)
        return state == "FAILED"

    await until(is_over, seconds=60)
    event = await reported(service, "worker")
    assert event["exception"]["values"][-1]["type"] == "DecodeError"
    assert event["tags"]["event"] == "job_dead"
    assert event["tags"]["job"] == str(computation)
    assert_private(service)
