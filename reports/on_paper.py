"""What a record says of scores that were typed in from paper."""

from collections.abc import Iterable
from dataclasses import dataclass

from sessions_app.models import Score, Session, SessionEvent


@dataclass(frozen=True, slots=True)
class OnPaper:
    """The scores, or some, were given on paper. `held`: the whole meeting was, so nobody knows what its steps took."""

    is_all: bool
    held: bool

    @property
    def sentence(self) -> str:
        scores = "The scores" if self.is_all else "Some of the scores"
        said = f"{scores} were given on paper, and typed in afterwards."
        return f"{said} The meeting was held on paper, so how long its steps took is not known." if self.held else said


def on_paper(session: Session, scores: Iterable[Score]) -> OnPaper | None:
    """What was typed in from paper, as the log says it."""
    logged = SessionEvent.objects.filter(session=session, name="typed_from_paper").values_list("data", flat=True)
    counts = list(logged)
    if not counts:
        return None
    return OnPaper(
        is_all=all(score.sheet_id is not None for score in scores), held=any(data["began"] for data in counts)
    )
