"""Reading: what the page shows on which pages are arranged, in a handful of queries whatever lies there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from esw.core.words import count_words as counted
from teams.models import User
from work_samples import imaging
from work_samples.domain import arranging, drafts, groups, labels, layout, shaping
from work_samples.models import Assignment, Page, Redaction, Sample


@dataclass(frozen=True)
class Sheet:
    """One page: how many boxes are drawn on it, how it is turned and cut; `mark` changes with its picture."""

    page: Page
    boxes: int
    turn: int
    is_cut: bool

    @property
    def mark(self) -> str:
        return drafts.mark_of(self.page)


@dataclass(frozen=True)
class Row:
    """One sample with its pages in order and those set aside.

    `mark` is what a change of it says that it saw, `above` the label of the sample before it, empty where its pages
    cannot go there: a recording stays a sample of its own.
    """

    sample: Sample
    mark: str
    sheets: Sequence[Sheet]
    aside: Sequence[Sheet]
    is_busy: bool
    is_recorded: bool
    above: str


@dataclass(frozen=True)
class Desk:
    """All that a person may arrange of an assignment."""

    rows: Sequence[Row]
    undo: str
    groups: Sequence[str]

    @property
    def pages(self) -> int:
        return sum(len(row.sheets) for row in self.rows)

    @property
    def aside(self) -> int:
        return sum(len(row.aside) for row in self.rows)

    @property
    def longest(self) -> Row | None:
        """What one would split: the sample with the most pages, if it has several."""
        row = max(self.rows, key=lambda row: len(row.sheets), default=None)
        return row if row is not None and len(row.sheets) > 1 else None


def desk_of(*, assignment: Assignment, user: User) -> Desk:
    table = arranging.Table(assignment=assignment, person=user)
    boxes = Counter(Redaction.objects.filter(page__in=table.pages).values_list("page", flat=True))
    marks, busy = table.marks, table.busy
    rows: list[Row] = []
    for heap in table.layout:
        if heap.sample is None:
            continue
        kept, aside = ([_sheet(table.pages[key], boxes) for key in keys] for keys in (heap.pages, heap.aside))
        is_busy, is_recorded = heap.sample in busy, heap.sample in table.recorded
        rows.append(
            Row(
                table.samples[heap.sample],
                marks[heap.sample],
                kept,
                aside,
                is_busy,
                is_recorded,
                rows[-1].sample.label if rows and not is_recorded and not rows[-1].is_recorded else "",
            )
        )
    step = arranging.last_step(assignment=assignment, by=user)
    return Desk(rows, step.words if step else "", groups.approved(assignment.team))


def _sheet(page: Page, boxes: Counter[UUID]) -> Sheet:
    look = shaping.look_of(page)
    return Sheet(page, boxes[page.pk], look.turn, look.crop is not None)


def split_words(*, assignment: Assignment, user: User, sample: UUID, pages: int) -> str:
    """What splitting a sample every so many pages would make, in words. Raises BadLayout and Changed."""
    table = arranging.Table(assignment=assignment, person=user)
    after = layout.split_every(table.layout, sample, pages)
    made = [heap for heap in after if sample in {heap.sample, heap.like}]
    taken = set(Sample.objects.filter(assignment=assignment).values_list("label", flat=True))
    named = [table.samples[sample].label]
    for _ in made[1:]:
        named.append(labels.first_free(taken))
        taken.add(named[-1])
    whole = len([page for heap in made for page in heap.pages])
    last = len(made[-1].pages)
    rest = f"; the last has {counted(last, 'page')}" if last != pages else ""
    return f"{whole} pages → {len(made)} samples, {_named(named)}{rest}."


def _named(named: Sequence[str]) -> str:
    """A, B, C, D as “A to D”; where something lies between the first and the others, these alone are a span."""
    after_first = labels.first_free({labels.label_for(place) for place in range(_place(named[0]) + 1)})
    if len(named) > 2 and named[1] == after_first:  # noqa: PLR2004
        return f"{named[0]} to {named[-1]}"
    others = named[1] if len(named) == 2 else f"{named[1]} to {named[-1]}"  # noqa: PLR2004
    return f"{named[0]} and {others}"


def _place(label: str) -> int:
    """The place of a label in the row of them; the last one that matters for a label of one's own."""
    return next((place for place in range(imaging.MAX_PAGES) if labels.label_for(place) == label), imaging.MAX_PAGES)


MOST = imaging.MAX_PAGES
