"""Taking photos with a phone: a link that opens once, and the phone that opened it, which brings for who showed it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare

from esw.core.database import held
from esw.core.limits import Limit
from esw.core.one_use import hashed, new_code, new_secret, normal_link
from teams.models import User
from work_samples.models import Assignment, Phone

#: A link that nobody has opened is worth nothing after this.
LINK_LASTS = timedelta(minutes=15)
#: Rows of phones that are long over are swept after this; their uploads are gone by then.
KEPT = timedelta(days=2)
LINKS = Limit("phone-links", 30, 600)  # by person
WRONG_LINKS = Limit("wrong-phone-links", 120, 600)  # by address, behind which a whole school may be

USED = "A link opens on one phone, and this one has been opened already."
EXPIRED = "This link was not opened in time."
ENDED = "This link was ended on the laptop, or a newer one was made there."
OVER = "This phone brings no more photos: it was ended on the laptop, or two hours have passed."
TOO_MANY_LINKS = "That was many links within a few minutes. Wait ten minutes, or use the one that you have."
TOO_MANY_TRIES = "Too many links that open nothing were tried from here. Wait ten minutes."


class LinkRefused(Exception):
    """The link opens nothing any more, or none is made; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def make_link(*, assignment: Assignment, by: User, now: datetime) -> tuple[Phone, str]:
    """A new link and its code, which is told this once; the phone that brought for this person before ends.

    The caller has asked whether the assignment is theirs. Raises LinkRefused after too many.
    """
    if not LINKS.take(str(by.pk)):
        raise LinkRefused(TOO_MANY_LINKS)
    held(Assignment.objects.all()).get(pk=assignment.pk)  # two links at once would each leave the other standing
    end(assignment=assignment, owner=by, now=now)
    code = new_code()
    phone = Phone.objects.create(
        assignment=assignment, owner=by, made_at=now, link_hash=hashed(code), link_expires_at=now + LINK_LASTS
    )
    return phone, code


def phone_of_link(*, code: str, now: datetime) -> Phone | None:
    """What the link would open; None when there never was one. Raises LinkRefused when it opens no more."""
    links = Phone.objects.select_related("assignment__team", "owner")
    found: Phone | None = links.filter(link_hash=hashed(normal_link(code))).first()
    if found is None:
        return None
    if found.opened_at is not None:
        raise LinkRefused(USED)
    if found.link_expires_at <= now:
        raise LinkRefused(EXPIRED)
    if not Phone.objects.expected(now).filter(pk=found.pk).exists():
        raise LinkRefused(ENDED)
    return found


@transaction.atomic
def open_link(*, code: str, now: datetime) -> tuple[Phone, str] | None:
    """Open the link: the phone, and the secret that its cookie keeps; None when there never was one.

    Of two browsers that open it at the same moment one wins. Raises LinkRefused.
    """
    found = phone_of_link(code=code, now=now)
    if found is None:
        return None
    secret = new_secret()
    opened = Phone.objects.filter(pk=found.pk, opened_at=None, ended_at=None).update(
        opened_at=now, cookie_hash=hashed(secret)
    )
    if not opened:
        raise LinkRefused(USED)
    return found, secret


def phone_of(*, phone_id: UUID, cookie: str, now: datetime) -> Phone | None:
    """The phone that this cookie belongs to; None for every other browser.

    Raises LinkRefused when it is the one and brings nothing any more.
    """
    phones = Phone.objects.select_related("assignment__team__school__district", "owner")
    found: Phone | None = phones.filter(pk=phone_id).exclude(opened_at=None).first()
    if found is None or not cookie or not constant_time_compare(found.cookie_hash, hashed(cookie)):
        return None
    if not Phone.objects.bringing(now).filter(pk=found.pk).exists():
        raise LinkRefused(OVER)
    return found


def end(*, assignment: Assignment, owner: User, now: datetime) -> int:
    """End the person's phone for this assignment, opened or not."""
    return Phone.objects.filter(assignment=assignment, owner=owner, ended_at=None).update(ended_at=now)


def end_phone(*, phone: Phone, now: datetime) -> None:
    """The phone itself says that it is done."""
    Phone.objects.filter(pk=phone.pk, ended_at=None).update(ended_at=now)


def end_all_of(*, owner: User, now: datetime) -> None:
    """Whoever logs out, on whichever computer, leaves no phone behind that brings in their name."""
    Phone.objects.filter(owner=owner, ended_at=None).update(ended_at=now)


def sweep(*, now: datetime) -> None:
    """Forget phones that are long over."""
    Phone.objects.filter(made_at__lt=now - KEPT).delete()
