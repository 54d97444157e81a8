"""Making pages: a job that turns what was brought into page images, however often it is killed and begun anew."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from esw.core import clock, jobs
from esw.core.database import held
from esw.core.models import Job, JobState
from work_samples import imaging, recorder
from work_samples.domain import drafts, files, recordings, suggesting
from work_samples.domain.bringing import MAKE_PAGES, number_pages
from work_samples.models import Page, Sample, Upload

Report = Callable[[int, int], None]

TOO_MANY_PAGES = (
    f"With this file the sample would have more than {imaging.MAX_PAGES} pages, the most for one sample. "
    "Take it out here and bring it as a sample of its own."
)
GONE = "The file is no longer here. Please bring it again."


def make_pages(*, job: Job, report: Report) -> None:
    """Make the pages of every upload of the job's sample that waits for them.

    `report(done, of)` counts the pages of the whole sample, and the seconds of a recording while that is made. A sample
    that is gone or confirmed needs nothing. A file that cannot be read does not hold up the next. Raises JobFailed
    with the first reason.
    """
    sample = Sample.objects.waiting().filter(pk=job.target).first()
    if sample is None:
        return
    if _next_waiting(sample) is not None:  # else somebody may be turning its pages, and nothing is left of a killed run
        _clear_leftovers(sample)
    while (upload := _next_waiting(sample)) is not None:
        if not _make(upload, job=job, report=report):
            return
    _tell_failed(sample)


def _tell_failed(sample: Sample) -> None:
    failed = list(sample.uploads.exclude(error=""))
    if failed:
        raise jobs.JobFailed(sentence_about(failed, of=sample.uploads.count()))


def sentence_about(failed: Sequence[Upload], *, of: int) -> str:
    """Why the first of these files cannot be read; which of the sample's `of` files it is, when there are several."""
    first = failed[0]
    return f"File {first.position} of this sample: {first.error}" if of > 1 else first.error


def queue_what_is_left(*, sample_id: UUID, now: datetime) -> None:
    """Queue the job again when a file came after the last one had looked for files."""
    with transaction.atomic():
        sample = held(Sample.objects.waiting()).filter(pk=sample_id).first()
        if sample is None or _next_waiting(sample) is None:
            return
        latest = jobs.latest(sample_id, task=MAKE_PAGES)
        if latest is not None and latest.error != jobs.GAVE_UP:
            jobs.enqueue(task=MAKE_PAGES, target=sample_id, now=now)


def queue_forgotten(*, now: datetime) -> int:
    """Queue samples with a file that nobody is at: a worker died just after it had finished; returns how many."""
    busy = Job.objects.filter(task=MAKE_PAGES, state__in=[JobState.PENDING, JobState.RUNNING]).values("target")
    forgotten = Sample.objects.waiting().filter(uploads__made_at=None, uploads__error="").exclude(pk__in=busy)
    ids = list(forgotten.distinct().values_list("pk", flat=True))
    for sample_id in ids:
        queue_what_is_left(sample_id=sample_id, now=now)
    return len(ids)


def _clear_leftovers(sample: Sample) -> None:
    """Remove what a killed run left; the lease says that no other run is at it."""
    named = set(drafts.in_use(sample.assignment_id))
    recording = recordings.of(sample)
    named |= set(recordings.names_of(recording) if recording else [])
    named |= suggesting.words_of(sample)
    files.empty_folder(files.DRAFTS, sample.pk, keep=frozenset(named))


def _next_waiting(sample: Sample) -> Upload | None:
    return sample.uploads.filter(made_at=None, error="").order_by("position").first()


def _make(upload: Upload, *, job: Job, report: Report) -> bool:
    """Make the pages of one file, or write down why not; False when this run should stop.

    Of a recording seconds are reported, none before it is known how many there are.
    """
    already = Page.objects.filter(sample=upload.sample_id).count()
    later = Upload.objects.filter(sample=upload.sample_id, made_at=None, error="").count() - 1

    def progress(done: int, of: int) -> None:
        report(already + done, already + of + later)

    try:
        with (
            files.local(upload.file.name or "") as source,
            files.workbench(files.DRAFTS, upload.sample_id) as bench,
        ):
            if recorder.is_recording(source):
                report(0, 0)
                is_made = recordings.make(upload, source, bench, job=job, on_progress=report)
                report(already, already + later)  # pages again
                return is_made
            made = imaging.make_pages(source, bench, on_progress=progress, press=press())
            if already + len(made) > imaging.MAX_PAGES:
                return _refuse(upload, TOO_MANY_PAGES)
            return _keep(upload, made, job=job)
    except (imaging.CannotRead, files.DiskFull, recordings.NotRecorded) as problem:
        return _refuse(upload, problem.sentence)
    except FileNotFoundError:
        return _refuse(upload, GONE)


def press() -> imaging.Press:
    """What typed text is set with on this server."""
    folders = {"sources": str(settings.FONT_SOURCES), "built": str(settings.FONTS_ROOT)}
    return imaging.Press(fonts=folders, paper=settings.PAPER)


def _refuse(upload: Upload, sentence: str) -> bool:
    Upload.objects.filter(pk=upload.pk, made_at=None).update(error=sentence[:300])
    return True


def _keep(upload: Upload, made: Sequence[imaging.PageImage], *, job: Job) -> bool:
    """Move the pages into the storage and write their rows: all of them or none."""
    kept: list[str] = []
    try:
        paths = [path for page in made for path in (page.image, page.thumbnail)]
        kept.extend(files.keep_image(path, files.DRAFTS, upload.sample_id) for path in paths)
        is_recorded = _record(upload, made, kept, job=job)
    except Exception:
        files.delete(*kept)
        raise
    if not is_recorded:
        files.delete(*kept)
    return is_recorded


@transaction.atomic
def _record(upload: Upload, made: Sequence[imaging.PageImage], kept: Sequence[str], *, job: Job) -> bool:
    """Write the pages' rows, unless meanwhile the sample or the file went or another run took over.

    `kept`: image and thumbnail of each page by turns, as the storage calls them.
    """
    sample = held(Sample.objects.waiting()).filter(pk=upload.sample_id).first()
    is_ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).exists()
    fresh = Upload.objects.filter(pk=upload.pk, made_at=None)
    if sample is None or not is_ours or not fresh.update(made_at=clock.now(), error=""):
        return False
    last = max(sample.pages.values_list("number", flat=True), default=0)
    Page.objects.bulk_create(
        Page(
            sample=sample,
            upload=upload,
            number=last + page.number,
            image=image,
            thumbnail=thumbnail,
            width=page.width,
            height=page.height,
        )
        for page, image, thumbnail in zip(made, kept[::2], kept[1::2], strict=True)
    )
    number_pages(sample)
    return True
