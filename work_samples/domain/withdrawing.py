"""Something is wrong: whoever sees a page takes it away from everybody at once, and says whether a name shows or it
worries them. Then who is responsible is told, and covers, brings back or destroys it.

Every function locks the sample's row, so that two presses at the same moment are one after the other.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction

from esw.core import jobs
from esw.core.afterwards import after_commit
from esw.core.database import held
from teams.models import User
from work_samples import imaging, withdrawal_access
from work_samples.domain import boxes, files, withholding
from work_samples.domain.boxes import PlacedBox
from work_samples.models import FormerPage, Outcome, Page, Reason, Sample, Withdrawal, WithdrawalEvent
from work_samples.models.withdrawals import NOTE_LENGTH
from work_samples.signals import pages_changed, pages_destroyed

TELL = "work_samples.tell_of_withdrawal"
UNDO_WITHIN = timedelta(minutes=10)

WHY = "Say why: a name shows, or this worries you."
NOT_SHARED = "Only you can see this work so far. Cover the name, or take the work back."
DESTROYED = "This page was destroyed and cannot be brought back."
SETTLED = "This is settled already, so nothing was changed."
TOO_LATE = "Ten minutes have passed. The team’s leads, or whom your district named, can bring the page back."
NO_BOX = "Draw a box over the name first, then bring the page back."
NO_SILENCE = "Silence the name, or draw a box over it, first; then bring the work back."
STILL_MAKING = "The recording is still being made anew. Listen to it once more, then bring it back."
WAITS = "Somebody is worried about this page, so nothing is changed before that is settled."
NOT_YOURS = "This is for others to settle. What you see here is all that you need to know."


class NotWithdrawn(Exception):
    """It cannot be done as things stand; `sentence` says why. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- taking away -----------------------------------------------------------------------------------------


def current_page(key: uuid.UUID) -> uuid.UUID:
    """The id that a page has now, of any id that it ever had."""
    known = FormerPage.objects.filter(pk=key).values_list("page_id", flat=True).first()
    return known or key


@transaction.atomic
def withdraw(
    *,
    sample: Sample,
    page: Page | None,
    reason: str,
    by: User,
    now: datetime,
    note: str = "",
    client_id: uuid.UUID | None = None,
    was: uuid.UUID | None = None,
) -> Withdrawal:
    """Take a page, or the whole sample, away from everybody; returns the withdrawal that stands.

    Asked again, by the same press (`client_id`) or another person, the one that there is stands. `was` is the id under
    which the page was seen: a name that was seen before the page was withdrawn has been dealt with, a worry has not.
    `by` sees the page (`visible_to`). Raises NotWithdrawn.
    """
    if reason not in Reason.values:
        raise NotWithdrawn(WHY)
    locked = held(Sample.objects.all()).get(pk=sample.pk)
    if not locked.is_confirmed:
        raise NotWithdrawn(NOT_SHARED)
    pressed = Withdrawal.objects.filter(raised_by=by, client_id=client_id).first() if client_id else None
    if pressed is not None:
        return pressed
    if locked.destroyed_at or (page is not None and page.destroyed_at):
        raise NotWithdrawn(DESTROYED)
    standing = _standing(locked, page, reason, was)
    if standing is not None:
        if standing.is_open and standing.raised_by_id != by.pk:
            _log(standing, "raised_again", by, now)
        return standing
    made = Withdrawal.objects.create(
        sample=locked,
        page=page,
        reason=reason,
        note=_words(note),
        raised_by=by,
        raised_at=now,
        client_id=client_id,
    )
    _log(made, "withdrawn", by, now)
    withholding.hold(pages=[page] if page else locked.pages.all(), now=now)
    if page is None:
        withholding.hold_sample(sample=locked, now=now)
    jobs.enqueue(task=TELL, target=made.pk, now=now)
    pages_changed.send(sender=Sample, sample_id=locked.pk)
    made.refresh_from_db()
    return made


def _standing(sample: Sample, page: Page | None, reason: str, was: uuid.UUID | None) -> Withdrawal | None:
    """The withdrawal that answers this press: one that is open, or the one that a late press is about."""
    same = sample.withdrawals.filter(page=page, reason=reason)
    found = same.filter(settled_at=None).first()
    if found is None and page is not None and was not in {None, page.pk}:
        found = same.exclude(outcome=Outcome.UNDONE).first()
    return found


