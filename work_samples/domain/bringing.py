"""Bringing work: a file becomes a sample, or pages of one; taken back as long as nobody else has seen it."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast
from uuid import UUID

from django.apps import apps
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.db.models import F, Max

from esw.core import jobs
from esw.core.afterwards import after_commit
from esw.core.database import held
from esw.core.storage import StorageAway
from teams.models import User
from work_samples import imaging, kinds
from work_samples.domain import allowing, drafts, files, labels, usage
from work_samples.kinds import typed
from work_samples.models import LABEL_LENGTH, NAME_LENGTH, Assignment, Page, Recording, Sample, Upload

MAKE_PAGES = "work_samples.make_pages"

CONFIRMED = "This sample is confirmed already, so its pages stay as they are. Bring the file as a new sample."
IN_USE = "This sample is in a session, so it keeps its label: people have talked about it by that name."
LABEL_TAKEN = "Another sample of this assignment carries that label. Choose a different one."
NO_TEXT = "There are no words in this text yet. Type or paste the student’s words."
TEXT_TOO_LONG = (
    f"This text has {{length:,}} characters and ESW takes up to {typed.MAX_CHARACTERS:,}. Bring it in parts, "
    "or save it as a PDF and bring that."
)
TYPED_NAME = "Typed text"
ALL_THAT_IS_LEFT = (
    "This is the recording as your colleague heard it, and nothing else is left of it, so it stays. Silence what is "
    "said, or take the whole sample out."
)
NO_LABEL = "Give the sample a label, such as A or 12."


class NotBrought(Exception):
    """The file or the sample cannot be taken as asked; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


#: Told of the sample that a file went into, before the transaction ends.
Arrived = Callable[[Sample], None]


class _OnDisk(Protocol):
    def temporary_file_path(self) -> str: ...


def bring_file(
    *,
    assignment: Assignment,
    file: UploadedFile,
    by: User,
    now: datetime,
    sample: Sample | None = None,
    arrived: Arrived | None = None,
    instead_of: UUID | None = None,
) -> Sample:
    """Take one file: as a sample of its own, or as the next pages of `sample`, which must be unconfirmed.

    The file is moved, not copied. Its pages are made by a job after the commit. `arrived` is told of the sample in the
    same transaction; what it raises undoes everything. `instead_of`: the upload in pieces that this was, whose room it
    takes. Raises NotBrought.
    """
    is_recording = _check(file, assignment)
    return _take(
        assignment=assignment,
        file=file,
        name=file.name or "",
        by=by,
        now=now,
        sample=sample,
        arrived=arrived,
        is_recording=is_recording,
        instead_of=instead_of,
    )


def bring_text(*, assignment: Assignment, text: str, by: User, now: datetime) -> Sample:
    """Take a text that was typed or pasted as a sample of its own. It is kept as an upload is, until confirmed.

    Raises NotBrought when there is nothing in it or it is too long.
    """
    if not text.strip():
        raise NotBrought(NO_TEXT)
    if len(text) > typed.MAX_CHARACTERS:
        raise NotBrought(TEXT_TOO_LONG.format(length=len(text)))
    file = ContentFile(typed.written(text))
    return _take(assignment=assignment, file=file, name=TYPED_NAME, by=by, now=now, sample=None)


def _take(
    *,
    assignment: Assignment,
    file: File,
    name: str,
    by: User,
    now: datetime,
    sample: Sample | None,
    arrived: Arrived | None = None,
    is_recording: bool = False,
    instead_of: UUID | None = None,
) -> Sample:
    target = sample or Sample(assignment=assignment, uploader=by, created_at=now)
    try:
        stored = files.keep_upload(file, target.pk, team_id=assignment.team_id, instead_of=instead_of)
    except (files.DiskFull, StorageAway, usage.OverQuota) as problem:
        raise NotBrought(problem.sentence) from problem
    try:
        upload = Upload(file=stored, name=name[:NAME_LENGTH], is_recording=is_recording, created_at=now)
        return _record(target=target, is_new=sample is None, upload=upload, now=now, arrived=arrived)
    except BaseException:
        files.delete(stored)
        raise


def _check(file: UploadedFile, assignment: Assignment) -> bool:
    """Whether the file is a recording. Raises NotBrought."""
    if not hasattr(file, "temporary_file_path"):
        raise TypeError("Uploads are taken from disk: use the temporary file upload handler.")
    path = Path(cast("_OnDisk", file).temporary_file_path())
    try:
        allowing.check_recording(path, assignment)
        return kinds.named(imaging.check_upload(path)).record is not None
    except (imaging.CannotRead, allowing.NotAllowed) as problem:
        raise NotBrought(problem.sentence) from problem


@transaction.atomic
def _record(*, target: Sample, is_new: bool, upload: Upload, now: datetime, arrived: Arrived | None) -> Sample:
    if is_new:
        # The assignment's row is the queue for its labels.
        held(Assignment.objects.all()).get(pk=target.assignment_id)
        taken = Sample.objects.filter(assignment=target.assignment_id).values_list("label", flat=True)
        target.label = labels.first_free(set(taken))
        target.save(force_insert=True)
    else:
        target = _lock_unconfirmed(target)
    last = target.uploads.aggregate(last=Max("position"))["last"] or 0
    upload.sample, upload.position = target, last + 1
    upload.save(force_insert=True)
    jobs.enqueue(task=MAKE_PAGES, target=target.pk, now=now)
    if arrived is not None:
        arrived(target)
    return target


