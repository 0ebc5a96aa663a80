import asyncio
import dataclasses
from datetime import datetime

import pytest
from prometheus_client.exposition import generate_latest

from deploy.backup.catalog import read_catalog
from deploy.backup.scheduling import BackupMetrics, Schedule, next_run
from deploy.backup.store import DATABASE
from runtime.settings import Settings


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-22T01:00+00:00", "2026-11-22T02:30+00:00"),
        ("2026-11-22T02:30+00:00", "2026-11-23T02:30+00:00"),
        ("2026-11-22T23:59+00:00", "2026-11-23T02:30+00:00"),
        ("2026-11-22T03:00+01:00", "2026-11-22T02:30+00:00"),
        ("2026-12-31T12:00+00:00", "2027-01-01T02:30+00:00"),
    ],
)
def test_the_next_run_is_at_that_time_of_day(now, expected):
    assert next_run(datetime.fromisoformat(now), "02:30") == datetime.fromisoformat(expected)


def value(metrics, name):
    return metrics.registry.get_sample_value(f"structra_backup_{name}")


async def test_a_run_makes_prunes_verifies_and_measures(site):
    metrics = BackupMetrics()
    schedule = Schedule(site, Settings(backup_verify_days=7), metrics)
    assert await schedule.run_once() is None
    (entry,) = await read_catalog(site)
    assert entry.verification.passed
    assert value(metrics, "last_success_timestamp_seconds") == entry.created_at.timestamp()
    assert value(metrics, "last_verified_timestamp_seconds") == entry.verification.at.timestamp()
    assert value(metrics, "last_bytes") == entry.manifest.size
    assert value(metrics, "last_seconds") == entry.manifest.seconds
    # Verified today, and the newest of today is enough.
    await asyncio.sleep(1.1)
    assert await schedule.run_once() is None
    (later,) = await read_catalog(site)
    assert later.id > entry.id
    # What was verified is pruned, so that the next run verifies again.
    assert later.verification is not None


async def test_a_failure_is_counted_and_not_taken_for_a_backup(site):
    metrics = BackupMetrics()
    broken = dataclasses.replace(site, database_url="postgresql://u:p@127.0.0.1:1/none")
    schedule = Schedule(broken, Settings(), metrics)
    assert await schedule.run_once() == "create"
    assert (
        metrics.registry.get_sample_value("structra_backup_failures_total", {"step": "create"}) == 1
    )
    assert value(metrics, "last_success_timestamp_seconds") == 0


async def test_a_missed_backup_is_made_up_for_and_a_stop_ends_it(site):
    schedule = Schedule(site, Settings(backup_verify_days=0), BackupMetrics())
    stop = asyncio.Event()
    running = asyncio.create_task(schedule.run(stop))
    while not any(entry.good for entry in await read_catalog(site)):
        await asyncio.sleep(0.2)
        assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 30)
    # Another process that starts now has nothing to make up for.
    stop.clear()
    running = asyncio.create_task(schedule.run(stop))
    await asyncio.sleep(2)
    stop.set()
    await asyncio.wait_for(running, 30)
    assert len(await read_catalog(site)) == 1


async def test_a_damaged_one_is_not_the_last_success(site, change):
    metrics = BackupMetrics()
    schedule = Schedule(site, Settings(backup_verify_days=0), metrics)
    assert await schedule.run_once() is None
    (entry,) = await read_catalog(site)
    await change(entry.id, DATABASE, lambda data: data[:-1])
    assert await schedule.measure() is None


def test_every_metric_is_there_from_the_start():
    text = generate_latest(BackupMetrics().registry).decode()
    assert "structra_backup_last_success_timestamp_seconds 0.0" in text
