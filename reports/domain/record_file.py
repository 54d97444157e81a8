"""The record of a session as PDF: what it is made from, and making it."""

import contextlib
import hashlib
import io
import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.storage import default_storage

from reports.access import Audience
from reports.documents import chart_svg, render_pdf
from reports.domain.kept import Made, Maker, Report
from reports.models import KeptDocument
from reports.queries import Record, record_of
from reports.record_chart import level_counts, scores_chart
from reports.record_document import CHART, picture_name, record_data
from reports.record_json import record_json
from sessions_app.models import Session, Status
from teams.models import User
from work_samples.models import Page

KIND = "record"
#: Raise it when the document looks different, so that the kept ones are made anew.
EDITION = 1
TEMPLATE = "record.typ"
LARGE, SMALL = 1200, 800  # pixels of the long side: pages in two columns, and in three
MANY_PAGES = 4
QUALITY = 78


def digest_of(told: Record) -> str:
    """What the document of this record is made from, as one word."""
    tells = {
        "edition": EDITION,
        "paper": settings.PAPER,
        "zone": str(zone_of(told.session)),
        "record": record_json(told),
        "data": record_data(told, zone=zone_of(told.session)),
    }
    return hashlib.sha256(json.dumps(tells, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()


def zone_of(session: Session) -> ZoneInfo:
    """The zone of who planned the session, else the site's: everyone who asks gets the same document."""
    planner = User.objects.filter(pk=session.created_by_id).first()
    return ZoneInfo((planner.time_zone if planner else "") or settings.TIME_ZONE)


def _told(row: KeptDocument) -> Record | None:
    wanted = ("team__school", "assignment", "protocol_version__protocol", "rubric_version")
    sessions = Session.objects.select_related(*wanted).filter(pk=row.subject, status=Status.FINISHED)
    if row.variant == Audience.SCHOOL:
        sessions = sessions.filter(shared_record__isnull=False)
    session = sessions.first()
    return record_of(session, Audience(row.variant)) if session else None


def _digest(row: KeptDocument) -> str | None:
    told = _told(row)
    return digest_of(told) if told else None


def _make(row: KeptDocument, report: Report) -> Made | None:
    told = _told(row)
    if told is None:
        return None
    digest = digest_of(told)
    steps = sum(len(sample.pages) for sample in told.samples) + 2
    report(0, steps)
    pictures: dict[str, bytes] = {}
    gone: set[str] = set()
    for name, picture in _pictures(told):
        if picture is None:
            gone.add(name)
        else:
            pictures[name] = picture
        report(len(pictures) + len(gone), steps)
    data = record_data(told, zone=zone_of(told.session), gone=gone)
    if told.rubric and (counts := level_counts(told)):
        pictures[CHART] = chart_svg(scores_chart(counts, told.rubric.levels))
    report(steps - 1, steps)
    return Made(render_pdf(template=TEMPLATE, data=data, pictures=pictures), digest)


def _pictures(told: Record) -> Iterator[tuple[str, bytes | None]]:
    """Each page of the work by the name that the document knows it by; None where its file is gone."""
    for place, sample in enumerate(told.samples, start=1):
        long_side = LARGE if len(sample.pages) <= MANY_PAGES else SMALL
        names = dict(Page.objects.filter(sample=sample.sample_id).values_list("pk", "image"))
        for at, page in enumerate(sample.pages, start=1):
            picture = None
            with contextlib.suppress(FileNotFoundError, KeyError):
                if names[page.page_id]:  # not while it is withdrawn
                    picture = small_page(names[page.page_id], long_side=long_side)
            yield picture_name(place, at), picture


def small_page(name: str, *, long_side: int) -> bytes:
    """A redacted page image of the private storage as a smaller JPEG, with nothing in it but what can be seen."""
    from PIL import Image  # noqa: PLC0415 (the web processes need none)

    with default_storage.open(name) as file, Image.open(file, formats=["JPEG"]) as image:
        image.draft(None, (long_side, long_side))
        image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
        image.info = {}
        written = io.BytesIO()
        image.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


RECORD = Maker(make=_make, digest=_digest)
