"""The way to Redis, for what must never wait for it: answers come soon or not at all.

Redis holds nothing here that is true (rows are), so whoever asks has an answer of their own for when it is away.
After a failure nobody asks for a moment: a page that asks ten times must not wait ten times.
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Seconds that a connection or an answer may take.
ANSWER_WITHIN = 0.5
#: Seconds for which nobody asks after a failure.
PAUSE = 1.0

#: How each connection behaves. One more try at once: what the pool kept may be from before a restart.
CONNECTION: dict[str, Any] = {
    "socket_connect_timeout": ANSWER_WITHIN,
    "socket_timeout": ANSWER_WITHIN,
    "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    "health_check_interval": 0,
    "protocol": 2,
}
FAILURES = (redis.RedisError, OSError)


class Away(Exception):
    """Redis does not answer, or did not a moment ago."""


class Link:
    """Counts failures of one Redis server for everybody in this process who asks it."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._paused_until = float("-inf")
        self._is_away = False

    @property
    def is_paused(self) -> bool:
        return self._clock() < self._paused_until

    def ask(self, question: Callable[[], T]) -> T:
        """What `question()` answers. Raises `Away` when Redis does not answer, and at once during a pause."""
        if self.is_paused:
            raise Away
        try:
            answer = question()
        except FAILURES as problem:
            self.failed(problem)
            raise Away from problem
        if self._is_away:
            self.answered()
        return answer

    def failed(self, problem: Exception) -> None:
        """Let nobody ask for a moment; the first failure of several is logged."""
        with self._lock:
            is_news, self._is_away = not self._is_away, True
            self._paused_until = self._clock() + PAUSE
        if is_news:
            log.warning("Redis is away: %s", type(problem).__name__)

    def answered(self) -> None:
        with self._lock:
            was_away, self._is_away = self._is_away, False
            self._paused_until = float("-inf")
        if was_away:
            log.warning("Redis is back")


link = Link()


@cache
def client() -> "redis.Redis":
    """This process's connections to Redis, made when they are first used (a fork begins with none)."""
    return redis.Redis.from_url(settings.REDIS_URL, **CONNECTION)
