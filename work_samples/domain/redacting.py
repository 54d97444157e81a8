"""Redacting: boxes as drafts, the preview, and confirming, which burns them in and destroys what showed a name.

Confirming works while its caller waits, in the limited child process of `imaging`: sixty pages take a few
seconds, and when it answers, the upload and every earlier page image are gone. A job could only promise that.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from esw.core.afterwards import after_commit
from esw.core.database import held
from teams.models import User
from work_samples import imaging
from work_samples.domain import boxes, drafts, files, recordings, suggesting
from work_samples.domain.boxes import PlacedBox
from work_samples.models import Page, Redaction, Sample, Shape
from work_samples.signals import sample_confirmed

STILL_READING = "The pages of this sample are still being made. Wait until they are all here, then confirm."
HAS_TROUBLE = "One file of this sample could not be read. Try it again or take it out, then confirm."
NO_PAGES = "This sample has no pages yet, so there is nothing to confirm."
CONFIRMED_OTHERWISE = "This sample is confirmed already, with other boxes. Nothing was changed."
CHANGED = "The boxes or pages have changed since this preview was made. Look at them again, then confirm."
ARRANGED = "The pages were arranged anew in another tab meanwhile. Reload this page, then draw on them as they are now."
CONFIRMED_DRAFT = "This sample is confirmed already, so its boxes stay as they are."


class NotNow(Exception):
    """It cannot be done as things stand; `sentence` says why. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- drafts ----------------------------------------------------------------------------------------------


def page_ids(sample: Sample) -> dict[int, UUID]:
    """The sample's pages by number, as `boxes.read` wants them."""
    return dict(sample.pages.values_list("number", "pk"))


def save_drafts(*, sample: Sample, placed: Sequence[PlacedBox], pictures: Mapping[str, object] | None = None) -> None:
    """Keep these boxes, and no others, as the sample's drafts.

    `pictures` are the marks of the pages that they were drawn on, by number, where the screen knows them. Raises NotNow
    when it is confirmed, or when a page has been turned, cut or moved since.
    """
    with transaction.atomic():
        locked = _lock_waiting(sample)
        if pictures:
            now = {str(page.number): drafts.mark_of(page) for page in locked.pages.all()}
            if any(now.get(number) != mark for number, mark in pictures.items()):
                raise NotNow(ARRANGED)
        _write(locked, placed)


def hide_everywhere(*, pages: Sequence[Page], strip: tuple[float, float, float, float]) -> int:
    """Add the same strip to each page that has not got it; returns to how many.

    A page of a confirmed sample is left alone. Raises boxes.BadBoxes.
    """
    x, y, w, h = boxes.clip(*strip)
    with transaction.atomic():
        open_pages = Page.objects.filter(
            pk__in=[page.pk for page in pages], sample__confirmed_at=None, sample__covered_at=None
        )
        bare = open_pages.exclude(redactions__in=Redaction.objects.filter(x=x, y=y, w=w, h=h))
        added = Redaction.objects.bulk_create(Redaction(page=page, x=x, y=y, w=w, h=h) for page in bare)
    return len(added)


def _lock_waiting(sample: Sample) -> Sample:
    locked: Sample | None = held(Sample.objects.waiting()).filter(pk=sample.pk).first()
    if locked is None:
        raise NotNow(CONFIRMED_DRAFT)
    return locked


def _write(sample: Sample, placed: Iterable[PlacedBox]) -> None:
    Redaction.objects.filter(page__sample=sample, page__aside_at=None).delete()
    mine = set(sample.pages.values_list("pk", flat=True))
    Redaction.objects.bulk_create(
        Redaction(page_id=box.page, x=box.x, y=box.y, w=box.w, h=box.h) for box in placed if box.page in mine
    )


def drafts_of(sample: Sample) -> list[PlacedBox]:
    """The boxes that are kept for a sample, in the order in which they were kept."""
    rows = Redaction.objects.filter(page__sample=sample, page__aside_at=None).order_by("pk")
    return [PlacedBox(row.page_id, row.x, row.y, row.w, row.h) for row in rows]


