"""Whose work on its way this is: a file that arrives in pieces is its sender's, a phone brings for who showed it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q

if TYPE_CHECKING:
    from teams.models import User

#: The phone's own cookie, sent to its own addresses alone. It says nothing of who is logged in.
PHONE_COOKIE = "phone"
#: How long a phone brings photos once it has opened its link: a class set takes less.
PHONE_LASTS = timedelta(hours=2)


def partial_uploads_of(user: "User") -> Q:
    """The sender's alone, as long as the team is theirs."""
    return Q(owner=user, assignment__team__memberships__user=user)


def _by_the_team() -> Q:
    """Whoever left the team, or whose account was closed, brings nothing into it any more."""
    return Q(owner__is_active=True, owner__memberships__team=F("assignment__team"))


def phones_bringing(now: datetime) -> Q:
    """Phones that opened their link and that nothing has ended: no hand, no newer link, no time, no log-out."""
    return Q(ended_at=None, opened_at__gt=now - PHONE_LASTS) & _by_the_team()


def phones_expected(now: datetime) -> Q:
    """Links that a phone may still open."""
    return Q(ended_at=None, opened_at=None, link_expires_at__gt=now) & _by_the_team()
