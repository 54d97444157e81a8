"""A person's own saved filters of the library."""

from datetime import datetime
from urllib.parse import parse_qsl
from uuid import UUID

from django.db import transaction

from esw.core.database import held
from home.library import Asked
from teams.models import User
from work_samples.models import FILTER_NAME_LENGTH, SavedFilter

MOST = 20
NO_NAME = f"Give the filter a name of at most {FILTER_NAME_LENGTH} characters. Nothing was saved."
NOTHING = "There is nothing to save: ask for something in the library first."
TOO_MANY = f"You have {MOST} saved filters, which is the most. Remove one first."
TAKEN = "You have a filter of that name already. Remove it first, or choose another name."


class NotSaved(Exception):
    """`sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def save_filter(*, by: User, name: str, address: str, now: datetime) -> SavedFilter:
    """Keep an address's filters, as far as the library reads them, under a name. Raises NotSaved."""
    plain = " ".join(name.replace("\0", " ").split())
    asked = Asked.read(dict(parse_qsl(address[:5000])))
    if not 0 < len(plain) <= FILTER_NAME_LENGTH:
        raise NotSaved(NO_NAME)
    if not asked.narrows:
        raise NotSaved(NOTHING)
    with transaction.atomic():
        held(User.objects.all()).get(pk=by.pk)
        mine = list(SavedFilter.objects.filter(user=by))
        if len(mine) >= MOST:
            raise NotSaved(TOO_MANY)
        if any(one.name.casefold() == plain.casefold() for one in mine):
            raise NotSaved(TAKEN)
        return SavedFilter.objects.create(user=by, name=plain, address=asked.address, created_at=now)


def remove_filter(*, by: User, saved: UUID) -> bool:
    """Whether there was one of the person's own to remove."""
    return SavedFilter.objects.filter(user=by, pk=saved).delete()[0] > 0