def fingerprint(sample: Sample) -> str:
    """Changes whenever a page or a box of the sample does: what a preview showed is what gets confirmed."""
    return fingerprint_of(sample.pages.prefetch_related("redactions"), recordings.state_of(recordings.of(sample)))


def fingerprint_of(pages: Iterable[Page], recorded: Sequence[object] = ()) -> str:
    """The same, of pages whose redactions are fetched already, and of what a recording's preview lets hear."""
    seen = sorted(
        (page.number, page.image.name or "", sorted((box.x, box.y, box.w, box.h) for box in page.redactions.all()))
        for page in pages
    )
    shown = [seen, recorded] if recorded else seen
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


# --- what others will see --------------------------------------------------------------------------------


def preview_page(*, page: Page) -> bytes:
    """A page as others will see it: its drafts burned into a copy, by the code that confirming uses, as JPEG data.

    Costs a child process each time; nothing that is not yet anonymous is kept for the next. Raises NotNow.
    """
    drawn = [imaging.Box(row.x, row.y, row.w, row.h) for row in page.redactions.all()]
    try:
        with files.local(page.image.name or "") as image, files.workbench(files.PAGES, page.sample_id) as bench:
            return imaging.burn([(image, drawn)], bench)[0].image.read_bytes()
    except (imaging.CannotRead, files.DiskFull) as problem:
        raise NotNow(problem.sentence) from problem
    except FileNotFoundError as problem:
        raise NotNow(CHANGED) from problem


# --- confirming ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Burned:
    page: UUID
    image: str
    thumbnail: str
    width: int
    height: int


def confirm_sample(
    *, sample: Sample, by: User, redactions: Sequence[PlacedBox] | None, seen: str | None = None, now: datetime
) -> Sample:
    """Burn the boxes into new page images, destroy the upload and all earlier ones, and let the team see it.

    `redactions` replace the drafts; None means the drafts as they are, and then `seen` is the fingerprint of
    what the person looked at. Confirming again with the same boxes changes nothing. `by` is the uploader. In a team
    where two people check, everything is burned and destroyed as well, and the sample waits for the second person
    (`second_look`). Raises NotNow; PermissionError for anybody else.
    """
    if by.pk != sample.uploader_id:
        raise PermissionError("Only the person who brought a sample confirms it.")
    placed = drafts_of(sample) if redactions is None else list(redactions)
    if not sample.is_draft:
        return _same_or_not_now(sample, placed)
    _check_ready(sample)
    if redactions is None and seen != fingerprint(sample):
        raise NotNow(CHANGED)
    pages = list(sample.pages.order_by("number"))
    try:
        with _burn(sample, pages, placed) as burned, recordings.confirmed_copy(sample) as kept:
            return _swap(sample=sample, pages=pages, burned=burned, kept=kept, placed=placed, now=now)
    except NotNow:
        meanwhile: Sample = Sample.objects.get(pk=sample.pk)
        if not meanwhile.is_draft:  # twice at the same moment
            return _same_or_not_now(meanwhile, placed)
        raise


def _same_or_not_now(sample: Sample, placed: Sequence[PlacedBox]) -> Sample:
    if sorted(map(astuple, placed)) != sorted(map(astuple, drafts_of(sample))):
        raise NotNow(CONFIRMED_OTHERWISE)
    return sample


def _check_ready(sample: Sample) -> None:
    uploads = list(sample.uploads.all())
    if any(upload.error for upload in uploads):
        raise NotNow(HAS_TROUBLE)
    if any(upload.is_waiting for upload in uploads):
        raise NotNow(STILL_READING)
    recording = recordings.of(sample)
    if recording is None and not sample.pages.exists():
        raise NotNow(NO_PAGES)
    if recording is not None and recording.silences != recording.made_silences:
        raise NotNow(STILL_READING)
    if recording is not None and recording.consent_at is None:
        raise NotNow(recordings.NO_CONSENT)


