"""The page images of samples that are not confirmed, by name.

Pages move from sample to sample, their files do not: what lies in a sample's folder may belong to a page of another
one of the same assignment. So a folder is emptied only of what no page names any more.
"""

from collections.abc import Iterable
from pathlib import PurePosixPath
from uuid import UUID

from django.db.models import QuerySet

from work_samples.domain import files
from work_samples.models import Page, Sample


def names_of(pages: Iterable[Page]) -> list[str]:
    """Every file of these pages: as they are, as they were made, and what was read on them. Use `whole`."""
    names = []
    for page in pages:
        names += [page.image.name or "", page.thumbnail.name or ""]
        shape = getattr(page, "shape", None)
        if shape is not None:
            names += [shape.image.name or "", shape.thumbnail.name or ""]
        reading = getattr(page, "reading", None)
        if reading is not None:
            names.append(reading.words)
    return [name for name in names if name]


def mark_of(page: Page) -> str:
    """A short mark that changes with a page's picture."""
    return PurePosixPath(page.image.name or "").stem[-12:]


def whole(sample_id: UUID) -> QuerySet[Page]:
    """All pages of a sample, those set aside included, with what `names_of` asks of them."""
    pages: QuerySet[Page] = Page.everything.filter(sample=sample_id).select_related("shape", "reading")
    return pages


def in_use(assignment_id: UUID | None) -> frozenset[str]:
    """The files of all pages of an assignment that nobody has confirmed, those set aside included; None: anywhere."""
    pages = Page.everything.filter(sample__confirmed_at=None)
    if assignment_id is not None:
        pages = pages.filter(sample__assignment=assignment_id)
    rows = pages.values_list("image", "thumbnail", "shape__image", "shape__thumbnail", "reading__words")
    return frozenset(name for row in rows for name in row if name)


def let_go(sample_id: UUID, *, names: Iterable[str] = (), assignment_id: UUID | None = None) -> None:
    """Remove what a sample had before it was confirmed: its uploads, its drafts, and `names` wherever they lie."""
    if assignment_id is None:
        assignment_id = Sample.objects.filter(pk=sample_id).values_list("assignment", flat=True).first()
    needed = in_use(assignment_id)
    files.empty_folder(files.UPLOADS, sample_id)
    files.empty_folder(files.DRAFTS, sample_id, keep=needed)
    files.delete(*(name for name in names if name not in needed))
