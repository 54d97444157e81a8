"""A school's page as PDF: what it is made from, and making it. The charts are those of the page."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from insights.charts import PAPER, Chart, config, fitted
from insights.pictures import charts_of
from insights.queries.school import Chosen, SchoolPage, school_page
from reports.documents import chart_svg, render_pdf
from reports.domain.kept import Made, Maker, Report
from reports.models import KeptDocument
from reports.school_document import picture_of, school_data
from teams.models import School

KIND = "school"
#: Raise it when the document looks different, so that the kept ones are made anew.
EDITION = 1
TEMPLATE = "school.typ"
WIDTH = 664  # pixels of SVG, of which four are three points: as wide as the text


def options_of(chosen: Chosen) -> dict[str, str]:
    """The filter as a job keeps it."""
    since, until = (day.isoformat() if day else "" for day in (chosen.since, chosen.until))
    return {"since": since, "until": until, "grade": chosen.grade, "subject": chosen.subject}


def chosen_of(options: Mapping[str, Any]) -> Chosen:
    """The filter that `options_of` kept."""
    since, until = (date.fromisoformat(options[name]) if options.get(name) else None for name in ("since", "until"))
    return Chosen(since=since, until=until, grade=options.get("grade", ""), subject=options.get("subject", ""))


def variant_of(chosen: Chosen) -> str:
    """One word for a filter; '' for none."""
    told = options_of(chosen)
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest() if any(told.values()) else ""


def page_on_paper(school: School, chosen: Chosen) -> SchoolPage:
    """The page in the site's own time zone: who asks and who makes must count the same days."""
    with timezone.override(timezone.get_default_timezone()):
        return school_page(school, chosen)


def digest_of(school: School, chosen: Chosen) -> str:
    """What the document is made from, as one word."""
    return _Told(school, chosen).digest


class _Told:
    """What one document tells, read once."""

    def __init__(self, school: School, chosen: Chosen) -> None:
        page = page_on_paper(school, chosen)
        self.charts: dict[str, Chart] = charts_of(page)
        self.data = school_data(school, chosen, page, self.charts)

    @property
    def digest(self) -> str:
        specs = {name: chart.spec for name, chart in self.charts.items()}
        tells = {"edition": EDITION, "paper": settings.PAPER, "data": self.data, "specs": specs}
        return hashlib.sha256(json.dumps(tells, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def _told(row: KeptDocument) -> _Told | None:
    school = School.objects.select_related("district").filter(pk=row.subject).first()
    return _Told(school, chosen_of(row.options)) if school else None


def _digest(row: KeptDocument) -> str | None:
    told = _told(row)
    return told.digest if told else None


def _make(row: KeptDocument, report: Report) -> Made | None:
    told = _told(row)
    if told is None:
        return None
    steps = len(told.charts) + 1
    pictures = {}
    for done, chart in enumerate(told.charts.values()):
        report(done, steps)
        pictures[picture_of(chart)] = chart_svg({**fitted(chart.spec, width=WIDTH), "config": config(PAPER)})
    report(len(told.charts), steps)
    return Made(render_pdf(template=TEMPLATE, data=told.data, pictures=pictures), told.digest)


SCHOOL = Maker(make=_make, digest=_digest)
