"""Which page lies where: samples as heaps of pages, and what arranging makes of them. No database in here.

Each function takes how things lie and returns how they lie afterwards, with every page in exactly one place: in a
heap, or set aside from one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from work_samples import imaging

CHANGED = "The pages have changed meanwhile, perhaps in another tab. Look at them as they are now, then go on."
NO_PAGES = "Choose at least one page."
NO_SAMPLES = "Choose at least two samples to make one of."
TWICE = "The same page or sample was named twice. Name each once."
NOTHING_TO_SPLIT = "With so many pages a student this sample stays as it is. Choose a smaller number."
NOT_A_NUMBER = f"Say how many pages each student has: a whole number from 1 to {imaging.MAX_PAGES}."
NO_BEGINNING = (
    "A new student cannot begin at the first page of a sample: nothing would stand before it. Choose a later page."
)
TOO_MANY = f"A sample has at most {imaging.MAX_PAGES} pages, and this one would have {{pages}}."


class BadLayout(Exception):
    """The pages cannot be arranged like that; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Changed(Exception):
    """Things do not lie any more as the person saw them."""

    sentence = CHANGED


@dataclass(frozen=True)
class Heap:
    """One sample: its pages in order and those set aside. `sample` is None until it is made, `like` its origin then."""

    sample: UUID | None
    pages: tuple[UUID, ...] = ()
    aside: tuple[UUID, ...] = ()
    like: UUID | None = None


Layout = tuple[Heap, ...]


def split_every(layout: Layout, sample: UUID, pages: int) -> Layout:
    """One sample becomes as many as it takes, of `pages` pages each; the last may have fewer."""
    heap = _heap(layout, sample)
    if not 1 <= pages <= imaging.MAX_PAGES:
        raise BadLayout(NOT_A_NUMBER)
    if len(heap.pages) <= pages:
        raise BadLayout(NOTHING_TO_SPLIT)
    starts = range(pages, len(heap.pages), pages)
    return split_at(layout, [heap.pages[start] for start in starts])


def split_at(layout: Layout, starts: Sequence[UUID]) -> Layout:
    """At each of these pages the next student begins."""
    _check(layout, starts)
    marks = set(starts)
    if all(heap.pages[0] in marks for heap in layout if marks & set(heap.pages)) and not any(
        marks & set(heap.pages[1:]) for heap in layout
    ):
        raise BadLayout(NO_BEGINNING)
    return tuple(part for heap in layout for part in _parts(heap, marks))


def _parts(heap: Heap, marks: Collection[UUID]) -> list[Heap]:
    parts: list[list[UUID]] = [[]]
    for place, page in enumerate(heap.pages):
        if place and page in marks:
            parts.append([])
        parts[-1].append(page)
    first = replace(heap, pages=tuple(parts[0]))
    return [first, *(Heap(None, tuple(part), like=heap.sample) for part in parts[1:])]


def merge(layout: Layout, samples: Sequence[UUID]) -> Layout:
    """These samples become one, in this order, with the label of the first."""
    if len(samples) < 2:  # noqa: PLR2004
        raise BadLayout(NO_SAMPLES)
    _once(samples)
    heaps = [_heap(layout, sample) for sample in samples]
    whole = replace(
        heaps[0],
        pages=tuple(page for heap in heaps for page in heap.pages),
        aside=tuple(page for heap in heaps for page in heap.aside),
    )
    emptied = {heap.sample: replace(heap, pages=(), aside=()) for heap in heaps[1:]}
    return _sized(tuple(whole if heap == heaps[0] else emptied.get(heap.sample, heap) for heap in layout))


def move(layout: Layout, pages: Sequence[UUID], *, to: UUID | None, before: UUID | None = None) -> Layout:
    """Put pages, in this order, into the sample `to`: ahead of its page `before`, else at the end.

    `to` None makes a new sample of them.
    """
    _check(layout, pages)
    moved = set(pages)
    origin = next(heap for heap in layout if pages[0] in heap.pages)
    without = tuple(replace(heap, pages=tuple(page for page in heap.pages if page not in moved)) for heap in layout)
    if to is None:
        place = next(at for at, heap in enumerate(layout) if heap == origin) + 1
        return (*without[:place], Heap(None, tuple(pages), like=origin.sample), *without[place:])
    target = _heap(layout, to)
    if before is not None and before not in target.pages:
        raise Changed
    left = [page for page in target.pages if page not in moved]
    if before is None:
        at = len(left)
    else:  # ahead of `before`, or of what follows it when it moves itself
        following = target.pages[target.pages.index(before) :]
        at = next((left.index(page) for page in following if page not in moved), len(left))
    whole = (*left[:at], *pages, *left[at:])
    return _sized(tuple(replace(heap, pages=whole) if heap.sample == to else heap for heap in without))


