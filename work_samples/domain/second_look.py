"""The second person's look, in a team where two people check work for names before anybody else sees it.

The uploader has covered names and confirmed: the boxes are burned in and the originals gone. Another member sees just
these pages, and confirms or sends the sample back, with a reason from a list and places, never words of their own.
Sent back it is a draft again, whose boxes are burned into the pages as they are. Nobody is their own second.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from esw.core.afterwards import after_commit
from esw.core.database import held
from teams.models import Membership, User
from work_samples.domain import recordings, redacting
from work_samples.domain.boxes import PlacedBox
from work_samples.domain.redacting import NotNow
from work_samples.models import Sample, SentBack

NOT_WAITING = "This sample does not wait for a second look any more: somebody confirmed it or sent it back."
LOOK_AT_ALL = "Look at every page and tick each one, then confirm."
LISTEN = "Listen to all of the recording and tick that no name is said, then confirm."
SAY_WHY = "Say what shows, then send it back."
STILL_TWO = "Your team wants two people to check. Ask a colleague to look, or have the team’s lead change that."


def look_ready(
    *, sample: Sample, by: User, looked: Collection[int], listened: bool = False, seen: str, now: datetime
) -> Sample:
    """The second person has looked at every page (`looked`, by number) and no name shows: the team sees it from now on.

    Of a recording they have `listened` to all. `seen` is the fingerprint of what the person looked at. Raises NotNow;
    PermissionError for the uploader and for who is not in the team.
    """
    _check_may(sample, by)
    with transaction.atomic():
        locked = _locked(sample)
        if seen != redacting.fingerprint(locked):
            raise NotNow(redacting.CHANGED)
        if set(locked.pages.values_list("number", flat=True)) - set(looked):
            raise NotNow(LOOK_AT_ALL)
        if not listened and recordings.of(locked) is not None:
            raise NotNow(LISTEN)
        locked.second_by, locked.second_at, locked.confirmed_at = by, now, now
        locked.save(update_fields=["second_by", "second_at", "confirmed_at"])
        after_commit(redacting.tell_confirmed, locked.pk)
    return locked


def send_back(*, sample: Sample, by: User, why: str, places: Sequence[PlacedBox], now: datetime) -> Sample:
    """Something shows: the sample is its uploader's draft again. Raises NotNow and PermissionError as `look_ready`."""
    _check_may(sample, by)
    if why not in SentBack.values:
        raise NotNow(SAY_WHY)
    numbers = {pk: number for number, pk in redacting.page_ids(sample).items()}
    with transaction.atomic():
        locked = _locked(sample)
        locked.covered_at = None
        locked.sent_back_by, locked.sent_back_at, locked.sent_back_why = by, now, why
        locked.sent_back_places = [
            {"page": numbers[box.page], "x": box.x, "y": box.y, "w": box.w, "h": box.h} for box in places
        ]
        locked.save(update_fields=["covered_at", "sent_back_by", "sent_back_at", "sent_back_why", "sent_back_places"])
    return locked


def release(*, sample: Sample, by: User, now: datetime) -> Sample:
    """The uploader's own word is enough again, because the team no longer asks for two.

    Work that waits is not released by the team's setting: somebody says for each sample that no name shows. Raises
    NotNow; PermissionError for anybody but the uploader.
    """
    if by.pk != sample.uploader_id:
        raise PermissionError("Only the person who brought a sample confirms it alone.")
    with transaction.atomic():
        locked = _locked(sample)
        if locked.assignment.team.two_person_check:
            raise NotNow(STILL_TWO)
        locked.confirmed_at = now
        locked.save(update_fields=["confirmed_at"])
        after_commit(redacting.tell_confirmed, locked.pk)
    return locked


def _check_may(sample: Sample, by: User) -> None:
    is_member = Membership.objects.filter(team=sample.assignment.team_id, user=by).exists()
    if by.pk == sample.uploader_id or not is_member:
        raise PermissionError("The second look is another member's.")


def _locked(sample: Sample) -> Sample:
    locked: Sample | None = held(Sample.objects.covered()).filter(pk=sample.pk).first()
    if locked is None:
        raise NotNow(NOT_WAITING)
    return locked
