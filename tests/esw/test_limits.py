"""How often something may be tried: counted right, by key, for all processes, and with Redis away."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache

from esw.core.limits import Limit
from tests.interfaces.house import new_id

THREE = Limit("three", 3, 600)


@pytest.fixture
def in_memory(settings):
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": memory, "LOCATION": new_id()}}


@pytest.fixture
def in_redis(settings, redis_server):
    settings.CACHES = {
        "default": {
            "BACKEND": "esw.core.cache.TolerantRedisCache",
            "LOCATION": redis_server.url,
            "KEY_PREFIX": new_id(),
        }
    }
    yield redis_server
    if redis_server.process is None:
        redis_server.start()


@pytest.fixture(
    params=[
        pytest.param("in_memory", marks=pytest.mark.embedded),
        pytest.param("in_redis", marks=pytest.mark.services),
    ]
)
def counted(request):
    return request.getfixturevalue(request.param)


def test_it_allows_so_many_and_no_more(counted):
    assert [THREE.take("maya") for _ in range(5)] == [True] * 3 + [False] * 2


def test_it_counts_each_key_and_each_limit_for_itself(counted):
    for _ in range(4):
        THREE.take("maya")
    assert THREE.take("david")
    assert Limit("other", 3, 600).take("maya")


def test_what_is_given_back_does_not_count(counted):
    for _ in range(9):
        assert THREE.take("maya")
        THREE.give_back("maya")
    for _ in range(3):
        THREE.give_back("maya")
    assert [THREE.take("maya") for _ in range(4)] == [True] * 3 + [False]


def test_what_is_forgotten_begins_anew(counted):
    for _ in range(4):
        THREE.take("maya")
    THREE.forget("maya")
    assert THREE.take("maya")


def test_many_at_once_are_counted_right(counted):
    """Nobody waits for a lock, and nobody slips by."""
    many = Limit("many", 60, 600)
    with ThreadPoolExecutor(30) as pool:
        taken = list(pool.map(lambda _: many.take("one address"), range(120)))
    assert taken.count(True) == 60


def test_the_time_begins_with_the_first(in_memory, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    for _ in range(4):
        THREE.take("maya")
    monkeypatch.setattr(time, "time", lambda: now + 599)
    assert not THREE.take("maya")
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert THREE.take("maya")


def test_the_cache_does_not_learn_the_key(in_memory):
    THREE.take("maya@school.example")
    assert "maya" not in str(cache._cache)


@pytest.mark.services
def test_while_redis_is_away_it_counts_on_and_refuses_nobody_unheard(in_redis):
    THREE.take("maya")
    in_redis.kill()
    assert [THREE.take("maya") for _ in range(4)] == [True] * 3 + [False]
    assert THREE.take("david")