@contextmanager
def _burn(sample: Sample, pages: Sequence[Page], placed: Sequence[PlacedBox]) -> Iterator[list[_Burned]]:
    """New page images in the storage; removed again when what follows goes wrong. Raises NotNow."""
    kept: list[_Burned] = []
    try:
        with files.workbench(files.PAGES, sample.pk) as bench:
            kept.extend(_burned(sample, pages, placed, bench))
        yield kept
    except BaseException as problem:
        files.delete(*(name for one in kept for name in (one.image, one.thumbnail)))
        if isinstance(problem, imaging.CannotRead | files.DiskFull):
            raise NotNow(problem.sentence) from problem
        if isinstance(problem, FileNotFoundError):
            raise NotNow(CHANGED) from problem
        raise


def _burned(sample: Sample, pages: Sequence[Page], placed: Sequence[PlacedBox], bench: Path) -> Iterator[_Burned]:
    if not pages:  # a recording alone
        return
    from_disk = [_on_disk(page, bench) for page in pages]
    drawn = [[imaging.Box(box.x, box.y, box.w, box.h) for box in placed if box.page == page.pk] for page in pages]
    for page, made in zip(pages, imaging.burn(list(zip(from_disk, drawn, strict=True)), bench), strict=True):
        yield _Burned(
            page.pk,
            files.keep_image(made.image, files.PAGES, sample.pk),
            files.keep_image(made.thumbnail, files.PAGES, sample.pk),
            made.width,
            made.height,
        )


def _on_disk(page: Page, bench: Path) -> Path:
    """The page image as a path; from an object store it is fetched onto the bench."""
    with files.local(page.image.name or "") as image:
        if files.is_on_disk():
            return image
        return Path(shutil.move(image, bench / f"source-{page.number}.jpg"))


@transaction.atomic
def _swap(
    *,
    sample: Sample,
    pages: Sequence[Page],
    burned: Sequence[_Burned],
    kept: recordings.Kept,
    placed: Sequence[PlacedBox],
    now: datetime,
) -> Sample:
    locked = held(Sample.objects.all()).get(pk=sample.pk)
    if not locked.is_draft:
        raise NotNow(CONFIRMED_OTHERWISE)
    _check_ready(locked)
    then = {(page.pk, page.image.name, page.number) for page in pages}
    if then != set(locked.pages.values_list("pk", "image", "number")):
        raise NotNow(CHANGED)
    if not recordings.confirm(kept):
        raise NotNow(CHANGED)
    earlier = drafts.names_of(drafts.whole(locked.pk))
    _write(locked, placed)
    for one in burned:
        locked.pages.filter(pk=one.page).update(
            upload=None, image=one.image, thumbnail=one.thumbnail, width=one.width, height=one.height
        )
    Page.everything.filter(sample=locked, aside_at__isnull=False).delete()
    Shape.objects.filter(page__sample=locked).delete()
    locked.uploads.all().delete()
    suggesting.forget(locked)
    is_enough = not locked.assignment.team.two_person_check
    locked.covered_at, locked.confirmed_at = now, now if is_enough else None
    locked.sent_back_places = []
    locked.save(update_fields=["covered_at", "confirmed_at", "sent_back_places"])
    # What a process that dies right here leaves on disk, `cleanup.delete_orphans` takes at the next start.
    after_commit(drafts.let_go, locked.pk, names=earlier, assignment_id=locked.assignment_id)
    # A sample that was sent back has been burned once already, and those pages show what was found on them.
    earlier = [name for page in pages for name in (page.image.name or "", page.thumbnail.name or "")]
    earlier += recordings.names_of(kept.recording) if kept.recording else []
    after_commit(files.delete, *earlier)
    if is_enough:
        after_commit(tell_confirmed, locked.pk)
    return locked


def tell_confirmed(sample_id: UUID) -> None:
    """Let the rooms above hear of it."""
    sample_confirmed.send(sender=Sample, sample_id=sample_id)
