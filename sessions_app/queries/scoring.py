"""How far a person's scoring has come; never what they gave."""

from uuid import UUID

from sessions_app.engine import State, in_progress
from sessions_app.models import Participant, Score, Session


def missing_scores(*, session: Session, by: Participant, state: State) -> int:
    """How many scores the current step still asks of this person; 0 when it is not a scoring step."""
    step = state.steps[state.index] if state.index is not None else None
    if step is None or not in_progress(state) or step.makes != "scores" or session.rubric_version_id is None:
        return 0
    samples = [UUID(sample) for sample in ([step.sample] if step.sample else state.samples)]
    wanted = len(samples) * session.rubric_version.criteria.count()  # type: ignore[union-attr]
    given = Score.objects.filter(participant=by, sample__in=samples, round=step.round or 1, late=False).count()
    return max(0, wanted - given)
