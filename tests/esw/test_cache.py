"""What is counted is counted once for all processes, and goes on while Redis is away."""

import contextlib
import threading

import pytest
from django.core.cache import caches

from esw.core import cache as esw_cache
from esw.core import redis_link
from esw.core.cache import TolerantRedisCache, count


def test_it_counts_and_forgets(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counting"}}
    assert [count("a", seconds=60), count("a", seconds=60), count("b", seconds=60)] == [1, 2, 1]
    caches["default"].delete("a")
    assert count("a", seconds=60) == 1


def test_a_count_that_is_forgotten_in_the_very_moment_begins_anew(monkeypatch):
    def forgotten(*_args):
        raise ValueError

    monkeypatch.setattr(esw_cache.cache, "incr", forgotten, raising=False)
    assert count("gone", seconds=60) == 1


@pytest.fixture
def link(monkeypatch):
    fresh = redis_link.Link()
    monkeypatch.setattr(redis_link, "PAUSE", 0.2)
    monkeypatch.setattr(esw_cache, "link", fresh)
    esw_cache._client.cache_clear()
    return fresh


def test_without_redis_every_question_has_an_answer_from_this_processes_memory(link):
    cache = TolerantRedisCache("redis://127.0.0.1:1/0", {"KEY_PREFIX": "test"})
    cache.clear()
    assert cache.add("n", 1) is True
    assert cache.add("n", 1) is False
    assert cache.incr("n") == 2
    cache.set("x", ["words"], 60)
    assert (cache.get("x"), cache.get("nothing"), cache.has_key("x")) == (["words"], None, True)
    assert cache.get_many(["n", "x"]) == {"n": 2, "x": ["words"]}
    assert cache.get_or_set("y", 5) == 5
    cache.set_many({"p": 1})
    cache.delete_many(["p", "x"])
    assert cache.touch("n", 60) is True
    assert cache.delete("n") is True
    assert link.is_paused


@pytest.mark.services
def test_two_processes_count_together_in_redis(link, redis_server):
    one, other = (TolerantRedisCache(redis_server.url, {"KEY_PREFIX": "test"}) for _ in range(2))
    one.clear()
    one.add("tries", 0, 60)
    threads = [threading.Thread(target=each.incr, args=("tries",)) for each in (one, other) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert one.get("tries") == other.get("tries") == 20


@pytest.mark.services
def test_when_redis_goes_and_comes_back_nobody_notices_but_the_log(link, redis_server, caplog):
    cache = TolerantRedisCache(redis_server.url, {"KEY_PREFIX": "test"})
    cache.set("a", 1, 60)
    redis_server.kill()
    try:
        for _ in range(5):
            assert cache.get("a") is None
            cache.set("b", 2, 60)
        assert cache.get("b") == 2
    finally:
        redis_server.start()
    pause_is_over = threading.Event()
    for _ in range(100):
        pause_is_over.wait(0.1)
        cache.set("c", 3, 60)
        with contextlib.suppress(redis_link.Away):
            if link.ask(lambda: cache._cache.get_client().exists("test:1:c")):
                break
    else:
        pytest.fail("Redis was not asked again")
    assert [record.message.split(":")[0] for record in caplog.records if record.name == "esw.core.redis_link"] == [
        "Redis is away", "Redis is back",
    ]  # fmt: skip
