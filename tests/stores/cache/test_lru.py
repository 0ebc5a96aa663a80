import tracemalloc

from stores.cache.lru import LruCache


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_least_recently_used_goes_first():
    cache = LruCache(10 * (1000 + 220 + 1))
    for n in range(10):
        cache.put(bytes([n]), bytes(1000))
    assert cache.get(b"\x00") is not None
    cache.put(b"\x0a", bytes(1000))
    assert cache.get(b"\x01") is None
    assert cache.get(b"\x00") is not None
    assert len(cache) == 10


def test_it_never_holds_more_than_its_bytes():
    cache = LruCache(50_000)
    for n in range(1000):
        cache.put(n.to_bytes(2, "big"), bytes(n))
        assert cache.size_bytes <= 50_000
    for n in range(1000):
        cache.discard(n.to_bytes(2, "big"))
    assert (cache.size_bytes, len(cache)) == (0, 0)


def test_replacing_counts_once():
    cache = LruCache(50_000)
    cache.put(b"k", bytes(100))
    cache.put(b"k", b"new")
    assert cache.get(b"k") == b"new"
    assert cache.size_bytes == 1 + 3 + 220


def test_one_big_value_does_not_push_out_the_rest():
    cache = LruCache(8000)
    cache.put(b"a", b"small")
    cache.put(b"b", bytes(1001))
    assert cache.get(b"b") is None
    assert cache.get(b"a") == b"small"


def test_values_expire():
    clock = Clock()
    cache = LruCache(50_000, ttl=10, clock=clock)
    cache.put(b"a", b"1")
    cache.put(b"b", b"2", ttl=5)
    clock.now = 5
    assert cache.get(b"b") is None
    assert cache.get(b"a") == b"1"
    clock.now = 10
    assert cache.get(b"a") is None
    assert (cache.size_bytes, len(cache)) == (0, 0)
    cache.put(b"a", b"1")
    cache.clear()
    assert (cache.get(b"a"), cache.size_bytes) == (None, 0)


def test_the_bookkeeping_is_what_python_really_spends():
    keys = [n.to_bytes(32, "big") for n in range(5000)]
    cache = LruCache(10**9)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for key in keys:
        # Copies, so that the keys' own memory counts.
        cache.put(bytes(bytearray(key)), bytes(2000))
    spent = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert 0.9 < cache.size_bytes / spent < 1.1
