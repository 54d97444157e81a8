"""Proficiency by criterion, from what teams agreed, where the samples were all of a class or drawn at random.

The cells are a partition: school year, grade, subject and criterion. There are no totals over them and filters only
choose which to show, so that no cell can be computed from others. A sample counts once in a cell, by its latest
agreement. Teams are not told apart: criteria of the same name are one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from esw.core.school_years import school_year, year_words
from insights.cells import ProficiencyRow
from insights.queries.days import site_day
from insights.scorers import Scorers
from insights.small_cells import coarse_count, coarse_percent, why_hidden
from sessions_app.models import Consensus, Score, Session

FAIR = ("all", "random")


class _Place(NamedTuple):
    year: int
    grade: str
    subject: str
    criterion: str


class _Agreed(NamedTuple):
    session: UUID
    sample: UUID
    criterion: UUID
    level: int
    title: str
    proficient_from: int
    finished_at: datetime
    grade: str
    subject: str


def proficiency(sessions: QuerySet[Session]) -> list[ProficiencyRow]:
    """The cells of finished `sessions`, the newest school year first. Two queries, however many sessions."""
    fair = sessions.filter(assignment__selection__in=FAIR)
    agreed = _agreed(fair)
    places = {(row.session, row.criterion): _place(row) for row in agreed}
    scorers: dict[_Place, Scorers] = defaultdict(Scorers)
    for session, criterion, user, sheet in _scored(fair):
        if (place := places.get((session, criterion))) is not None:
            scorers[place].add(session=session, user=user, sheet=sheet)
    latest: dict[_Place, dict[UUID, bool]] = defaultdict(dict)
    titles: dict[_Place, str] = {}
    for row in agreed:  # from the oldest to the newest, so that the latest agreement stands
        latest[_place(row)][row.sample] = row.level >= row.proficient_from
        titles[_place(row)] = row.title
    order = sorted(latest, key=lambda place: (-place.year, place.grade.zfill(3), place.subject, place.criterion))
    return [_cell(place, titles[place], latest[place].values(), scorers[place].at_least) for place in order]


def _agreed(sessions: QuerySet[Session]) -> list[_Agreed]:
    """From the oldest to the newest."""
    rows = (
        Consensus.objects.filter(session__in=sessions, level__isnull=False)
        .order_by("session__finished_at", "pk")
        .values_list(
            "session_id",
            "sample_id",
            "criterion_id",
            "level",
            "criterion__title",
            "criterion__version__proficient_from",
            "session__finished_at",
            "session__assignment__grade",
            "session__assignment__subject",
        )
    )
    return [_Agreed._make(row) for row in rows]


def _scored(sessions: QuerySet[Session]) -> Iterator[tuple[UUID, UUID, UUID | None, UUID | None]]:
    """Who scored what was agreed: session, criterion, user or sheet of paper.

    The database picks them, because the scores of a large school are many and its scorers are few.
    """
    about = {name: OuterRef(name) for name in ("session", "sample", "criterion")}
    agreed = Consensus.objects.filter(**about, level__isnull=False)
    return (
        Score.objects.filter(Exists(agreed), session__in=sessions, late=False)
        .order_by()
        .values_list("session_id", "criterion_id", "participant__user_id", "sheet_id")
        .distinct()
        .iterator()
    )


def _place(row: _Agreed) -> _Place:
    year = school_year(site_day(row.finished_at))
    return _Place(year, row.grade.strip(), row.subject.strip(), row.title.strip().casefold())


def _cell(place: _Place, title: str, proficient: Iterable[bool], scorers: int) -> ProficiencyRow:
    found = list(proficient)
    hidden = why_hidden(scorers=scorers, samples=len(found))
    return ProficiencyRow(
        year=year_words(place.year),
        grade=place.grade,
        subject=place.subject,
        criterion=title,
        hidden=hidden,
        percent=0 if hidden else coarse_percent(sum(found), len(found)),
        samples=0 if hidden else coarse_count(len(found)),
        scorers=0 if hidden else coarse_count(scorers),
    )
