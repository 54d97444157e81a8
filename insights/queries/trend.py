"""Agreement over time, from the scores that people gave alone, once a reveal has made them known.

The cells are a partition: half-year, grade and subject. As with proficiency there are no totals over them, filters
only choose which to show, and every figure is coarse, so that no cell can be computed from others. Teams are not told
apart; criteria are pooled. Chance is that of the same cell.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, QuerySet

from insights.agreement import PairCounts, pair_counts
from insights.cells import AgreementRow
from insights.queries.days import site_day
from insights.scorers import Scorers
from insights.small_cells import coarse_count, coarse_percent, why_hidden
from insights.spans import Half, half_of
from sessions_app.models import Score, Session

ROUND = 1  # what people thought before they heard each other
NOT_COMPARED = "Here no two people scored the same work."


class _Group(NamedTuple):
    grade: str
    subject: str


class _Piece(NamedTuple):
    """A sample on the table of a session."""

    session: UUID
    sample: UUID


@dataclass(slots=True)
class _Cell:
    """What one cell rests on; `solid` are the pieces that may count towards the smallest number."""

    units: list[Counter[int]] = field(default_factory=list)
    solid: set[_Piece] = field(default_factory=set)
    scorers: Scorers = field(default_factory=Scorers)


def agreement_trend(sessions: QuerySet[Session]) -> list[AgreementRow]:
    """The cells of finished `sessions` by grade and subject, each from its oldest half-year to its newest.

    Half-years in between in which nothing was compared have a row that says so. Three queries, however many sessions.
    """
    found = sessions.order_by()
    places = _places(found)
    pieces = _pieces(found, places)
    cells: dict[_Group, dict[Half, _Cell]] = defaultdict(lambda: defaultdict(_Cell))
    for piece, units in pieces.items():
        group, half = places[piece]
        cells[group][half].units.extend(units)
        # Where somebody was alone on a criterion, they may have been compared with nobody: such a piece counts less.
        if all(unit.total() > 1 for unit in units):
            cells[group][half].solid.add(piece)
    for piece, user, sheet in _scorers(found):
        if piece in pieces:
            group, half = places[piece]
            if piece in cells[group][half].solid:
                cells[group][half].scorers.add(session=piece.session, user=user, sheet=sheet)
    order = sorted(cells, key=lambda group: (group.grade.zfill(3), group.subject))
    return [row for group in order for row in _rows(group, cells[group])]


def _places(sessions: QuerySet[Session]) -> dict[_Piece, tuple[_Group, Half]]:
    """Where each piece belongs whose first round was revealed."""
    rows = sessions.values_list("pk", "finished_at", "assignment__grade", "assignment__subject", "state__revealed")
    places = {}
    for session, finished_at, grade, subject, revealed in rows:
        if finished_at is None:
            continue
        place = _Group(grade.strip(), subject.strip()), half_of(site_day(finished_at))
        for sample, number in revealed or ():
            if number == ROUND:
                places[_Piece(session, UUID(sample))] = place
    return places


def _pieces(sessions: QuerySet[Session], places: dict[_Piece, tuple[_Group, Half]]) -> dict[_Piece, list[Counter[int]]]:
    """How often each level was given, by criterion of each revealed piece that two people scored."""
    rows = (
        _scores(sessions)
        .values_list("session_id", "sample_id", "criterion_id", "level")
        .annotate(times=Count("pk"))
        .iterator()
    )
    units: dict[_Piece, dict[UUID, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for session, sample, criterion, level, times in rows:
        piece = _Piece(session, sample)
        if piece in places:
            units[piece][criterion][level] += times
    every = {piece: list(by_criterion.values()) for piece, by_criterion in units.items()}
    return {piece: found for piece, found in every.items() if any(unit.total() > 1 for unit in found)}


def _scorers(sessions: QuerySet[Session]) -> Iterator[tuple[_Piece, UUID | None, UUID | None]]:
    """Who scored each piece: a person by their account, or a sheet of paper."""
    rows = _scores(sessions).values_list("session_id", "sample_id", "participant__user_id", "sheet_id").distinct()
    return ((_Piece(session, sample), user, sheet) for session, sample, user, sheet in rows.iterator())


def _scores(sessions: QuerySet[Session]) -> QuerySet[Score]:
    return Score.objects.filter(session__in=sessions, round=ROUND, late=False).order_by()


def _rows(group: _Group, cells: dict[Half, _Cell]) -> Iterator[AgreementRow]:
    half, last = min(cells), max(cells)
    while half <= last:
        yield _row(group, half, cells.get(half, _Cell()))
        half = half.next


def _row(group: _Group, half: Half, cell: _Cell) -> AgreementRow:
    samples, scorers = len({piece.sample for piece in cell.solid}), cell.scorers.at_least
    counts = pair_counts(cell.units)
    hidden = why_hidden(scorers=scorers, samples=samples) if counts.pairs else NOT_COMPARED
    shown = counts if not hidden else PairCounts(0, 0, 0, 0)
    return AgreementRow(
        half=half,
        grade=group.grade,
        subject=group.subject,
        compared=counts.pairs > 0,
        hidden=hidden,
        exact=coarse_percent(shown.equal, shown.pairs) if not hidden else 0,
        chance=coarse_percent(shown.equal_draws, shown.draws) if not hidden else 0,
        pairs=coarse_count(shown.pairs),
        samples=0 if hidden else coarse_count(samples),
        scorers=0 if hidden else coarse_count(scorers),
    )
