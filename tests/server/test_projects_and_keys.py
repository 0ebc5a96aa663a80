"""ProjectService and ApiKeyService."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from structra.v1.api_key_service_pb2 import (
    CreateApiKeyRequest,
    ListApiKeysRequest,
    RevokeApiKeyRequest,
)
from structra.v1.project_service_pb2 import (
    CreateProjectRequest,
    DeleteProjectRequest,
    GetProjectRequest,
    ListProjectsRequest,
    Project,
    UpdateProjectRequest,
)

from tests.server.calls import failure_of
from tests.server.conftest import Api, RunningServer


async def make(api: Api, name: str, **more: object) -> Project:
    project: Project = await api.projects.CreateProject(
        CreateProjectRequest(project=Project(display_name=name), **more), metadata=api.metadata
    )
    return project


async def test_a_project_from_its_creation_to_its_end(api: Api) -> None:
    project = await make(api, "Shop")
    update = UpdateProjectRequest(project=Project(id=project.id, description="All pages"))
    update.update_mask.paths.append("description")
    changed = await api.projects.UpdateProject(update, metadata=api.metadata)
    assert (changed.display_name, changed.description) == ("Shop", "All pages")
    get = GetProjectRequest(id=project.id)
    assert await api.projects.GetProject(get, metadata=api.metadata) == changed
    await api.projects.DeleteProject(DeleteProjectRequest(id=project.id), metadata=api.metadata)
    failure = await failure_of(api.projects.GetProject(get, metadata=api.metadata))
    assert failure.reason == "RESOURCE_NOT_FOUND"


async def test_projects_are_listed_in_pages(server: RunningServer, api: Api) -> None:
    for name in "abc":
        await make(api, name)
    await make(await server.api(), "somebody else's")
    first = await api.projects.ListProjects(ListProjectsRequest(page_size=2), metadata=api.metadata)
    rest = await api.projects.ListProjects(
        ListProjectsRequest(page_size=2, page_token=first.next_page_token), metadata=api.metadata
    )
    assert [item.display_name for item in (*first.projects, *rest.projects)] == ["c", "b", "a"]
    assert (first.total_size, rest.next_page_token) == (3, "")


async def test_a_request_id_creates_one_project(api: Api) -> None:
    request_id = str(uuid4())
    assert await make(api, "Shop", request_id=request_id) == await make(
        api, "Shop", request_id=request_id
    )


async def test_strangers_change_nothing(server: RunningServer, api: Api) -> None:
    project = await make(api, "Shop")
    stranger = await server.api()
    for call in (
        stranger.projects.GetProject(GetProjectRequest(id=project.id), metadata=stranger.metadata),
        stranger.projects.UpdateProject(
            UpdateProjectRequest(project=project), metadata=stranger.metadata
        ),
        stranger.projects.DeleteProject(
            DeleteProjectRequest(id=project.id), metadata=stranger.metadata
        ),
    ):
        assert (await failure_of(call)).reason == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    ("update", "field"),
    [
        ({"project": {"id": "x", "display_name": "a"}}, "project.id"),
        ({"project": {"display_name": " "}}, "project.display_name"),
        ({"project": {}, "update_mask": {"paths": ["create_time"]}}, "update_mask"),
    ],
)
async def test_what_cannot_be_is_refused(api: Api, update: dict[str, object], field: str) -> None:
    failure = await failure_of(
        api.projects.UpdateProject(UpdateProjectRequest(**update), metadata=api.metadata)
    )
    assert failure.reason == "INVALID_REQUEST"
    assert field in failure.fields


async def test_keys(server: RunningServer, api: Api) -> None:
    made = await api.keys.CreateApiKey(
        CreateApiKeyRequest(display_name="CI"), metadata=api.metadata
    )
    assert made.secret.startswith(made.api_key.prefix)
    with_it = (("x-api-key", made.secret),)
    listed = await api.keys.ListApiKeys(ListApiKeysRequest(), metadata=with_it)
    assert [key.display_name for key in listed.api_keys] == ["CI", "test"]
    assert made.secret not in str(listed)
    stranger = await server.api()
    revoke = RevokeApiKeyRequest(id=made.api_key.id)
    failure = await failure_of(stranger.keys.RevokeApiKey(revoke, metadata=stranger.metadata))
    assert failure.reason == "RESOURCE_NOT_FOUND"
    revoked = await api.keys.RevokeApiKey(revoke, metadata=api.metadata)
    assert revoked.HasField("revoke_time")
    failure = await failure_of(api.keys.ListApiKeys(ListApiKeysRequest(), metadata=with_it))
    assert failure.reason == "CREDENTIALS_INVALID"


async def test_a_key_cannot_have_expired_before_it_exists(api: Api) -> None:
    request = CreateApiKeyRequest(display_name="CI")
    request.expire_time.seconds = int(time.time()) - 10
    failure = await failure_of(api.keys.CreateApiKey(request, metadata=api.metadata))
    assert (failure.reason, list(failure.fields)) == ("INVALID_REQUEST", ["expire_time"])
