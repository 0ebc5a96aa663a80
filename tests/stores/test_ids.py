import time

from stores.ids import uuid7


def test_an_id_is_a_version_7_uuid_of_now():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= after


def test_ids_of_different_milliseconds_sort_by_time():
    ids = []
    for _ in range(5):
        ids.append(uuid7())
        time.sleep(0.002)
    assert ids == sorted(ids)


def test_ids_of_one_millisecond_differ():
    assert len({uuid7() for _ in range(10_000)}) == 10_000
