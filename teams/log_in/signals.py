"""What follows from a new password."""

from typing import Any

from allauth.account.signals import password_reset
from django.dispatch import receiver

from teams.log_in.limits import WRONG_PASSWORDS
from teams.models import User


@receiver(password_reset)
def may_try_at_once(user: User, **rest: Any) -> None:  # noqa: ARG001 (the signal's shape)
    """Whoever has just chosen a new password by mail may log in with it, whatever was tried before."""
    WRONG_PASSWORDS.forget(user.email.lower())
