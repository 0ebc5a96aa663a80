"""Users, API keys, projects and images."""

import hashlib
import hmac
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from stores.errors import ConflictError, NotFoundError
from stores.postgres.api_keys import ApiKeys, hash_key
from stores.postgres.images import ImageRow, Images
from stores.postgres.projects import Projects
from stores.postgres.states import Plan, Role
from stores.postgres.users import Users

SECRET = "a secret of at least thirty-two characters"


async def test_addresses_are_unique_in_any_case(database):
    users = Users(database)
    ada = await users.create(email="Ada@Example.org", plan=Plan.PRO, role=Role.ADMIN)
    assert (ada.plan, ada.role) == (Plan.PRO, Role.ADMIN)
    with pytest.raises(ConflictError):
        await users.create(email="ada@example.ORG")
    assert await users.get_by_email("ADA@example.org") == ada
    assert (await users.set_plan(ada.id, Plan.FREE)).plan is Plan.FREE
    await users.create()
    await users.create()
    for attempt in (
        users.get(uuid4()),
        users.get_by_email("nobody@example.org"),
        users.set_plan(uuid4(), Plan.PRO),
    ):
        with pytest.raises(NotFoundError):
            await attempt


async def test_a_key_is_kept_as_a_keyed_hash_only(database, tenant):
    keys = ApiKeys(database, secret=SECRET)
    row, key = await keys.create(tenant, display_name="laptop")
    assert key.startswith(row.prefix)
    assert len(row.prefix) < len(key) / 2
    stored = await database.fetchrow("SELECT * FROM api_keys")
    assert stored["key_hash"] == hmac.new(SECRET.encode(), key.encode(), hashlib.sha256).digest()
    assert key not in str(dict(stored))
    principal = await keys.authenticate(key)
    assert (principal.user_id, principal.key_id, principal.plan) == (tenant, row.id, Plan.FREE)
    assert await keys.authenticate(key + "x") is None
    assert await ApiKeys(database, secret="another").authenticate(key) is None
    assert hash_key("another", key) != hash_key(SECRET, key)


async def test_a_key_moves_to_the_new_secret_when_it_is_used(database, tenant):
    before = ApiKeys(database, secret="old")
    row, key = await before.create(tenant, display_name="laptop")
    idle, _ = await before.create(tenant, display_name="idle")
    after = ApiKeys(database, secret="new", old_secrets=["older", "old"])
    state = await after.rotation()
    assert (state.current, state.remaining) == (0, 2)
    assert (await after.authenticate(key)).key_id == row.id
    stored = await database.fetchval("SELECT key_hash FROM api_keys WHERE id = $1", row.id)
    assert stored == hash_key("new", key)
    assert (await ApiKeys(database, secret="new").authenticate(key)).key_id == row.id
    assert await before.authenticate(key) is None
    state = await after.rotation()
    assert (state.current, state.remaining) == (1, 1)
    assert [item.id for item in state.behind] == [idle.id]
    await after.revoke(tenant, idle.id)
    assert (await after.rotation()).remaining == 0


async def test_replicas_with_either_secret_accept_each_others_keys(database, tenant):
    """What a roll looks like from its middle: some use the new secret, some the old one yet."""
    renewed = ApiKeys(database, secret="new", old_secrets=["old"])
    waiting = ApiKeys(database, secret="old", old_secrets=["new"])
    _, first = await waiting.create(tenant, display_name="by the one")
    _, second = await renewed.create(tenant, display_name="by the other")
    for replica in (renewed, waiting, waiting, renewed, renewed):
        for key in (first, second):
            assert await replica.authenticate(key) is not None
    assert (await renewed.rotation()).remaining == 0


async def test_a_key_of_an_earlier_release_counts_once_it_is_used(database, tenant):
    keys = ApiKeys(database, secret=SECRET)
    _, key = await keys.create(tenant, display_name="laptop")
    await database.execute("UPDATE api_keys SET secret_id = NULL")
    assert (await keys.rotation()).remaining == 1
    assert await keys.authenticate(key) is not None
    assert (await keys.rotation()).remaining == 0


