"""The one place where the time comes from; everything below it gets `now` as an argument."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present, aware, in UTC."""
    return timezone.now()
