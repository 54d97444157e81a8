"""Reading: what the viewer shows of samples, in the room and outside of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from work_samples.models import Assignment, Page, Sample
from work_samples.queries import label_order

#: How much of a page's text is said as the picture's own; the rest is read in its panel.
SHORT = 240
MOST_SAMPLES = 40


@dataclass(frozen=True, slots=True)
class LookPage:
    """A page in the viewer's strip: what it is called, on its thumbnail too, and what is said to who cannot see it.

    `called` is the thumbnail's accessible name: it holds what can be read there.
    """

    page: Page
    label: str
    short_label: str
    called: str
    alt: str


def bare_label(label: str) -> str:
    """'Sample A' is called A where the word stands before it already."""
    return label.removeprefix("Sample ")


def page_label(page: Page, *, of: int) -> str:
    name = f"Sample {bare_label(page.sample.label)}"
    return f"{name}, page {page.number} of {of}" if of > 1 else name


def alt_text(description: str) -> str:
    """A page's text as its picture's alternative text: the whole if it is short, else its beginning; '' without one."""
    words = " ".join(description.split())
    if len(words) <= SHORT:
        return words
    return f"{words[:SHORT].rsplit(' ', 1)[0]} … The whole text stands under “Text of this page”."


def look_pages(samples: Iterable[Sample]) -> list[LookPage]:
    """The pages of these samples that are there; `pages` should be fetched with them."""
    return [each for sample in samples for each in _pages_of(sample)]


def _pages_of(sample: Sample) -> Sequence[LookPage]:
    pages = list(sample.pages.all())
    short = bare_label(sample.label)
    found = []
    for page in pages:
        page.sample = sample
        many = len(pages) > 1
        found.append(
            LookPage(
                page=page,
                label=page_label(page, of=len(pages)),
                short_label=f"{short} {page.number}" if many else short,
                called=f"Sample {short}{f' {page.number}, page {page.number} of {len(pages)}' if many else ''}",
                alt=alt_text(page.description) if page.is_there else "This page was withdrawn.",
            )
        )
    return found


def samples_to_look_at(assignment: Assignment) -> list[Sample]:
    """The confirmed samples of an assignment that are not archived, in the order of their labels, up to 40."""
    rows = assignment.samples.confirmed().current().prefetch_related("pages")
    return sorted(rows, key=lambda sample: label_order(sample.label))[:MOST_SAMPLES]
