"""Lists: pages, filters, tokens."""

from __future__ import annotations

import pytest
from structra.v1 import analysis_pb2 as pb
from structra.v1.analysis_service_pb2 import ListAnalysesRequest, ListAnalysesResponse
from structra.v1.project_service_pb2 import CreateProjectRequest, ListProjectsRequest, Project

from tests.server.calls import create, failure_of
from tests.server.conftest import Api, RunningServer
from tests.server.pictures import png


async def list_analyses(api: Api, **request: object) -> ListAnalysesResponse:
    answer: ListAnalysesResponse = await api.analyses.ListAnalyses(
        ListAnalysesRequest(**request), metadata=api.metadata
    )
    return answer


async def test_pages_cover_everything_once_newest_first(server: RunningServer, api: Api) -> None:
    filed = [
        (await api.analyses.CreateAnalysis(create(png(i)), metadata=api.metadata)).id
        for i in range(5)
    ]
    worker = server.worker()
    for _ in range(5):
        await worker.complete(await worker.claim())
    found, token = [], ""
    while True:
        page = await list_analyses(api, page_size=2, page_token=token)
        assert page.total_size == 5
        assert not any(item.HasField("result") for item in page.analyses)
        found += [item.id for item in page.analyses]
        token = page.next_page_token
        if not token:
            break
    assert found == filed[::-1]
    stranger = await server.api()
    assert (await list_analyses(stranger)).total_size == 0


async def test_filters(server: RunningServer, api: Api) -> None:
    project = await api.projects.CreateProject(
        CreateProjectRequest(project=Project(display_name="Shop")), metadata=api.metadata
    )
    inside = await api.analyses.CreateAnalysis(
        create(png(0), project_id=project.id), metadata=api.metadata
    )
    await api.analyses.CreateAnalysis(create(png(1)), metadata=api.metadata)
    worker = server.worker()
    await worker.complete(await worker.claim())
    (found,) = (await list_analyses(api, project_id=project.id)).analyses
    assert found.id == inside.id
    done = await list_analyses(api, state=pb.ANALYSIS_STATE_SUCCEEDED)
    assert [item.id for item in done.analyses] == [inside.id]
    assert (await list_analyses(api, state=pb.ANALYSIS_STATE_FAILED)).total_size == 0


async def test_sizes(api: Api) -> None:
    failure = await failure_of(list_analyses(api, page_size=-1))
    assert failure.reason == "INVALID_REQUEST"
    assert "page_size" in failure.fields
    await list_analyses(api, page_size=1_000_000)


async def test_a_token_is_good_for_its_own_list_only(server: RunningServer, api: Api) -> None:
    for i in range(3):
        await api.projects.CreateProject(
            CreateProjectRequest(project=Project(display_name=f"{i}")), metadata=api.metadata
        )
        await api.analyses.CreateAnalysis(create(png(i)), metadata=api.metadata)
    token = (await list_analyses(api, page_size=1)).next_page_token
    assert (await list_analyses(api, page_size=1, page_token=token)).analyses
    wrong = [
        list_analyses(api, page_token=token, state=pb.ANALYSIS_STATE_QUEUED),
        list_analyses(await server.api(), page_token=token),
        list_analyses(api, page_token=token[:-4] + "AAAA"),
        list_analyses(api, page_token="no token"),
        list_analyses(api, page_token="ünïcode"),
        api.projects.ListProjects(ListProjectsRequest(page_token=token), metadata=api.metadata),
    ]
    for call in wrong:
        failure = await failure_of(call)
        assert failure.reason == "INVALID_PAGE_TOKEN"
        assert "page_token" in failure.fields


@pytest.mark.parametrize("page_token", ["A" * 500, "A"])
async def test_tokens_of_any_length(api: Api, page_token: str) -> None:
    assert (await failure_of(list_analyses(api, page_token=page_token))).reason == (
        "INVALID_PAGE_TOKEN"
    )
