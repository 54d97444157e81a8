"""Arranging pages before their samples are confirmed: split, merge, move, set aside, bring back, and undo.

How things lie is read under lock, `layout` says how they lie afterwards, and the difference is written. Every action
says what its person saw (`seen`, by sample), so that of two tabs the second learns that things have changed.

A file that was brought belongs to one sample; once pages of it lie in another, it is let go of at once: its pages are
made, and nothing that shows two students' names outlives the confirmation of one.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from esw.core.afterwards import after_commit
from esw.core.database import held
from esw.core.words import count_words as counted
from teams.models import User
from work_samples.domain import drafts, files, labels
from work_samples.domain.layout import BadLayout, Changed, Heap, Layout, settled
from work_samples.models import Assignment, LastStep, Page, Recording, Sample, Upload

STILL_READING = "A sample that you chose is still being read. Wait until all of its pages are here."
NOTHING_TO_UNDO = "There is nothing to undo."
HAS_RECORDING = "A recording stays one sample of its own; only its pages can be arranged among themselves."
#: Far from any number of a page, and within what the column holds.
OUT_OF_THE_WAY = 10_000

__all__ = ["NOTHING_TO_UNDO", "BadLayout", "Changed", "NotNow", "Table", "arrange", "marks_of", "undo"]


class NotNow(Exception):
    """It cannot be done as things stand; `sentence` says why. Nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def arrangeable(person: User) -> QuerySet[Sample]:
    """What this person brought and has not covered yet: pages that a second person saw stay as they are."""
    # No join, so that who locks these rows locks nothing else.
    theirs = Assignment.objects.visible_to(person).values("pk")
    waiting: QuerySet[Sample] = Sample.objects.waiting()
    return waiting.filter(uploader=person, covered_at=None, sent_back_at=None, assignment__in=theirs)


class Table:
    """A person's samples of an assignment that are still theirs to change, with every page, in few queries."""

    def __init__(self, *, assignment: Assignment, person: User, is_held: bool = False) -> None:
        mine = arrangeable(person).filter(assignment=assignment).order_by("pk")
        rows = list(held(mine) if is_held else mine)
        rows.sort(key=lambda sample: (len(sample.label), sample.label.upper()))
        self.samples: dict[UUID, Sample] = {sample.pk: sample for sample in rows}
        everything = Page.everything.filter(sample__in=self.samples).select_related("shape")
        self.pages: dict[UUID, Page] = {page.pk: page for page in everything.order_by("number", "pk")}
        self.uploads = list(Upload.objects.filter(sample__in=self.samples).order_by("position"))
        self.recorded = set(Recording.objects.filter(sample__in=self.samples).values_list("sample", flat=True))

    @property
    def layout(self) -> Layout:
        return tuple(self._heap(sample) for sample in self.samples)

    def _heap(self, sample: UUID) -> Heap:
        mine = [page for page in self.pages.values() if page.sample_id == sample]
        kept, aside = ([page.pk for page in mine if bool(page.aside_at) == is_aside] for is_aside in (False, True))
        return Heap(sample, tuple(kept), tuple(aside))

    @property
    def marks(self) -> dict[UUID, str]:
        """What each sample looks like, as a short mark that changes with its pages and its files."""
        told: dict[UUID, list[Any]] = {sample: [] for sample in self.samples}
        for page in self.pages.values():
            told[page.sample_id].append([str(page.pk), page.number, page.image.name or "", page.aside_at is not None])
        for upload in self.uploads:
            told[upload.sample_id].append([str(upload.pk), str(upload.made_at), upload.error])
        return {sample: hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16] for sample, rows in told.items()}

    @property
    def busy(self) -> set[UUID]:
        """Samples whose pages are being made."""
        return {upload.sample_id for upload in self.uploads if upload.is_waiting}

    @property
    def staying(self) -> set[UUID]:
        """Samples that hold something beside their pages: a file to try again, a recording."""
        return {upload.sample_id for upload in self.uploads if upload.made_at is None} | self.recorded

    @property
    def places(self) -> dict[UUID, int]:
        return {page.pk: page.number for page in self.pages.values()}

    def check(self, involved: Collection[UUID], seen: Mapping[UUID, str]) -> None:
        """Raises Changed unless each of these samples is as it was seen, NotNow while one is being made."""
        marks = self.marks
        if any(seen.get(sample) != marks.get(sample) for sample in involved):
            raise Changed
        if self.busy & set(involved):
            raise NotNow(STILL_READING)


def marks_of(*, assignment: Assignment, person: User) -> dict[UUID, str]:
    return Table(assignment=assignment, person=person).marks