def _words(note: str) -> str:
    return " ".join(note.replace("\0", " ").split())[:NOTE_LENGTH]


def _log(withdrawal: Withdrawal, name: str, by: User | None, now: datetime) -> None:
    WithdrawalEvent.objects.create(withdrawal=withdrawal, name=name, by=by, at=now)


# --- settling --------------------------------------------------------------------------------------------


@transaction.atomic
def undo(*, withdrawal: Withdrawal, by: User, now: datetime) -> Withdrawal:
    """'I pressed by mistake': within ten minutes, by who pressed. Raises NotWithdrawn, PermissionDenied."""
    row = locked_now(withdrawal)
    if row.outcome == Outcome.UNDONE and row.settled_by_id == by.pk:
        return row
    if row.raised_by_id != by.pk:
        raise PermissionDenied(NOT_YOURS)
    _check_open(row)
    if now - row.raised_at > UNDO_WITHIN:
        raise NotWithdrawn(TOO_LATE)
    return _settle(row, Outcome.UNDONE, by, now)


@transaction.atomic
def bring_back(*, withdrawal: Withdrawal, by: User, now: datetime) -> Withdrawal:
    """Settle a worry: everybody sees the page again. Raises NotWithdrawn, PermissionDenied."""
    row = locked_now(withdrawal)
    _check_open(row)
    if not withdrawal_access.may_bring_back(by, row):
        raise PermissionDenied(NOT_YOURS)
    return _settle(row, Outcome.BROUGHT_BACK, by, now)


@transaction.atomic
def save_boxes(*, withdrawal: Withdrawal, placed: Sequence[PlacedBox], by: User) -> None:
    """Keep what is to be covered, as drafts. Raises NotWithdrawn, PermissionDenied."""
    row = locked_now(withdrawal)
    check_mine_to_cover(row, by)
    row.boxes = [{"page": str(box.page), "x": box.x, "y": box.y, "w": box.w, "h": box.h} for box in placed]
    row.save(update_fields=["boxes"])


def pages_of(withdrawal: Withdrawal) -> list[Page]:
    """The pages that it is about, in order."""
    pages = Page.objects.filter(sample=withdrawal.sample_id).select_related("sample").order_by("number")
    return list(pages.filter(pk=withdrawal.page_id) if withdrawal.page_id else pages)


def drafts_of(withdrawal: Withdrawal) -> list[PlacedBox]:
    """The boxes that are kept for it."""
    known = {page.number: page.pk for page in pages_of(withdrawal)}
    try:
        return boxes.read(withdrawal.boxes, pages=known)
    except boxes.BadBoxes:
        return []


def cover(*, withdrawal: Withdrawal, by: User, now: datetime) -> Withdrawal:
    """Burn the kept boxes into the pages as they are, destroy what they covered, and bring them back.

    With a whole sample its recording comes back as it was silenced (`silencing`). Raises NotWithdrawn and
    PermissionDenied.
    """
    check_mine_to_cover(withdrawal, by)
    placed = drafts_of(withdrawal)
    _check_covered(withdrawal, placed)
    covered = {box.page for box in placed}
    pages = [page for page in pages_of(withdrawal) if page.pk in covered and page.held_image]
    fresh: list[tuple[Page, str, str, imaging.PageImage]] = []
    try:
        with files.workbench(files.PAGES, withdrawal.sample_id) as bench:
            fresh.extend(_burned(page, placed, bench) for page in pages)
        return _swap(withdrawal, fresh, placed, by, now)
    except BaseException as problem:
        files.delete(*(name for _, image, thumbnail, _ in fresh for name in (image, thumbnail)))
        if isinstance(problem, imaging.CannotRead | files.DiskFull):
            raise NotWithdrawn(problem.sentence) from problem
        if isinstance(problem, FileNotFoundError):
            raise NotWithdrawn(DESTROYED) from problem
        raise


def _check_covered(withdrawal: Withdrawal, placed: Sequence[PlacedBox]) -> None:
    recording = withholding.recording_of(withdrawal)
    if recording is not None and not recording.is_as_asked:
        raise NotWithdrawn(STILL_MAKING)
    if not placed and (recording is None or not recording.is_changed):
        raise NotWithdrawn(NO_BOX if recording is None else NO_SILENCE)