def step(layout: Layout, pages: Sequence[UUID], *, by: int) -> Layout:
    """Let pages change places with their neighbours, one place earlier (`by` -1) or later (1); ends stay ends."""
    _check(layout, pages)
    chosen = set(pages)
    return tuple(replace(heap, pages=_stepped(heap.pages, chosen, by)) for heap in layout)


def _stepped(pages: tuple[UUID, ...], chosen: Collection[UUID], by: int) -> tuple[UUID, ...]:
    row = list(pages if by < 0 else reversed(pages))
    for at in range(1, len(row)):
        if row[at] in chosen and row[at - 1] not in chosen:
            row[at - 1], row[at] = row[at], row[at - 1]
    return tuple(row if by < 0 else reversed(row))


def set_aside(layout: Layout, pages: Sequence[UUID]) -> Layout:
    """Take pages out of their samples; they can come back until their sample is confirmed."""
    _check(layout, pages)
    gone = set(pages)
    return tuple(
        replace(
            heap,
            pages=tuple(page for page in heap.pages if page not in gone),
            aside=(*heap.aside, *(page for page in heap.pages if page in gone)),
        )
        for heap in layout
    )


def bring_back(layout: Layout, pages: Sequence[UUID], places: Mapping[UUID, int]) -> Layout:
    """Put pages that were set aside back where they stood; `places` are their numbers then."""
    if not pages:
        raise BadLayout(NO_PAGES)
    _once(pages)
    known = {page for heap in layout for page in heap.aside}
    if not set(pages) <= known:
        raise Changed
    return _sized(tuple(_with(heap, [page for page in pages if page in heap.aside], places) for heap in layout))


def _with(heap: Heap, pages: Sequence[UUID], places: Mapping[UUID, int]) -> Heap:
    kept = list(heap.pages)
    for page in sorted(pages, key=lambda page: places[page]):
        kept.insert(max(0, places[page] - 1), page)
    return replace(heap, pages=tuple(kept), aside=tuple(page for page in heap.aside if page not in pages))


def settled(before: Layout, after: Layout, *, stays: Collection[UUID] = ()) -> Layout:
    """Without samples all of whose pages went elsewhere; what was set aside from them goes along.

    A sample in `stays` (a file of it waits, say) is kept with no page.
    """
    home = {page: at for at, heap in enumerate(after) for page in heap.pages}
    was = {heap.sample: heap.pages for heap in before}
    kept = list(after)
    for at, heap in enumerate(after):
        heir = next((home[page] for page in was.get(heap.sample, ()) if page in home), None)
        if heap.pages or heap.sample is None or heap.sample in stays or heir is None:
            continue
        kept[heir] = replace(kept[heir], aside=(*kept[heir].aside, *heap.aside))
        kept[at] = replace(heap, aside=())
    gone = {heap.sample for heap in kept if heap.sample in was and not heap.pages and not heap.aside}
    gone &= {sample for sample, pages in was.items() if pages and sample not in stays}
    return tuple(heap for heap in kept if heap.sample is None or heap.sample not in gone)


def _heap(layout: Layout, sample: UUID) -> Heap:
    for heap in layout:
        if heap.sample == sample:
            return heap
    raise Changed


def _check(layout: Layout, pages: Sequence[UUID]) -> None:
    if not pages:
        raise BadLayout(NO_PAGES)
    _once(pages)
    if not set(pages) <= {page for heap in layout for page in heap.pages}:
        raise Changed


def _once(keys: Sequence[UUID]) -> None:
    if len(set(keys)) != len(keys):
        raise BadLayout(TWICE)


def _sized(layout: Layout) -> Layout:
    for heap in layout:
        if len(heap.pages) > imaging.MAX_PAGES:
            raise BadLayout(TOO_MANY.format(pages=len(heap.pages)))
    return layout
