"""How far the people of one session agreed, from scores that a reveal has made known and from no others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from insights.agreement import Agreement, Rating, Ratings, agreement
from sessions_app.engine import State, is_revealed, revealed_rounds
from sessions_app.models import Score, Session

#: Which round of a sample to read, or None for none of it.
RoundOf = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class CriterionAgreement:
    """One row of the table."""

    title: str
    figures: Agreement


@dataclass(frozen=True, slots=True)
class SessionAgreement:
    """Agreement of a session by criterion, in the rubric's order, and over all of them."""

    overall: Agreement
    criteria: list[CriterionAgreement]

    @property
    def sentence(self) -> str:
        """How to read it, in words."""
        return reading(self.overall)

    @property
    def is_a_conversation_starter(self) -> bool:
        return self.overall.is_a_conversation_starter


def session_agreement(session: Session, state: State) -> SessionAgreement | None:
    """Agreement in round 1 of the samples on display now, or, once finished, of all that were ever revealed.

    None when there is no such score. Two queries.
    """

    def first_round(sample: str) -> int | None:
        known = state.status == "finished" or is_revealed(state, sample)
        return 1 if known and 1 in revealed_rounds(state, sample) else None

    return agreement_figures(session, counted_scores(session, state.samples, first_round))


def counted_scores(session: Session, samples: Iterable[str], round_of: RoundOf) -> list[Score]:
    """The scores of `session` that count, in the round of each sample that `round_of` names. One query."""
    wanted = {UUID(sample): number for sample in samples if (number := round_of(sample)) is not None}
    if not wanted:
        return []
    rows = Score.objects.filter(session=session, sample__in=wanted, late=False)
    return [row for row in rows if wanted[row.sample_id] == row.round]


def agreement_figures(session: Session, scores: Iterable[Score]) -> SessionAgreement | None:
    """Agreement of these scores by criterion of the session's rubric; None without scores. One query."""
    version = session.rubric_version
    rows = [
        Rating(str(score.sample_id), str(score.criterion_id), str(score.scorer_id), score.level) for score in scores
    ]
    if version is None or not rows:
        return None
    ratings = Ratings.of(rows)
    parts = ratings.by_criterion()
    return SessionAgreement(
        overall=agreement(ratings),
        criteria=[
            CriterionAgreement(criterion.title, agreement(parts[str(criterion.pk)]))
            for criterion in version.criteria.all()
            if str(criterion.pk) in parts
        ],
    )


def reading(figures: Agreement) -> str:
    """The figures as a sentence."""
    if figures.exact is None:
        return "Only one person scored each piece of work, so there is nothing to compare."
    pairs = "pair" if figures.n_pairs == 1 else "pairs"
    said = f"Of {figures.n_pairs} {pairs} of scores for the same work, {_percent(figures.exact)} are on the same level"
    if figures.exact_chance is None:
        return f"{said}. With one sample there is no chance level to hold that against."
    return f"{said}; two scores drawn at random would be in {_percent(figures.exact_chance)} of cases."


def _percent(share: float) -> str:
    return f"{round(share * 100)}\u202f%"
