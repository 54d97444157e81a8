"""Offering places where a name may stand: pages are read in a job, labels and typed names are looked for in that.

What was read lies in a file beside the draft's image and goes with it: when the sample is confirmed, deleted or let go
of. Names that the uploader types come in as arguments, are compared in this process and kept nowhere. Nothing is ever
covered by itself.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.views.decorators.debug import sensitive_variables

from esw.core import clock, jobs
from esw.core.database import held
from esw.core.models import Job, JobState
from work_samples import imaging, names, reading
from work_samples.domain import boxes, files
from work_samples.domain.bringing import MAKE_PAGES
from work_samples.models import Page, Reading, Sample

READ_PAGES = "work_samples.read_pages"
MOST_DISMISSED = 500
# Two places are the same one when each lies so far in the other.
ALIKE = 0.6

Report = Callable[[int, int], None]


class _GiveWay(Exception):
    """Pages wait to be made: they come first."""


# --- the job ------------------------------------------------------------------------------------------------


def is_on() -> bool:
    """Whether this server reads pages: the setting says so, and what reads them is installed."""
    return settings.SUGGEST_NAMES and reading.is_installed()


def queue(*, sample_id: UUID, now: datetime) -> None:
    """Have the sample's pages read, where this machine can and some are not read yet."""
    if not is_on():
        return
    with transaction.atomic():
        sample = Sample.objects.waiting().filter(pk=sample_id).first()
        if sample is not None and unread(sample).exists():
            jobs.enqueue(task=READ_PAGES, target=sample_id, now=now)


def unread(sample: Sample) -> QuerySet[Page]:
    """Pages whose picture has not been read as it is now."""
    return sample.pages.exclude(image="").filter(Q(reading=None) | ~Q(reading__image=F("image"))).order_by("number")


def read_pages(*, job: Job, report: Report) -> None:
    """Read what is not read yet, a page at a time; whenever pages wait to be made, the job gives way to them."""
    sample = Sample.objects.waiting().filter(pk=job.target).first()
    if sample is None:
        return
    todo = list(unread(sample))
    done, of = 0, len(todo)
    try:
        while done < of:
            _give_way()
            batch = todo[done : done + reading.PAGES_AT_ONCE]
            done += _read(sample, batch, partial(_add, report, done, of))
    except _GiveWay:
        jobs.put_off(job, now=clock.now())
    except files.DiskFull as full:
        raise jobs.JobFailed(full.sentence) from full


def _add(report: Report, before: int, of: int, read: int) -> None:
    report(before + read, of)


def _give_way() -> None:
    if Job.objects.filter(task=MAKE_PAGES, state=JobState.PENDING).exists():
        raise _GiveWay


def _read(sample: Sample, pages: Sequence[Page], report: Callable[[int], None]) -> int:
    """Read these pages with one start of the engine; returns how many are done. One that breaks it has no words."""
    done = 0

    def keep(index: int, lines: list[names.Line]) -> None:
        nonlocal done
        _record(pages[index], lines)
        done += 1
        report(done)
        if done < len(pages):
            _give_way()

    try:
        with files.workbench(files.DRAFTS, sample.pk) as bench, contextlib.ExitStack() as open_files:
            on_disk = [open_files.enter_context(files.local(page.image.name or "")) for page in pages]
            reading.read_words(on_disk, bench, on_page=keep)
    except (imaging.CannotRead, FileNotFoundError):
        _record(pages[min(done, len(pages) - 1)], [])
        done += 1
    return done


def _record(page: Page, lines: Sequence[names.Line]) -> None:
    """Keep what was read on a page, unless it has another picture by now or is nobody's draft any more."""
    said = [[[word.text, word.x, word.y, word.w, word.h] for word in line.words] for line in lines]
    kept = files.keep_words(json.dumps(said).encode(), page.sample_id) if said else ""
    places = names.beside_labels(lines, ratio=page.width / max(page.height, 1))
    try:
        before = _write(page, kept, places)
    except BaseException:
        files.delete(kept)
        raise
    files.delete(before)