async def test_expired_revoked_and_disabled_keys_stand_for_nobody(database, tenant):
    keys = ApiKeys(database, secret=SECRET)
    past = datetime.now(UTC) - timedelta(seconds=1)
    _, expired = await keys.create(tenant, display_name="old", expires_at=past)
    assert await keys.authenticate(expired) is None
    row, key = await keys.create(tenant, display_name="new")
    stranger = (await Users(database).create()).id
    with pytest.raises(NotFoundError):
        await keys.revoke(stranger, row.id)
    revoked = await keys.revoke(tenant, row.id)
    assert await keys.authenticate(key) is None
    assert await keys.revoke(tenant, row.id) == revoked
    _, key = await keys.create(tenant, display_name="third")
    assert await keys.authenticate(key) is not None
    await database.execute("UPDATE users SET disabled_at = now() WHERE id = $1", tenant)
    assert await keys.authenticate(key) is None
    with pytest.raises(NotFoundError):
        await keys.create(uuid4(), display_name="nobody's")


async def test_use_is_recorded_at_most_once_a_minute(database, tenant):
    keys = ApiKeys(database, secret=SECRET)
    row, _ = await keys.create(tenant, display_name="laptop")
    await keys.touch([])

    async def used():
        return (await keys.list(tenant)).items[0].last_used_at

    assert await used() is None
    await keys.touch([row.id])
    first = await used()
    assert first is not None
    await keys.touch({row.id})
    assert await used() == first
    await database.execute("UPDATE api_keys SET last_used_at = now() - interval '61 seconds'")
    await keys.touch([row.id])
    assert await used() > first


async def test_keys_are_listed_page_by_page(database, tenant):
    keys = ApiKeys(database, secret=SECRET)
    names = [str(n) for n in range(5)]
    for name in names:
        await keys.create(tenant, display_name=name)
    first = await keys.list(tenant, size=3)
    second = await keys.list(tenant, size=3, after=first.next)
    assert [key.display_name for key in [*first.items, *second.items]] == names[::-1]
    assert (first.total, second.next) == (5, None)


async def test_projects_belong_to_their_account(database, tenant):
    projects = Projects(database)
    stranger = (await Users(database).create()).id
    key = uuid4()
    project = await projects.create(tenant, display_name="Site", request_id=key)
    assert await projects.create(tenant, display_name="Site", request_id=key) == project
    theirs = await projects.create(stranger, display_name="Site", request_id=key)
    assert theirs.id != project.id
    changed = await projects.update(tenant, project.id, description="new")
    assert (changed.display_name, changed.description) == ("Site", "new")
    assert changed.updated_at > project.updated_at
    page = await projects.list(tenant)
    assert (page.items, page.total, page.next) == ([changed], 1, None)
    for attempt in (
        projects.get(stranger, project.id),
        projects.update(stranger, project.id, display_name="x"),
        projects.delete(stranger, project.id),
        projects.create(uuid4(), display_name="nobody's"),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    await projects.delete(tenant, project.id)
    with pytest.raises(NotFoundError):
        await projects.get(tenant, project.id)


async def test_images_are_known_by_tenant_and_digest(database, tenant):
    images = Images(database)
    stranger = (await Users(database).create()).id
    image = ImageRow(
        tenant_id=tenant,
        sha256=os.urandom(32),
        media_type="image/png",
        width=1280,
        height=900,
        size_bytes=12345,
        pixel_digest=os.urandom(32),
        pdq=os.urandom(32),
        pdq_quality=100,
    )
    stored = await images.put(image)
    assert stored == image
    assert await images.put(replace(image, media_type="image/other")) == stored
    assert await images.get(tenant, image.sha256) == stored
    other = os.urandom(32)
    assert await images.get_many(tenant, [other, image.sha256]) == {image.sha256: stored}
    assert await images.get_many(stranger, [image.sha256]) == {}
    with pytest.raises(NotFoundError):
        await images.get(stranger, image.sha256)
    with pytest.raises(NotFoundError):
        await images.put(replace(image, tenant_id=uuid4()))
