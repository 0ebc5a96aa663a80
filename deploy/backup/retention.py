"""Which backups to keep: one a day, one a week, one a month, and never none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deploy.backup.catalog import Entry, newest_good, read_catalog
from deploy.backup.site import Site

# What is not good is left for people to look at for so long.
_LOOK = timedelta(days=7)
_KINDS: Sequence[tuple[str, Callable[[datetime], str]]] = (
    ("daily", lambda at: f"{at:%Y-%m-%d}"),
    ("weekly", lambda at: f"{at:%G-W%V}"),
    ("monthly", lambda at: f"{at:%Y-%m}"),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """For how many days, weeks (ISO) and months, in UTC, the newest backup of each is kept."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """Why each kept backup is kept, by id, and which ones to delete, oldest first."""

    kept: dict[str, list[str]]
    deleted: list[str]


def plan(entries: Sequence[Entry], policy: Policy, now: datetime) -> Plan:
    """Decides what to keep.

    Counts days, weeks and months that have a good backup, so that a pause in making backups
    deletes nothing; a locked one may be good and counts. The newest good one stays whatever the
    policy says. What is not good takes nobody's place, and goes when it is a week old and a good
    one is newer.
    """
    kept: dict[str, list[str]] = {}
    usable = sorted(
        (e for e in entries if e.good or e.locked), key=lambda e: e.created_at, reverse=True
    )
    for (kind, period), limit in zip(
        _KINDS, (policy.daily, policy.weekly, policy.monthly), strict=True
    ):
        seen: set[str] = set()
        for entry in usable:
            name = period(entry.created_at.astimezone(UTC))
            if name not in seen and len(seen) < limit:
                seen.add(name)
                kept.setdefault(entry.id, []).append(kind)
    newest = newest_good(entries)
    if newest is not None:
        kept.setdefault(newest.id, ["newest"])
    for entry in entries:
        is_fresh = now - entry.created_at < _LOOK
        is_superseded = newest is not None and newest.created_at > entry.created_at
        if not (entry.good or entry.locked) and (is_fresh or not is_superseded):
            kept[entry.id] = ["not good"]
    return Plan(kept, sorted(e.id for e in entries if e.id not in kept))


async def prune(site: Site, policy: Policy, *, dry_run: bool = False) -> Plan:
    """Deletes what the policy does not keep; returns what it decided."""
    decided = plan(await read_catalog(site), policy, datetime.now(UTC))
    if not dry_run:
        for backup_id in decided.deleted:
            await site.store.delete(backup_id)
    return decided
