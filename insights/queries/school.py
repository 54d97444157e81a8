"""A school's page: counts of what happened, never who, and no team beside another."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from esw.core.school_years import school_year, year_words
from insights.cells import AgreementRow, Bar, ProficiencyRow, ProficiencyYear
from insights.queries.days import within
from insights.queries.proficiency import FAIR, proficiency
from insights.queries.trend import agreement_trend
from insights.spans import whole_halves, whole_years
from sessions_app.models import NextStep, Purpose, Session, SessionSample, Status
from teams.models import School, Team
from work_samples.models import Assignment


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the page is filtered by; both days are included, '' and None filter nothing."""

    since: date | None = None
    until: date | None = None
    grade: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """Everything on the page. `left_out` counts sessions with hand-picked samples, which give no proficiency."""

    sessions: int
    teams_active: int
    teams: int
    samples: int
    planned: int
    trying: int
    done: int
    purposes: list[Bar]
    months: list[Bar]
    agreement: list[AgreementRow]
    proficiency: list[ProficiencyRow]
    left_out: int

    @property
    def next_steps(self) -> int:
        return self.planned + self.trying + self.done

    @property
    def years(self) -> list[ProficiencyYear]:
        """The rows of `proficiency` by school year, in their order."""
        grouped = groupby(self.proficiency, key=lambda row: row.year)
        return [ProficiencyYear(words, list(rows)) for words, rows in grouped]


def school_page(school: School, chosen: Chosen) -> SchoolPage:
    """The page in a fixed number of queries."""
    about = _about(school, chosen)
    held = _between(about, chosen.since, chosen.until)
    states = _counted(NextStep.objects.filter(session__in=held).order_by(), "state")
    return SchoolPage(
        sessions=held.count(),
        teams_active=held.order_by().values("team").distinct().count(),
        teams=Team.objects.filter(school=school).count(),
        samples=SessionSample.objects.filter(session__in=held).order_by().values("sample").distinct().count(),
        planned=states["planned"],
        trying=states["trying"],
        done=states["done"],
        purposes=_purposes(held),
        months=_months(held),
        agreement=agreement_trend(within(about, *whole_halves(chosen.since, chosen.until))),
        proficiency=proficiency(within(about, *whole_years(chosen.since, chosen.until))),
        left_out=held.exclude(assignment__selection__in=FAIR).count(),
    )


def team_trend(team: Team) -> list[AgreementRow]:
    """The agreement over time of one team's own sessions, for the team itself; small cells are hidden here too."""
    held: QuerySet[Session] = Session.objects.filter(team=team, status=Status.FINISHED, finished_at__isnull=False)
    return agreement_trend(held)


def grades_and_subjects(school: School) -> tuple[list[str], list[str]]:
    """What the school's assignments name, in order. One query."""
    rows = Assignment.objects.filter(team__school=school).order_by().values_list("grade", "subject").distinct()
    found = list(rows)
    return _in_order(grade for grade, _ in found), _in_order(subject for _, subject in found)


def _in_order(values: Iterable[str]) -> list[str]:
    """Without blanks and doubles; numbers by size, before words."""
    kept = {value for value in values if value}
    return sorted(kept, key=lambda value: (not value.isdecimal(), value.zfill(3) if value.isdecimal() else value))


def _about(school: School, chosen: Chosen) -> QuerySet[Session]:
    sessions: QuerySet[Session] = Session.objects.filter(
        team__school=school, status=Status.FINISHED, finished_at__isnull=False
    )
    if chosen.grade:
        sessions = sessions.filter(assignment__grade=chosen.grade)
    if chosen.subject:
        sessions = sessions.filter(assignment__subject=chosen.subject)
    return sessions


def _between(sessions: QuerySet[Session], since: date | None, until: date | None) -> QuerySet[Session]:
    if since:
        sessions = sessions.filter(finished_at__date__gte=since)
    if until:
        sessions = sessions.filter(finished_at__date__lte=until)
    return sessions


def _counted(rows: QuerySet[NextStep], by: str) -> Counter[str]:
    return Counter(dict(rows.values_list(by).annotate(Count("pk"))))


def _purposes(sessions: QuerySet[Session]) -> list[Bar]:
    counts = Counter(dict(sessions.order_by().values_list("purpose").annotate(Count("pk"))))
    most = max(counts.values(), default=0)
    labels = dict(Purpose.choices)
    return [Bar(str(labels.get(value, value)), "", count, most) for value, count in counts.most_common()]


def _months(sessions: QuerySet[Session]) -> list[Bar]:
    """Sessions by month, the newest first, with the months in between that had none."""
    rows = sessions.order_by().annotate(month=TruncMonth("finished_at")).values_list("month").annotate(Count("pk"))
    counts = {(month.year, month.month): count for month, count in rows}
    if not counts:
        return []
    most = max(counts.values())
    bars = []
    year, month = max(counts)
    while (year, month) >= min(counts):
        first = date(year, month, 1)
        label = year_words(school_year(first))
        bars.append(Bar(f"{first:%B %Y}", label, counts.get((year, month), 0), most))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return bars
