"""The cache: what is counted (wrong codes, failed log-ins) is counted once for all processes.

`TolerantRedisCache` breaks no page when Redis is away: until it is back, this process counts in its own memory.
"""

from collections.abc import Callable
from functools import cache as once
from typing import Any

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from esw.core.redis_link import CONNECTION, Away, link


@once
def _client(*servers: str) -> RedisCacheClient:
    """One for the process: Django makes a new cache object for each request, and would connect for each."""
    return RedisCacheClient(list(servers), **CONNECTION)


class TolerantRedisCache(RedisCache):
    """Django's Redis cache, with this process's memory in its stead while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("while Redis is away", params)

    @property
    def _cache(self) -> RedisCacheClient:
        return _client(*self._servers)  # type: ignore[attr-defined]

    def _or_from_memory(self, name: str, *args: Any, **kwargs: Any) -> Any:
        of_redis: Callable[..., Any] = getattr(super(), name)
        try:
            return link.ask(lambda: of_redis(*args, **kwargs))
        except Away:
            return getattr(self._memory, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._or_from_memory("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        return self._or_from_memory("clear")


def count(key: str, *, seconds: int) -> int:
    """Count one more under `key`, and how many that makes; forgotten so many seconds after the first."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # forgotten, or Redis went away, between the two
        cache.set(key, 1, seconds)
        return 1
