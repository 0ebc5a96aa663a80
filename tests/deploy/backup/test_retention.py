from datetime import UTC, datetime, timedelta

import pytest

from deploy.backup.catalog import Entry, Verification
from deploy.backup.retention import Policy, plan

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # A Sunday.


def entry(days, *, problem="", locked=False, failed=False, hours=0.0):
    at = NOW - timedelta(days=days, hours=hours)
    verification = Verification(NOW, False) if failed else None
    return Entry(f"{at:%Y%m%dT%H%M%SZ}", at, 1, None, verification, problem, locked=locked)


def kept_days(entries, policy):
    decided = plan(entries, policy, NOW)
    assert set(decided.kept) | set(decided.deleted) == {e.id for e in entries}
    assert not set(decided.kept) & set(decided.deleted)
    return [(NOW - e.created_at).days for e in entries if e.id in decided.kept]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(3, 0, 0), [0, 1, 2]),
        # Weeks end on Sundays: the newest of each.
        (Policy(1, 3, 0), [0, 7, 14]),
        (Policy(1, 0, 3), [0, 22, 53]),
        (Policy(2, 2, 2), [0, 1, 7, 22]),
        (Policy(7, 5, 12), [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 22, 28, 53, 83]),
    ],
)
def test_a_backup_a_day_for_a_hundred_days(policy, expected):
    assert kept_days([entry(day) for day in range(100)], policy) == expected


def test_the_newest_of_a_day_is_kept():
    entries = [entry(0), entry(0, hours=3), entry(0, hours=6)]
    assert list(plan(entries, Policy(), NOW).kept) == [entries[0].id]


def test_a_pause_deletes_nothing():
    assert kept_days([entry(day) for day in (300, 301, 302)], Policy(3, 0, 0)) == [300, 301, 302]


def test_the_newest_good_one_stays_whatever_comes_after():
    entries = [entry(1, problem="damaged"), entry(40), entry(41)]
    decided = plan(entries, Policy(1, 0, 0), NOW)
    assert decided.deleted == [entries[2].id]
    assert decided.kept[entries[1].id] == ["daily"]


def test_what_is_not_good_takes_nobodys_place():
    entries = [entry(0, failed=True), entry(0, hours=2), entry(1)]
    assert kept_days(entries, Policy(2, 0, 0)) == [0, 0, 1]


def test_what_is_not_good_goes_after_a_week_if_a_good_one_is_newer():
    old, older = entry(8, problem="never finished"), entry(30, failed=True)
    assert plan([old, older], Policy(), NOW).deleted == []
    assert plan([entry(5), old, older], Policy(), NOW).deleted == [older.id, old.id]


def test_one_that_needs_another_key_is_treated_as_good():
    entries = [entry(0), entry(20, problem="needs the key x", locked=True)]
    assert kept_days(entries, Policy(2, 0, 0)) == [0, 20]


def test_one_that_needs_another_key_does_not_count_as_the_newest_good_one():
    entries = [entry(0, problem="needs the key x", locked=True), entry(20)]
    assert kept_days(entries, Policy(1, 0, 0)) == [0, 20]
