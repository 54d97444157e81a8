"""Taking a page out of everybody's hands, giving it back, and destroying it.

What a browser has kept under an address it may show for good. So a page gets a new id at the moment it is withdrawn:
its old addresses exist no more, the new ones have never shown anything, and everything that points to the page points
to the new id. The names of its files go where nothing serves them from.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from esw.core.afterwards import after_commit
from work_samples.domain import files
from work_samples.models import FormerPage, HeldRecording, Page, Recording, Redaction, Sample, Withdrawal


def is_to_be_withheld(page: Page) -> bool:
    """Whether a withdrawal that nobody has settled covers the page, by itself or with its sample."""
    about = models.Q(page=page) | models.Q(page=None)
    return page.sample.withdrawals.filter(about, settled_at=None).exists()


def hold(*, pages: Iterable[Page], now: datetime) -> list[Page]:
    """Withhold these pages, which get new ids; returns them as they are then. Those that are withheld stay as they are.

    Call it inside a transaction, with the sample's row locked.
    """
    return [page if page.withdrawn_at or page.destroyed_at else _hold(page, now) for page in pages]


def _hold(page: Page, now: datetime) -> Page:
    former, fresh = page.pk, uuid.uuid4()
    _point_to(Page, former, fresh)
    Page.everything.filter(pk=former).update(
        id=fresh,
        withdrawn_at=now,
        held_image=page.image.name or "",
        held_thumbnail=page.thumbnail.name or "",
        held_description=page.description,
        image="",
        thumbnail="",
        description="",
    )
    FormerPage.objects.create(id=former, page_id=fresh)
    held: Page = Page.everything.get(pk=fresh)
    return held


def _point_to(model: type[models.Model], former: uuid.UUID, fresh: uuid.UUID) -> None:
    """Let every row of any room that refers to `former` refer to `fresh`; the database checks when it commits."""
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 (the model's description, as documented)
        if not isinstance(relation, models.ManyToOneRel):
            continue
        rows: models.QuerySet[Any] = models.QuerySet(relation.related_model)
        column = relation.field.attname
        rows.filter(**{column: former}).update(**{column: fresh})


def release(*, pages: Iterable[Page]) -> None:
    """Give back those pages that no open withdrawal covers any more, under the address that they have by now."""
    for page in pages:
        if page.withdrawn_at is None or page.destroyed_at or is_to_be_withheld(page):
            continue
        page.image, page.thumbnail = page.held_image, page.held_thumbnail
        page.description = page.held_description or page.description
        page.held_image = page.held_thumbnail = page.held_description = ""
        page.withdrawn_at = None
        page.save()


def hold_sample(*, sample: Sample, now: datetime) -> None:
    """Withhold a sample's recording, beside its pages."""
    Sample.objects.filter(pk=sample.pk).update(withdrawn_at=now)
    found = Recording.objects.filter(sample=sample).first()
    if found is None or HeldRecording.objects.filter(recording=found).exists():
        return
    former, fresh = found.pk, uuid.uuid4()
    _point_to(Recording, former, fresh)
    Recording.objects.filter(pk=former).update(id=fresh, file="", poster="", thumbnail="", transcript="")
    HeldRecording.objects.create(
        recording_id=fresh,
        file=found.file.name or "",
        poster=found.poster.name or "",
        thumbnail=found.thumbnail.name or "",
        transcript=found.transcript,
    )


def recording_of(withdrawal: Withdrawal) -> HeldRecording | None:
    """The recording that a withdrawal keeps from everybody; None for one of a single page."""
    if withdrawal.page_id is not None:
        return None
    rows = HeldRecording.objects.select_related("recording")
    return rows.filter(recording__sample=withdrawal.sample_id).first()


def release_sample(*, sample: Sample) -> None:
    """Give a recording back, as it was made last, unless the whole sample is withdrawn still."""
    if sample.withdrawals.filter(page=None, settled_at=None).exists():
        return
    Sample.objects.filter(pk=sample.pk).update(withdrawn_at=None)
    for held in HeldRecording.objects.filter(recording__sample=sample):
        Recording.objects.filter(pk=held.recording_id).update(
            file=held.file,
            poster=held.poster,
            thumbnail=held.thumbnail,
            transcript=held.transcript,
            silences=models.F("made_silences"),
        )
        if held.source != held.file:
            after_commit(files.delete, held.source)
        held.delete()


def destroy(*, pages: Iterable[Page], now: datetime) -> None:
    """Destroy the files and words of these pages; their rows stay as tombstones. Inside a transaction."""
    for page in pages:
        names = [page.image.name or "", page.thumbnail.name or "", page.held_image, page.held_thumbnail]
        after_commit(files.delete, *names)
        Redaction.objects.filter(page=page).delete()
        page.image = page.thumbnail = page.held_image = page.held_thumbnail = ""
        page.description = page.held_description = ""
        page.destroyed_at = page.destroyed_at or now
        page.save()


def destroy_sample(*, sample: Sample, now: datetime) -> None:
    """The same of a whole sample, its recording with it. It is archived for good: its label and numbers stay."""
    destroy(pages=sample.pages.all(), now=now)
    for recording in Recording.objects.filter(sample=sample):
        held = HeldRecording.objects.filter(recording=recording).first()
        kept = [held.file, held.source, held.poster, held.thumbnail] if held else []
        names = [recording.file.name or "", recording.poster.name or "", recording.thumbnail.name or "", *kept]
        after_commit(files.delete, *names)
        recording.delete()
    Sample.objects.filter(pk=sample.pk).update(
        destroyed_at=now, archived_at=sample.archived_at or now, goes_on=None, withdrawn_at=None
    )
