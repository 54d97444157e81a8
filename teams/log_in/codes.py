"""The code that is mailed: made, sent, kept in the session of the browser that asked, and tried.

It never leaves the letter and the session's row: not in a log, not in the cache, not in an address.
"""

import time
import uuid
from datetime import UTC, datetime
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest

from teams.log_in.limits import CODE_TRIES
from teams.models import User


class NotSent(Exception):
    """The letter could not be handed to the mail server."""


def send(*, request: HttpRequest, email: str, user: User | None, shared: bool) -> None:
    """Mail a code, or to an address that nobody uses ESW with a letter that says so; an earlier code is dead.

    Both take the same steps and lead to the same page. `shared`: the computer is not this person's own.
    Raises `NotSent`.
    """
    try:
        process = LoginCodeVerificationProcess.initiate(request=request, user=user, email=email)
    except (SMTPException, OSError) as problem:
        raise NotSent from problem
    process.state.update(id=str(uuid.uuid4()), shared=shared)
    process.persist()


class Waiting:
    """The code that this browser asked for last, while nobody is logged in."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    @property
    def email(self) -> str:
        return str(self._state.get("email", ""))

    @property
    def shared(self) -> bool:
        return bool(self._state.get("shared"))

    @property
    def until(self) -> datetime:
        return datetime.fromtimestamp(self._state["at"] + app_settings.LOGIN_BY_CODE_TIMEOUT, UTC)

    @property
    def is_over(self) -> bool:
        return self.until.timestamp() < time.time()

    def take_try(self) -> bool:
        """Count one more try; False when the code has had all of its tries.

        The session counts them, too, but of many tries at once it forgets most.
        """
        return CODE_TRIES.take(str(self._state.get("id", "")))


def waiting(request: HttpRequest) -> Waiting | None:
    """What this browser waits for, whether its time is over or not."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return Waiting(stage.state) if stage is not None and "at" in stage.state else None
