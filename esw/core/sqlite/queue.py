"""A queue for the one who may write: first come, first served, and handed over at once."""

import threading
from collections import deque


class WriteQueue:
    """At most one holder. Whoever waits sleeps until the holder before them has left, and not a moment longer."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._holder: object | None = None
        self._waiting: deque[tuple[object, threading.Event]] = deque()

    def take(self, who: object, *, seconds: float) -> bool:
        """Wait for one's turn; False when it did not come within so many seconds."""
        with self._guard:
            if self._holder is None:
                self._holder = who
                return True
            place = (who, threading.Event())
            self._waiting.append(place)
        place[1].wait(seconds)
        with self._guard:
            if self._holder is not who:
                self._waiting.remove(place)
            return self._holder is who

    def leave(self, who: object) -> None:
        """Hand over to whoever has waited longest. Does nothing for who is not the holder."""
        with self._guard:
            if self._holder is not who:
                return
            self._holder, called = self._waiting.popleft() if self._waiting else (None, None)
            if called is not None:
                called.set()
