"""Whoever logs out leaves no phone behind that brings photos in their name."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from esw.core import clock
from teams.models import User
from work_samples.domain import phoning


@receiver(user_logged_out, dispatch_uid="work_samples.end_phones")
def end_phones(user: Any, **_: Any) -> None:
    if isinstance(user, User):
        phoning.end_all_of(owner=user, now=clock.now())
