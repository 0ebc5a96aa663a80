"""Who may call."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from structra.v1.analysis_service_pb2 import ListAnalysesRequest
from structra.v1.api_key_service_pb2 import RevokeApiKeyRequest

from runtime.tasks import TaskSupervisor
from server import authentication
from server.authentication import KeyRing
from server.refusals import RefusalError
from stores.errors import StoreUnavailableError
from stores.postgres.api_keys import ApiKeys
from stores.postgres.database import Database
from stores.postgres.users import Users
from tests.server.calls import failure_of
from tests.server.conftest import SECRET, Api


async def list_analyses(api: Api, metadata: tuple[tuple[str, str], ...] | None) -> object:
    return await api.analyses.ListAnalyses(ListAnalysesRequest(), metadata=metadata)


@pytest.mark.parametrize(
    "header",
    [
        ("authorization", "Bearer {key}"),
        ("authorization", "bearer {key}"),
        ("x-api-key", "{key}"),
    ],
)
async def test_a_key_opens(api: Api, header: tuple[str, str]) -> None:
    name, value = header
    await list_analyses(api, ((name, value.format(key=api.account.key)),))


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        (None, "CREDENTIALS_MISSING"),
        ((("authorization", "Basic dTpw"),), "CREDENTIALS_MISSING"),
        ((("authorization", "Bearer "),), "CREDENTIALS_MISSING"),
        ((("authorization", "Bearer sk_structra_unknown"),), "CREDENTIALS_INVALID"),
        ((("x-api-key", "x" * 4000),), "CREDENTIALS_INVALID"),
        ((("x-api-key", "' OR 1=1 --"),), "CREDENTIALS_INVALID"),
    ],
)
async def test_anything_else_does_not(
    api: Api, metadata: tuple[tuple[str, str], ...] | None, reason: str
) -> None:
    failure = await failure_of(list_analyses(api, metadata))
    assert failure.code is grpc.StatusCode.UNAUTHENTICATED
    assert failure.reason == reason
    assert "structra keys create" in failure.message


async def test_a_revoked_key_is_refused_at_once_by_the_replica_that_revoked_it(
    api: Api,
) -> None:
    await list_analyses(api, api.metadata)
    await api.keys.RevokeApiKey(
        RevokeApiKeyRequest(id=str(api.account.key_id)), metadata=api.metadata
    )
    failure = await failure_of(list_analyses(api, api.metadata))
    assert failure.reason == "CREDENTIALS_INVALID"


async def test_other_replicas_notice_a_revocation_within_their_memory(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ApiKeys(database, secret=SECRET)
    user = await Users(database).create()
    key, text = await keys.create(user.id, display_name="test")
    now = [1000.0]
    monkeypatch.setattr(authentication, "monotonic", lambda: now[0])
    async with TaskSupervisor() as tasks:
        ring = KeyRing(keys, tasks)
        await ring.resolve(text)
        await keys.revoke(user.id, key.id)
        now[0] += 5
        assert ring.recall(text) is not None
        # From ten seconds on it is used once more while the database is asked.
        now[0] += 6
        assert ring.recall(text) is not None
        await asyncio.gather(*tasks._tasks)
        assert ring.recall(text) is None
        with pytest.raises(RefusalError):
            await ring.resolve(text)


async def test_what_is_known_is_never_used_for_long_without_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ApiKeys(database, secret=SECRET)
    user = await Users(database).create()
    _, text = await keys.create(user.id, display_name="test")
    now = [1000.0]
    monkeypatch.setattr(authentication, "monotonic", lambda: now[0])
    async with TaskSupervisor() as tasks:
        ring = KeyRing(keys, tasks)
        await ring.resolve(text)
        await database.close()
        now[0] += 15
        assert ring.recall(text) is not None
        await asyncio.gather(*tasks._tasks)
        assert ring.recall(text) is not None
        now[0] += 14
        assert ring.recall(text) is None
        with pytest.raises(StoreUnavailableError):
            await ring.resolve(text)


async def test_a_key_that_has_expired_is_refused(database: Database) -> None:
    keys = ApiKeys(database, secret=SECRET)
    user = await Users(database).create()
    moment = datetime.now(UTC) + timedelta(seconds=0.3)
    _, text = await keys.create(user.id, display_name="test", expires_at=moment)
    async with TaskSupervisor() as tasks:
        ring = KeyRing(keys, tasks)
        await ring.resolve(text)
        await asyncio.sleep(0.4)
        assert ring.recall(text) is None
        with pytest.raises(RefusalError):
            await ring.resolve(text)


async def test_a_new_key_works_soon_after_it_was_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ApiKeys(database, secret=SECRET)
    user = await Users(database).create()
    key, text = await keys.create(user.id, display_name="test")
    await database.execute("UPDATE api_keys SET revoked_at = now() WHERE id = $1", key.id)
    now = [1000.0]
    monkeypatch.setattr(authentication, "monotonic", lambda: now[0])
    async with TaskSupervisor() as tasks:
        ring = KeyRing(keys, tasks)
        with pytest.raises(RefusalError):
            await ring.resolve(text)
        await database.execute("UPDATE api_keys SET revoked_at = NULL WHERE id = $1", key.id)
        with pytest.raises(RefusalError):
            await ring.resolve(text)
        now[0] += 6
        assert (await ring.resolve(text)).tenant_id == user.id


async def test_uses_are_recorded(database: Database) -> None:
    keys = ApiKeys(database, secret=SECRET)
    user = await Users(database).create()
    key, text = await keys.create(user.id, display_name="test")
    async with TaskSupervisor() as tasks:
        ring = KeyRing(keys, tasks)
        await ring.resolve(text)
        await ring.record_uses_now()
    used = await database.fetchval("SELECT last_used_at FROM api_keys WHERE id = $1", key.id)
    assert used is not None