@transaction.atomic
def _write(page: Page, kept: str, places: Sequence[names.Place]) -> str:
    """Write the row; returns the name of the file that is needed no more."""
    is_draft = held(Sample.objects.waiting()).filter(pk=page.sample_id).exists()
    if not is_draft or not Page.objects.filter(pk=page.pk, sample=page.sample_id, image=page.image.name).exists():
        return kept
    before = Reading.objects.filter(page=page).first()
    Reading.objects.update_or_create(
        page=page,
        defaults={
            "image": page.image.name or "",
            "words": kept,
            "places": [[place.x, place.y, place.w, place.h, place.why] for place in places],
            "dismissed": [],
            "read_at": clock.now(),
        },
    )
    return before.words if before else ""


# --- what is offered ----------------------------------------------------------------------------------------


def _readings(sample: Sample) -> list[Reading]:
    rows = Reading.objects.filter(page__sample=sample, image=F("page__image")).select_related("page")
    return list(rows.order_by("page__number"))


def offered(sample: Sample) -> dict[int, list[names.Place]]:
    """Places beside labels by the page's number, without those that the uploader dismissed; one entry a page read."""
    return {
        row.page.number: _not_dismissed([names.Place(*place) for place in row.places], row.dismissed)
        for row in _readings(sample)
    }


@sensitive_variables()
def typed(sample: Sample, typed_names: str) -> dict[int, list[names.Place]]:
    """Where one of the typed names seems to stand, by the page's number. What was typed is gone when this returns."""
    wanted = names.typed_names(typed_names)
    return {
        row.page.number: _not_dismissed(names.of_names(_words(row), wanted), row.dismissed)
        for row in _readings(sample)
        if row.words
    }


@sensitive_variables()
def _words(row: Reading) -> list[names.Line]:
    try:
        with default_storage.open(row.words) as file:
            return names.lines_from(json.loads(file.read()))
    except (FileNotFoundError, ValueError):
        return []


def _not_dismissed(places: Iterable[names.Place], dismissed: Sequence[Sequence[float]]) -> list[names.Place]:
    gone = [names.Place(x, y, w, h, "") for x, y, w, h in dismissed]
    return [place for place in places if not any(_are_alike(place, other) for other in gone)]


def _are_alike(one: names.Place, other: names.Place) -> bool:
    return min(names.share_inside(one, other), names.share_inside(other, one)) > ALIKE


def state_of(sample: Sample) -> str:
    """Whether places may be offered: "ready"; "waiting" while pages are made or read; "failed" where they were not;
    "none" where this machine reads nothing.
    """
    if not is_on():
        return "none"
    if not unread(sample).exists():
        return "waiting" if sample.uploads.filter(made_at=None, error="").exists() else "ready"
    job = jobs.latest(sample.pk, task=READ_PAGES)
    return "failed" if job is not None and job.state == JobState.FAILED else "waiting"


def dismiss(*, sample: Sample, placed: Sequence[boxes.PlacedBox]) -> None:
    """No name stands in these places: they are not offered again as long as the page has this picture."""
    with transaction.atomic():
        for row in held(Reading.objects.filter(page__sample=sample, page__in={box.page for box in placed})):
            ours = [[box.x, box.y, box.w, box.h] for box in placed if box.page == row.page_id]
            row.dismissed = [*row.dismissed, *ours][-MOST_DISMISSED:]
            row.save(update_fields=["dismissed"])


# --- letting go ---------------------------------------------------------------------------------------------


def words_of(sample: Sample) -> set[str]:
    """The files of what was read on the sample, as the storage calls them."""
    return set(Reading.objects.filter(page__sample=sample).exclude(words="").values_list("words", flat=True))


def forget(sample: Sample) -> None:
    """Within the transaction that confirms a sample: nothing that was read stays. The files go with the drafts."""
    Reading.objects.filter(page__sample=sample).delete()