@transaction.atomic
def arrange(
    *,
    assignment: Assignment,
    by: User,
    how: Callable[[Layout, Table], Layout],
    seen: Mapping[UUID, str],
    words: str,
    now: datetime,
) -> Layout:
    """Arrange a person's pages as `how` says; returns how they lie. `words` name the action for undoing it.

    Raises BadLayout, Changed, NotNow.
    """
    held(Assignment.objects.all()).get(pk=assignment.pk)  # the queue for its labels
    table = Table(assignment=assignment, person=by, is_held=True)
    before = table.layout
    try:
        after = settled(before, how(before, table), stays=table.staying)
    except BadLayout as refused:
        if any(seen[sample] != mark for sample, mark in table.marks.items() if sample in seen):
            raise Changed from refused  # it made sense in what the person saw
        raise
    involved = _differing(before, after)
    table.check(involved, seen)
    if any(sample in table.recorded for sample in involved) and _crosses(before, after):
        raise NotNow(HAS_RECORDING)
    if after == before:
        return before
    snapshot = _snapshot(table, involved)
    named = _make_new(table, after)
    _write(table, named, now=now)
    _remember(
        assignment,
        by,
        words=words,
        before=snapshot,
        samples={heap.sample for heap in named} - set(table.samples) | involved,
    )
    return named


def _differing(before: Layout, after: Layout) -> set[UUID]:
    then = {heap.sample: heap for heap in before}
    later = {heap.sample: heap for heap in after}
    changed = {sample for sample, heap in then.items() if sample is not None and later.get(sample) != heap}
    return changed | {heap.like for heap in after if heap.sample is None and heap.like is not None}


def _crosses(before: Layout, after: Layout) -> bool:
    was = {page: heap.sample for heap in before for page in (*heap.pages, *heap.aside)}
    return any(was[page] != heap.sample for heap in after for page in (*heap.pages, *heap.aside))


def _make_new(table: Table, layout: Layout) -> Layout:
    """Make a row for each new sample; it is as old as the one it came from, so that none lives longer by a split."""
    fresh = [heap for heap in layout if heap.sample is None]
    if not fresh:
        return layout
    like = {heap.like: table.samples[heap.like] for heap in fresh if heap.like is not None}
    first = next(iter(like.values()))
    taken = set(Sample.objects.filter(assignment=first.assignment_id).values_list("label", flat=True))
    made: list[Sample] = []
    for heap in fresh:
        origin = like[heap.like] if heap.like is not None else first
        label = labels.first_free(taken)
        taken.add(label)
        made.append(
            Sample(
                assignment_id=origin.assignment_id,
                uploader_id=origin.uploader_id,
                label=label,
                created_at=origin.created_at,
                is_arranged=True,
            )
        )
    Sample.objects.bulk_create(made)
    keys = iter(sample.pk for sample in made)
    return tuple(Heap(next(keys), heap.pages, heap.aside) if heap.sample is None else heap for heap in layout)


def _write(table: Table, layout: Layout, *, now: datetime) -> None:
    """Write how pages lie, let go of files whose pages are in several samples now, and of samples that are empty."""
    wanted: dict[UUID, tuple[UUID, int, datetime | None]] = {}
    for heap in layout:
        if heap.sample is None:
            continue
        wanted |= {page: (heap.sample, number, None) for number, page in enumerate(heap.pages, 1)}
        wanted |= {
            page: (heap.sample, table.pages[page].number, table.pages[page].aside_at or now) for page in heap.aside
        }
    moved = [page for page in table.pages.values() if wanted[page.pk] != (page.sample_id, page.number, page.aside_at)]
    crossing = {page.upload_id for page in moved if wanted[page.pk][0] != page.sample_id and page.upload_id}
    oldest = _oldest(table, wanted)
    Page.everything.filter(pk__in=[page.pk for page in moved]).update(number=F("number") + OUT_OF_THE_WAY)
    for page in moved:
        page.sample_id, page.number, page.aside_at = wanted[page.pk]
    Page.everything.bulk_update(moved, ["sample", "number", "aside_at"])
    _let_go_of_files([upload for upload in table.uploads if upload.pk in crossing and upload.made_at])
    touched = {page.sample_id for page in moved}
    Sample.objects.filter(pk__in=touched).update(is_arranged=True)
    for sample, created in oldest.items():
        Sample.objects.filter(pk=sample).update(created_at=created)
    _dissolve([sample for key, sample in table.samples.items() if key not in {heap.sample for heap in layout}])


def _oldest(table: Table, wanted: Mapping[UUID, tuple[UUID, int, datetime | None]]) -> dict[UUID, datetime]:
    """Samples that got pages of an older one become as old, so that no page is kept longer for being moved."""
    ages: dict[UUID, datetime] = {}
    for page in table.pages.values():
        there = table.samples.get(wanted[page.pk][0])
        age = table.samples[page.sample_id].created_at
        if there is not None and age < ages.get(there.pk, there.created_at):
            ages[there.pk] = age
    return ages