def _burned(page: Page, placed: Sequence[PlacedBox], bench: Path) -> tuple[Page, str, str, imaging.PageImage]:
    drawn = [imaging.Box(box.x, box.y, box.w, box.h) for box in placed if box.page == page.pk]
    folder = bench / f"{page.number}"
    folder.mkdir()
    with files.local(page.held_image) as image:
        made = imaging.burn([(image, drawn)], folder)[0]
    return (
        page,
        files.keep_image(made.image, files.PAGES, page.sample_id),
        files.keep_image(made.thumbnail, files.PAGES, page.sample_id),
        made,
    )


@transaction.atomic
def _swap(
    withdrawal: Withdrawal,
    fresh: Sequence[tuple[Page, str, str, imaging.PageImage]],
    placed: Sequence[PlacedBox],
    by: User,
    now: datetime,
) -> Withdrawal:
    row = locked_now(withdrawal)
    check_mine_to_cover(row, by)
    _check_covered(row, placed)
    for page, image, thumbnail, made in fresh:
        same = Page.objects.filter(pk=page.pk, held_image=page.held_image)
        size = {"width": made.width, "height": made.height}
        if not same.update(held_image=image, held_thumbnail=thumbnail, **size):
            raise NotWithdrawn(SETTLED)
        after_commit(files.delete, page.held_image, page.held_thumbnail)
        page.redactions.bulk_create(
            page.redactions.model(page_id=page.pk, x=box.x, y=box.y, w=box.w, h=box.h)
            for box in placed
            if box.page == page.pk
        )
    return _settle(row, Outcome.COVERED, by, now)


@transaction.atomic
def destroy(*, withdrawal: Withdrawal, by: User, now: datetime) -> Withdrawal:
    """Destroy the page, or the sample, for good, and what was quoted from it; a tombstone stays.

    Raises NotWithdrawn, PermissionDenied.
    """
    row = locked_now(withdrawal)
    if row.outcome == Outcome.DESTROYED:
        return row
    _check_open(row)
    if withdrawal_access.waits_for_worry(row):
        raise NotWithdrawn(WAITS)
    if not withdrawal_access.may_destroy(by, row):
        raise PermissionDenied(NOT_YOURS)
    pages = pages_of(row)
    if row.page_id:
        withholding.destroy(pages=pages, now=now)
    else:
        withholding.destroy_sample(sample=row.sample, now=now)
    _settle_others(row, by, now)
    settled = _settle(row, Outcome.DESTROYED, by, now)
    pages_destroyed.send(
        sender=Sample, sample_id=row.sample_id, pages=[page.pk for page in pages], whole=row.page_id is None
    )
    return settled


def _settle_others(row: Withdrawal, by: User, now: datetime) -> None:
    """What else was open about a page that is no more is settled with it."""
    others = row.sample.withdrawals.filter(settled_at=None).exclude(pk=row.pk)
    for other in others.filter(page=row.page_id) if row.page_id else others:
        other.settled_at, other.settled_by, other.outcome = now, by, Outcome.DESTROYED
        other.note, other.boxes = "", []
        other.save()
        _log(other, Outcome.DESTROYED, by, now)


def _settle(row: Withdrawal, outcome: Outcome, by: User, now: datetime) -> Withdrawal:
    row.settled_at, row.settled_by, row.outcome = now, by, outcome
    row.note, row.boxes = "", []
    row.save()
    _log(row, outcome, by, now)
    withholding.release(pages=pages_of(row))
    withholding.release_sample(sample=row.sample)
    pages_changed.send(sender=Sample, sample_id=row.sample_id)
    return row


def locked_now(withdrawal: Withdrawal) -> Withdrawal:
    """The withdrawal as it is now, with its sample's row locked."""
    held(Sample.objects.all()).get(pk=withdrawal.sample_id)
    return Withdrawal.objects.select_related("sample__assignment__team__school__district").get(pk=withdrawal.pk)


def _check_open(row: Withdrawal) -> None:
    if not row.is_open:
        raise NotWithdrawn(SETTLED)


def check_mine_to_cover(row: Withdrawal, by: User) -> None:
    """Whether this person may cover names in it now. Raises NotWithdrawn, PermissionDenied."""
    _check_open(row)
    if withdrawal_access.waits_for_worry(row):
        raise NotWithdrawn(WAITS)
    if not withdrawal_access.may_cover(by, row):
        raise PermissionDenied(NOT_YOURS)
