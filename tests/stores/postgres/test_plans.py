"""Guards the hot queries' plans on a filled table: an index does the work, and no sort."""

import re
from uuid import UUID

import pytest

from stores.postgres.analyses import Analyses
from stores.postgres.api_keys import ApiKeys
from stores.postgres.computations import Computations
from stores.postgres.connection import Connection
from stores.postgres.images import Images
from stores.postgres.paging import Cursor
from stores.postgres.projects import Projects
from stores.postgres.recovery import Recovery
from stores.postgres.states import State
from stores.postgres.submissions import Submissions

FILL = """
INSERT INTO users (id, email) SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    n || '@example.org' FROM generate_series(1, 5000) n;
INSERT INTO projects (id, user_id, display_name, created_at)
    SELECT gen_random_uuid(), u.id, 'p', now() - n * interval '1 hour'
    FROM (SELECT id FROM users ORDER BY id LIMIT 200) u, generate_series(1, 20) n;
INSERT INTO api_keys (id, user_id, display_name, key_hash, prefix, created_at)
    SELECT gen_random_uuid(), u.id, 'k', sha256((u.id::text || n)::bytea), 'x',
    now() - n * interval '1 hour'
    FROM (SELECT id FROM users ORDER BY id LIMIT 200) u, generate_series(1, 20) n;
INSERT INTO images (tenant_id, sha256, media_type, width, height, size_bytes, pixel_digest, pdq,
    pdq_quality) SELECT u.id, sha256((u.id::text || n)::bytea), 'image/png', 1, 1, 1,
    sha256('x'), sha256('x'), 50
    FROM (SELECT id FROM users ORDER BY id LIMIT 200) u, generate_series(1, 50) n;
INSERT INTO computations (id, tenant_id, fingerprint, exact_key, spec, state, result, dead,
    created_at, finished_at)
    SELECT gen_random_uuid(), u.id, sha256((u.id::text || n)::bytea),
    sha256((u.id::text || n)::bytea), 'spec',
    CASE WHEN n % 50 = 0 THEN 'QUEUED' WHEN n % 10 = 1 THEN 'FAILED' ELSE 'SUCCEEDED' END,
    CASE WHEN n % 50 <> 0 AND n % 10 <> 1 THEN 'r'::bytea END, n % 10 = 1,
    now() - n * interval '1 minute', now()
    FROM (SELECT id FROM users ORDER BY id LIMIT 200) u, generate_series(1, 100) n;
INSERT INTO analyses (id, tenant_id, computation_id, project_id, exact_key, state, cache_kind,
    created_at, deadline_at)
    SELECT gen_random_uuid(), c.tenant_id, c.id,
    (SELECT p.id FROM projects p WHERE p.user_id = c.tenant_id LIMIT 1), c.exact_key, c.state,
    'MISS', c.created_at, now() + interval '1 hour' FROM computations c;
ANALYZE;
"""
TENANT = UUID("00000000-0000-7000-8000-000000000007")


@pytest.fixture
async def plans(database, monkeypatch):
    """Collects the plan of every statement that is run through the database."""
    async with database.acquire() as connection:
        await connection.execute(FILL)
    collected: list[str] = []
    fetch = Connection.fetch

    async def explained(self, query, *args):
        if query.lstrip().startswith(("SELECT", "UPDATE", "INSERT", "WITH")):
            rows = await fetch(self, f"EXPLAIN {query}", *args)
            collected.append("\n".join(row[0] for row in rows))
        return await fetch(self, query, *args)

    async def explained_row(self, query, *args):
        rows = await explained(self, query, *args)
        return rows[0] if rows else None

    async def explained_value(self, query, *args):
        rows = await explained(self, query, *args)
        return rows[0][0] if rows else None

    monkeypatch.setattr(Connection, "fetch", explained)
    monkeypatch.setattr(Connection, "fetchrow", explained_row)
    monkeypatch.setattr(Connection, "fetchval", explained_value)
    return collected


def require(plans, index, *, sorted_by_index=True):
    """At least one plan uses the index; none scans a table, and the list's plan sorts nothing."""
    assert plans
    everything = "\n\n".join(plans)
    assert re.search(rf"\b{index}\b", everything), everything
    assert "Seq Scan" not in everything, everything
    if sorted_by_index:
        assert not re.search(r"\bSort\b", everything), everything


async def some_project(database):
    return await database.fetchval("SELECT id FROM projects WHERE user_id = $1 LIMIT 1", TENANT)


async def cursor_of(database):
    row = await database.fetchrow(
        "SELECT created_at, id FROM analyses WHERE tenant_id = $1 "
        "ORDER BY created_at DESC OFFSET 3 LIMIT 1",
        TENANT,
    )
    return Cursor(row["created_at"], row["id"])


@pytest.mark.parametrize("further", [False, True])
async def test_lists_of_analyses(database, plans, further):
    project, cursor = await some_project(database), await cursor_of(database)
    after = cursor if further else None
    for filters, index in [
        ({}, "idx_analyses_tenant"),
        ({"state": State.FAILED}, "idx_analyses_tenant_state"),
    ]:
        plans.clear()
        await Analyses(database).list(TENANT, after=after, size=5, **filters)
        require(plans[1:], index)
    plans.clear()
    await Analyses(database).list(TENANT, after=after, size=5, project_id=project)
    require(plans[1:], "idx_analyses_project")


async def test_lists_of_projects_and_keys(database, plans):
    await Projects(database).list(TENANT, size=5)
    require(plans[1:], "idx_projects_user_id")
    plans.clear()
    await ApiKeys(database, secret="s").list(TENANT, size=5)
    require(plans[1:], "idx_api_keys_user_id")


async def test_look_ups(database, plans):
    await ApiKeys(database, secret="s").authenticate("key")
    require(plans, "idx_api_keys_key_hash")
    row = await database.fetchrow("SELECT * FROM analyses WHERE tenant_id = $1 LIMIT 1", TENANT)
    plans.clear()
    await Analyses(database).find_answered(TENANT, row["exact_key"])
    require(plans, "idx_analyses_exact_key", sorted_by_index=False)
    plans.clear()
    await Analyses(database).get_with_result(TENANT, row["id"])
    require(plans, "analyses_pkey")
    plans.clear()
    await Computations(database).snapshots([row["computation_id"]])
    require(plans, "computations_pkey")
    plans.clear()
    await Images(database).get_many(TENANT, [b"x" * 32])
    require(plans, "images_pkey")


async def test_submitting(database, plans, submission):
    await Submissions(database).submit(TENANT, submission())
    assert len(plans) >= 3
    everything = "\n\n".join(plans)
    assert "idx_computations_reusable" in everything
    assert "idx_computations_live" in everything
    assert not re.search(r"Seq Scan on (computations|analyses)", everything), everything


async def test_chores(database, plans):
    recovery = Recovery(database)
    await recovery.list_dead(size=5)
    require(plans[1:], "idx_computations_dead")
    plans.clear()
    await recovery.expire_overdue()
    require(plans, "idx_analyses_deadline", sorted_by_index=False)
    plans.clear()
    await recovery.requeue_lost()
    assert "idx_computations_stalled" in "\n".join(plans)
