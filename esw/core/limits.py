"""How often something may be tried: counted in the cache, which all processes share.

A count is one number that the cache raises by itself, so many at once are counted right and nobody waits for
anybody. (allauth's own limits read a list, add to it and write it back under a lock, for which a request waits at most
a second: of 200 people who log in at once behind one school's address, with Redis, 168 were refused.)

While Redis is away each process counts in its own memory (`esw.core.cache`): a school goes on working, and whoever
guesses gets so many tries a process.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """`allowed` times in `seconds`, which begin with the first time. `name` parts it from other limits."""

    name: str
    allowed: int
    seconds: int

    def take(self, key: str) -> bool:
        """Count one more for `key`; False when that is one too many."""
        place = self._place(key)
        cache.add(place, 0, self.seconds)
        try:
            return cache.incr(place) <= self.allowed
        except ValueError:  # the time ended between the two
            cache.set(place, 1, self.seconds)
            return True

    def give_back(self, key: str) -> None:
        """One that does not count after all."""
        place = self._place(key)
        try:
            if cache.get(place, 0) > 0:
                cache.decr(place)
        except ValueError:  # forgotten meanwhile
            return

    def forget(self, key: str) -> None:
        """Begin anew for `key`."""
        cache.delete(self._place(key))

    def _place(self, key: str) -> str:
        """Without what `key` says: it may be somebody's e-mail address, and a cache is no place for those."""
        return f"limit:{self.name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