def _lock_unconfirmed(sample: Sample, *, or_covered: bool = False) -> Sample:
    """The sample, still its uploader's to change; `or_covered`: also while it waits for the second person."""
    locked = held(Sample.objects.all()).filter(pk=sample.pk).first()
    if locked is None or locked.is_confirmed or (locked.waits_for_second and not or_covered):
        raise NotBrought(CONFIRMED)
    return locked


def remove_upload(*, upload: Upload) -> Sample | None:
    """Take one file back with what was made of it. Returns the sample that is left; one of which nothing is left goes.

    Of a sample that was sent back the pages and the recording that were covered stay: what they were made of is gone.
    Raises NotBrought when the sample is confirmed, and for such a recording itself.
    """
    with transaction.atomic():
        sample = _lock_unconfirmed(upload.sample)
        if _is_all_that_is_left(upload):
            raise NotBrought(ALL_THAT_IS_LEFT)
        if not _has_more_than(sample, upload):
            _delete(sample)
            return None
        pages = Page.everything.filter(upload=upload)
        names = drafts.names_of(pages.select_related("shape", "reading"))
        pages.delete()
        for recording in upload.recordings.all():
            names += [file.name or "" for file in (recording.file, recording.poster, recording.thumbnail)]
            recording.delete()
        after_commit(files.delete, upload.file.name or "", *names)
        upload.delete()
        number_pages(sample)
    return sample


def _has_more_than(sample: Sample, upload: Upload) -> bool:
    """Whether there is anything in the sample that this file did not bring."""
    others = (sample.uploads.exclude(pk=upload.pk), sample.pages.filter(upload=None))
    return any(each.exists() for each in others) or Recording.objects.filter(sample=sample, upload=None).exists()


def _is_all_that_is_left(upload: Upload) -> bool:
    """Whether the file is a recording that was covered once: its consent was said before the file was there."""
    return bool(upload.recordings.filter(consent_at__lt=upload.created_at).exists())


def delete_sample(*, sample: Sample) -> None:
    """Destroy a sample that nobody else has seen, with every file of it. Raises NotBrought when it is confirmed."""
    with transaction.atomic():
        _delete(_lock_unconfirmed(sample, or_covered=True))


def _delete(sample: Sample) -> None:
    sample_id, assignment_id, names = sample.pk, sample.assignment_id, drafts.names_of(drafts.whole(sample.pk))
    sample.delete()
    after_commit(drafts.let_go, sample_id, names=names, assignment_id=assignment_id)
    after_commit(files.empty_folder, files.PAGES, sample_id)  # burned once, and never confirmed


def retry(*, sample: Sample, now: datetime) -> None:
    """Try again to make the pages that could not be made. Raises NotBrought when the sample is confirmed."""
    with transaction.atomic():
        locked = _lock_unconfirmed(sample)
        locked.uploads.filter(made_at=None).update(error="")
        jobs.enqueue(task=MAKE_PAGES, target=locked.pk, now=now)


def rename_sample(*, sample: Sample, label: str) -> Sample:
    """Give a sample another label, as long as no session talks about it. Raises NotBrought."""
    wanted = " ".join(label.replace("\0", " ").split())[:LABEL_LENGTH]  # no database keeps a NUL in a text
    if not wanted:
        raise NotBrought(NO_LABEL)
    with transaction.atomic():
        locked = held(Sample.objects.all()).get(pk=sample.pk)
        if is_leaned_on(locked):
            raise NotBrought(IN_USE)
        if locked.assignment.samples.exclude(pk=locked.pk).filter(label__iexact=wanted).exists():
            raise NotBrought(LABEL_TAKEN)
        locked.label = wanted
        with _label_once():
            locked.save(update_fields=["label"])
    return locked


@contextlib.contextmanager
def _label_once() -> Iterator[None]:
    try:
        yield
    except IntegrityError as taken:
        raise NotBrought(LABEL_TAKEN) from taken


def is_leaned_on(sample: Sample) -> bool:
    """True when a room above (a session, a benchmark) refers to the sample, whichever room that is."""
    for relation in Sample._meta.related_objects:  # noqa: SLF001 (the model's own description, as documented)
        there = relation.related_model
        is_above = apps.get_containing_app_config(there.__module__) is not apps.get_app_config("work_samples")
        if is_above and models.QuerySet(there).filter(**{relation.field.name: sample}).exists():
            return True
    return False


def number_pages(sample: Sample) -> None:
    """Number the pages of a sample through, in the order in which its files were brought, or a person put them."""
    # Pages without a file were covered once and came back: whatever is added comes after them, on any database.
    by_file = F("upload__position").asc(nulls_first=True)
    pages = list(sample.pages.order_by(*([] if sample.is_arranged else [by_file]), "number"))
    moved = [(page, number) for number, page in enumerate(pages, 1) if page.number != number]
    # First out of the way, then into place: a number is there once a sample at every moment.
    beyond = max((page.number for page in pages), default=0) + len(pages)
    for step in (beyond, 0):
        for page, number in moved:
            sample.pages.filter(pk=page.pk).update(number=number + step)
