"""Kombu's in-memory broker, made to answer at once.

Kombu's own looks for messages once a second and lets nobody interrupt it for two, so that each task
starts late and a server with an embedded worker stops late.
"""

import threading
import time
from typing import Any

from kombu.transport import memory

#: The longest that a worker waits before it looks whether it should stop, in seconds.
LONGEST_WAIT = 0.2

_arrived = threading.Condition()
_arrivals = 0


def _wake() -> None:
    global _arrivals  # noqa: PLW0603 (the queues are one for the whole process, too)
    with _arrived:
        _arrivals += 1
        _arrived.notify_all()


class Channel(memory.Channel):
    """A channel that wakes the waiting worker when a message arrives, and when it is free for the next."""

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:
        super()._put(queue, message, **kwargs)
        _wake()

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:  # noqa: FBT001, FBT002 (kombu's shape)
        super().basic_ack(delivery_tag, multiple=multiple)
        _wake()


class Transport(memory.Transport):
    """`CELERY_BROKER_TRANSPORT`, with `memory://` as address."""

    Channel = Channel
    #: Kombu does not sleep between looks; `drain_events` waits for the arrival itself.
    polling_interval = None

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Hand over what has arrived, or raise TimeoutError after at most LONGEST_WAIT."""
        until = time.monotonic() + min(timeout or LONGEST_WAIT, LONGEST_WAIT)
        while True:
            seen = _arrivals
            try:
                return super().drain_events(connection, timeout=0.0001, **kwargs)
            except TimeoutError:
                with _arrived:
                    left = until - time.monotonic()
                    if left <= 0:
                        raise
                    if seen == _arrivals:
                        _arrived.wait(left)