def _let_go_of_files(uploads: Collection[Upload]) -> None:
    names = [upload.file.name or "" for upload in uploads]
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    after_commit(files.delete, *names)


def _dissolve(samples: Collection[Sample]) -> None:
    """Delete samples without a page. Their folders are emptied of what is nobody's any more."""
    keys = [sample.pk for sample in samples]
    if not keys:
        return
    assignment = next(iter(samples)).assignment_id
    Sample.objects.filter(pk__in=keys).delete()
    for key in keys:
        after_commit(drafts.let_go, key, assignment_id=assignment)


# --- undo ------------------------------------------------------------------------------------------------


def _snapshot(table: Table, involved: Collection[UUID]) -> dict[str, Any]:
    samples = [table.samples[key] for key in table.samples if key in involved]
    return {
        "samples": [
            [str(one.pk), one.label, one.group, one.created_at.isoformat(), one.is_arranged] for one in samples
        ],
        "pages": [
            [str(page.pk), str(page.sample_id), page.number, page.aside_at is not None]
            for page in table.pages.values()
            if page.sample_id in involved
        ],
    }


def _remember(
    assignment: Assignment, by: User, *, words: str, before: dict[str, Any], samples: Collection[Any]
) -> None:
    marks = Table(assignment=assignment, person=by).marks
    after = {str(key): marks[key] for key in samples if key in marks}
    LastStep.objects.update_or_create(
        assignment=assignment, person=by, defaults={"words": words, "before": before, "after": after}
    )


def remember_looks(
    table: Table, *, by: User, assignment: Assignment, words: str, looks: Mapping[UUID, list[Any]]
) -> None:
    """Keep how pages were turned and cut before, for `undo`."""
    involved = {table.pages[page].sample_id for page in looks}
    before = {"looks": {str(page): look for page, look in looks.items()}}
    _remember(assignment, by, words=words, before=before, samples=involved)


def last_step(*, assignment: Assignment, by: User) -> LastStep | None:
    return LastStep.objects.filter(assignment=assignment, person=by).first()


def undo(*, assignment: Assignment, by: User, now: datetime) -> None:
    """Put the pages back as they lay before the last action, unless something else has happened since.

    A file that was let go of by it does not come back, which matters to nobody: its pages are there. Raises NotNow,
    Changed.
    """
    with transaction.atomic():
        held(Assignment.objects.all()).get(pk=assignment.pk)
        step = last_step(assignment=assignment, by=by)
        if step is None or "pages" not in step.before:
            raise NotNow(NOTHING_TO_UNDO)
        table = Table(assignment=assignment, person=by, is_held=True)
        seen = {UUID(key): mark for key, mark in step.after.items()}
        step.delete()
        table.check(seen, seen)
        layout = _layout_before(table, step.before, touched=set(seen))
        _revive(table, step.before, assignment=assignment, by=by)
        _write(table, layout, now=now)


def _layout_before(table: Table, before: Mapping[str, Any], *, touched: Collection[UUID]) -> Layout:
    told = [(UUID(page), UUID(sample), number, is_aside) for page, sample, number, is_aside in before["pages"]]
    heaps = []
    for key, *_ in before["samples"]:
        mine = sorted((row for row in told if row[1] == UUID(key)), key=lambda row: row[2])
        kept = tuple(row[0] for row in mine if not row[3])
        heaps.append(Heap(UUID(key), kept, tuple(row[0] for row in mine if row[3])))
    if {row[0] for row in told} != {page.pk for page in table.pages.values() if page.sample_id in touched}:
        raise Changed
    for page, _, number, is_aside in told:
        if is_aside and table.pages[page].aside_at is None:
            table.pages[page].number = number
    return (*heaps, *(heap for heap in table.layout if heap.sample not in {one.sample for one in heaps} | set(touched)))


def _revive(table: Table, before: Mapping[str, Any], *, assignment: Assignment, by: User) -> None:
    """Make the samples again that the action had dissolved, with their labels where these are still free."""
    taken = set(Sample.objects.filter(assignment=assignment).values_list("label", flat=True))
    for key, label, group, created, is_arranged in before["samples"]:
        if UUID(key) in table.samples:
            continue
        is_free = label.upper() not in {one.upper() for one in taken}
        kept = label if is_free else labels.first_free(taken)
        taken.add(kept)
        Sample.objects.create(
            pk=UUID(key),
            assignment=assignment,
            uploader=by,
            label=kept,
            group=group,
            created_at=datetime.fromisoformat(created),
            is_arranged=is_arranged,
        )


def sentence(action: str, layout: Layout) -> str:
    """What an action has made of things, for the person."""
    samples = len([heap for heap in layout if heap.pages])
    pages = sum(len(heap.pages) for heap in layout)
    return f"{action} {counted(pages, 'page').capitalize()} in {counted(samples, 'sample')} now."
