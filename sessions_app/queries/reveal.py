"""A reveal: how the scores of one sample fall, the widest split first, dots without names.

Only rounds that a reveal has made known are read. The order of dots and reasons comes from the session's own
shuffle, criterion by criterion, so that a place in a column says nothing about a person.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import pvariance
from uuid import UUID

from rubrics.queries import GridRow, RubricGrid
from sessions_app.engine import State, is_revealed, revealed_rounds
from sessions_app.models import Consensus, Participant, Score, Session


@dataclass(frozen=True, slots=True)
class Dot:
    """One score. `initials` and `name` are '' until its owner claimed it or the team shows names."""

    is_mine: bool
    initials: str
    name: str
    claimed: bool


@dataclass(frozen=True, slots=True)
class Column:
    value: int
    name: str
    is_proficient_from: bool
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class LevelText:
    value: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A rationale with what it points to."""

    level: int
    name: str
    text: str
    page: UUID | None
    x: float | None
    y: float | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class RevealedCriterion:
    """`below` and `above` stand on either side of the boundary that divides the room; None when all agree."""

    id: UUID
    title: str
    spread: int
    summary: str
    columns: tuple[Column, ...]
    below: LevelText | None
    above: LevelText | None
    below_count: int
    above_count: int
    reasons: tuple[Reason, ...]
    mine_claimed: bool
    has_mine: bool
    consensus: Consensus | None


@dataclass(frozen=True, slots=True)
class Reveal:
    sample_id: UUID
    label: str
    round: int
    criteria: tuple[RevealedCriterion, ...]


def reveal_of(
    *, session: Session, state: State, sample: UUID, label: str, grid: RubricGrid, me: Participant
) -> Reveal | None:
    """The reveal of `sample` as `me` sees it, or None while it is not on display. Two queries."""
    rounds = revealed_rounds(state, str(sample))
    if not is_revealed(state, str(sample)) or not rounds:
        return None
    latest = max(rounds)
    scores = list(
        Score.objects.filter(session=session, sample=sample, round=latest, late=False).select_related(
            "participant__user"
        )
    )
    agreed = {row.criterion_id: row for row in Consensus.objects.filter(session=session, sample=sample)}
    rows = [
        _criterion(
            row=row,
            grid=grid,
            scores=_shuffled((score for score in scores if score.criterion_id == row.criterion_id), session),
            me=me,
            names=session.names_at_reveal,
            consensus=agreed.get(row.criterion_id),
        )
        for row in grid.rows
    ]
    by_id = {row.criterion_id: [s.level for s in scores if s.criterion_id == row.criterion_id] for row in grid.rows}
    rows.sort(key=lambda row: (-row.spread, -_variance(by_id[row.id])))
    return Reveal(sample_id=sample, label=label, round=latest, criteria=tuple(rows))


def _shuffled(scores: Iterable[Score], session: Session) -> list[Score]:
    def place(score: Score) -> bytes:
        key = f"{session.shuffle}{score.criterion_id}{score.sample_id}{score.pk}"
        return hashlib.sha256(key.encode()).digest()

    return sorted(scores, key=place)


def _variance(levels: Sequence[int]) -> float:
    return pvariance(levels) if levels else 0.0


def _criterion(
    *,
    row: GridRow,
    grid: RubricGrid,
    scores: Sequence[Score],
    me: Participant,
    names: bool,
    consensus: Consensus | None,
) -> RevealedCriterion:
    levels = [score.level for score in scores]
    below, above = _dividing_line(levels, grid)
    texts = {
        value: LevelText(value=value, name=name, text=text)
        for (value, name), text in zip(grid.levels, row.descriptors, strict=True)
    }
    mine = next((score for score in scores if score.participant_id == me.pk), None)
    return RevealedCriterion(
        id=row.criterion_id,
        title=row.title,
        spread=max(levels) - min(levels) if levels else 0,
        summary=summary(levels),
        columns=tuple(
            Column(
                value=value,
                name=name,
                is_proficient_from=value == grid.proficient_from,
                dots=tuple(_dot(score, me, names=names) for score in scores if score.level == value),
            )
            for value, name in grid.levels
        ),
        below=texts.get(below) if below is not None else None,
        above=texts.get(above) if above is not None else None,
        below_count=sum(level <= below for level in levels) if below is not None else 0,
        above_count=sum(level > below for level in levels) if below is not None else 0,
        reasons=tuple(
            _reason(score, me, names=names)
            for score in sorted(scores, key=lambda score: score.level)
            if score.rationale or score.page_id
        ),
        mine_claimed=mine is not None and mine.claimed,
        has_mine=mine is not None,
        consensus=consensus,
    )


def _named(score: Score, *, names: bool) -> str:
    """Whose it is, where its owner or the team chose to say so; a sheet of paper has no name to say."""
    return str(score.participant.user) if score.participant and (names or score.claimed) else ""


def _dot(score: Score, me: Participant, *, names: bool) -> Dot:
    name = _named(score, names=names)
    words = name.split()
    return Dot(
        is_mine=score.participant_id == me.pk,
        initials="".join(word[0].upper() for word in words[:1] + words[1:][-1:]),
        name=name,
        claimed=score.claimed,
    )


def _reason(score: Score, me: Participant, *, names: bool) -> Reason:
    return Reason(
        level=score.level,
        name=_named(score, names=names),
        text=score.rationale,
        page=score.page_id,
        x=score.x,
        y=score.y,
        is_mine=score.participant_id == me.pk,
    )


def summary(levels: Sequence[int]) -> str:
    """How the scores of one criterion fall, in words: '7 scores, 3 levels apart'."""
    if not levels:
        return "no scores"
    count = f"{len(levels)} score{'' if len(levels) == 1 else 's'}"
    spread = max(levels) - min(levels)
    if spread == 0:
        return f"{count}, all agree" if len(levels) > 1 else count
    if len(levels) > 2 and max(Counter(levels).values()) == len(levels) - 1:  # noqa: PLR2004 (one against two or more)
        return f"{count}, all but one agree"
    return f"{count}, {spread} level{'' if spread == 1 else 's'} apart"


def _dividing_line(levels: Sequence[int], grid: RubricGrid) -> tuple[int | None, int | None]:
    """The two levels on either side of the boundary that parts the room most evenly.

    Of two that part it alike, the one where proficient begins, else the lower.
    """
    if not levels or min(levels) == max(levels):
        return None, None
    values = [value for value, _ in grid.levels]

    def unevenness(pair: tuple[int, int]) -> tuple[int, bool, int]:
        under = sum(level <= pair[0] for level in levels)
        return abs(len(levels) - 2 * under), pair[1] != grid.proficient_from, pair[0]

    pairs = [(a, b) for a, b in pairwise(values) if min(levels) <= a < max(levels)]
    return min(pairs, key=unevenness)
