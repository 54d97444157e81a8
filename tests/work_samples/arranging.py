"""Steps of tests that arrange pages."""

from django.utils import timezone

from tests.work_samples import files as made
from tests.work_samples.bringing import ready
from work_samples.domain import arranging, layout, shaping
from work_samples.models import Page, Sample


def scan(assignment, folder, *, pages, by=None):
    """A sample whose pages are those of one scanned PDF."""
    return ready(assignment, made.pdf(folder, pages=pages), by=by)


def marks(assignment, by=None):
    return arranging.marks_of(assignment=assignment, person=by or assignment.created_by)


def arrange(assignment, how, *, by=None, seen=None):
    """`how(layout)` through the domain, as its uploader who sees how things are."""
    return arranging.arrange(
        assignment=assignment,
        by=by or assignment.created_by,
        how=lambda lies, table: how(lies),
        seen=marks(assignment, by) if seen is None else seen,
        words="Something",
        now=timezone.now(),
    )


def split(assignment, sample, pages):
    return arrange(assignment, lambda lies: layout.split_every(lies, sample.pk, pages))


def reshape(assignment, pages, how, *, by=None, seen=None):
    shaping.reshape(
        assignment=assignment,
        by=by or assignment.created_by,
        pages=[page.pk for page in pages],
        how=how,
        seen=marks(assignment, by) if seen is None else seen,
        words="Something",
    )


def lies(assignment):
    """Labels and their pages in order, by key."""
    rows = Page.objects.filter(sample__assignment=assignment).order_by("sample__label", "number")
    told = {}
    for page in rows.select_related("sample"):
        told.setdefault(page.sample.label, []).append(page.pk)
    return told


def labels(assignment):
    return sorted(
        Sample.objects.filter(assignment=assignment).values_list("label", flat=True), key=lambda x: (len(x), x)
    )
