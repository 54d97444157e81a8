"""A school's page as a document: what `typst/school.typ` shows, as plain JSON, in the words of the page."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from esw.core.words import count_words
from insights.cells import AgreementRow, Bar, ProficiencyYear
from insights.charts import Chart
from insights.queries.school import Chosen, SchoolPage
from teams.models import School

NOT_FOR_EVALUATION = "ESW helps a team learn from work. It is not for evaluating teachers."
RULE = (
    "A figure appears only where it rests on at least ten samples and five people’s scores; shares are rounded to five "
    "per cent and counts are ‘at least’, so that nobody’s class can be worked out from them. There are no totals, for "
    "the same reason."
)


def picture_of(chart: Chart) -> str:
    """The name by which the template shows a chart."""
    return f"{chart.name}.svg"


def school_data(school: School, chosen: Chosen, page: SchoolPage, charts: dict[str, Chart]) -> dict[str, Any]:
    """The data of `school.typ`; each chart is a picture named by `picture_of`."""
    return {
        "title": school.name,
        "running": school.name,
        "running-right": "What teams have learned together",
        "footer": NOT_FOR_EVALUATION,
        "lang": "en",
        "eyebrow": school.district.name,
        "filters": filter_words(chosen),
        "rule": RULE,
        "counts": _counts(page),
        "charts": {name: {"file": picture_of(chart), "alt": chart.description} for name, chart in charts.items()},
        "agreement": [
            {"group": group, "rows": [_agreement(row) for row in rows]}
            for group, rows in groupby(page.agreement, key=lambda row: row.group)
        ],
        "proficiency": [line for year in page.years for line in _proficiency(year)],
        "left-out": _left_out(page.left_out),
        "purposes": _bars(page.purposes),
        "months": _bars(page.months),
    }


def filter_words(chosen: Chosen) -> str:
    """'Grade 7, from 1 September 2026'; or that everything is in it."""
    grade = f"Grade {chosen.grade}" if chosen.grade.isdecimal() else chosen.grade
    since = f"from {_day(chosen.since)}" if chosen.since else ""
    until = f"to {_day(chosen.until)}" if chosen.until else ""
    parts = [part for part in (grade, chosen.subject, f"{since} {until}".strip()) if part]
    return ", ".join(parts) or "All grades and subjects, from the first session on"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _counts(page: SchoolPage) -> list[dict[str, str]]:
    steps = f"{page.planned} planned, {page.trying} being tried, {page.done} done"
    return [
        {"term": "Sessions held", "text": str(page.sessions)},
        {"term": "Teams active", "text": f"{page.teams_active} of {page.teams}"},
        {"term": "Samples looked at", "text": str(page.samples)},
        {"term": "Next steps", "text": f"{page.next_steps}: {steps}" if page.next_steps else "0"},
    ]


def _agreement(row: AgreementRow) -> dict[str, Any]:
    shown = [row.words, row.chance_words, *(_at_least(count) for count in (row.pairs, row.samples, row.scorers))]
    return {"half": row.half.words, "hidden": row.hidden, "figures": [] if row.hidden else shown}


def _proficiency(year: ProficiencyYear) -> list[dict[str, Any]]:
    """The lines of one school year; one line where the page has one."""
    if year.hidden:
        every = f"All {count_words(len(year.rows), 'criterion', 'criteria')}"
        return [{"criterion": every, "group": "", "year": year.words, "hidden": year.hidden, "figures": []}]
    return [
        {
            "criterion": row.criterion,
            "group": row.group,
            "year": row.year,
            "hidden": row.hidden,
            "figures": [] if row.hidden else [row.words, _at_least(row.samples), _at_least(row.scorers)],
        }
        for row in year.rows
    ]


def _at_least(count: int) -> str:
    return f"{count:,} or more"


def _left_out(sessions: int) -> str:
    if not sessions:
        return ""
    are = "It is" if sessions == 1 else "They are"
    looked = f"{sessions} {'session' if sessions == 1 else 'sessions'} looked at samples picked by hand."
    return f"{looked} {are} left out here: what was picked to be talked about says nothing about a class."


def _bars(bars: Sequence[Bar]) -> list[dict[str, str]]:
    return [{"label": bar.label, "count": str(bar.count)} for bar in bars]
