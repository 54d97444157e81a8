"""Saved filters of the library: a person's own, and those that a colleague shares with a team."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from esw.core.database import held
from home.library import Asked
from teams.models import Membership, TeamRole, User
from work_samples.models import FILTER_NAME_LENGTH, SavedFilter

MOST = 20
NO_NAME = f"Give the filter a name of at most {FILTER_NAME_LENGTH} characters. Nothing was saved."
NOTHING = "There is nothing to save: ask for something in the library first."
TOO_MANY = f"You have {MOST} saved filters, which is the most. Remove one first."
TAKEN = "There is a filter of that name already. Remove it first, or choose another name."
NO_TEAM = "You can share a filter with a team that you are in. Nothing was changed."


class NotSaved(Exception):
    """`sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def filters_of(user: User) -> QuerySet[Any]:
    """The person's own, and what is shared with their teams; `may_change`: its owner, and the leads of that team."""
    leads = Membership.objects.filter(team=OuterRef("team"), user=user, role=TeamRole.LEAD)
    shared = Membership.objects.filter(team=OuterRef("team"), user=user)
    rows = SavedFilter.objects.annotate(may_change=Case(When(user=user, then=True), default=Exists(leads)))
    return rows.filter(Q(user=user) | Exists(shared)).select_related("user", "team").order_by("created_at", "pk")


def save_filter(*, by: User, name: str, address: str, now: datetime) -> SavedFilter:
    """Keep an address's filters, as far as the library reads them, under a name. Raises NotSaved."""
    plain = _plain(name)
    asked = Asked.read(dict(parse_qsl(address[:5000])))
    if not asked.narrows:
        raise NotSaved(NOTHING)
    with transaction.atomic():
        held(User.objects.all()).get(pk=by.pk)
        mine = list(SavedFilter.objects.filter(user=by))
        if len(mine) >= MOST:
            raise NotSaved(TOO_MANY)
        _refuse_twice(plain, mine)
        return SavedFilter.objects.create(user=by, name=plain, address=asked.address, created_at=now)


def change_filter(*, by: User, saved: UUID, name: str, team: UUID | None) -> SavedFilter:
    """Give it another name, and share it with one of the person's teams or (None) with nobody. Raises NotSaved, and
    SavedFilter.DoesNotExist for what is not theirs to change.
    """
    plain = _plain(name)
    with transaction.atomic():
        row: SavedFilter = filters_of(by).get(pk=saved, may_change=True)
        held(User.objects.all()).get(pk=row.user_id)
        _refuse_twice(plain, SavedFilter.objects.filter(user=row.user_id).exclude(pk=row.pk))
        if team not in (None, row.team_id) and not Membership.objects.filter(user=by, team=team).exists():
            raise NotSaved(NO_TEAM)
        row.name, row.team_id = plain, team
        row.save(update_fields=["name", "team"])
        return row


def remove_filter(*, by: User, saved: UUID) -> bool:
    """Whether there was one of the person's to remove."""
    return (
        SavedFilter.objects.filter(pk__in=filters_of(by).filter(pk=saved, may_change=True).values("pk")).delete()[0] > 0
    )


def _plain(name: str) -> str:
    plain = " ".join(name.replace("\0", " ").split())
    if not 0 < len(plain) <= FILTER_NAME_LENGTH:
        raise NotSaved(NO_NAME)
    return plain


def _refuse_twice(name: str, others: Iterable[SavedFilter]) -> None:
    if any(one.name.casefold() == name.casefold() for one in others):
        raise NotSaved(TAKEN)
