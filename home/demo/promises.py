"""What becomes of a next step: when it is due, whether it was tried, when it was done."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sessions_app.models import NextStepState

#: Of a hundred next steps made so many days ago or longer, how many are done and how many are being tried.
FATES = ((60, 93, 5), (21, 45, 38), (0, 0, 35))


@dataclass(frozen=True)
class Promise:
    """A next step's due date, state and end; `owner` is a place among the team's people (None: whoever)."""

    due: date
    state: str
    done_at: datetime | None = None
    owner: int | None = None


def promise(rng: random.Random, *, made: date, today: datetime) -> Promise:
    """What has become by `today` of a next step made on `made`: old ones are mostly done, new ones mostly planned."""
    due = made + timedelta(days=rng.choice((7, 10, 14, 14, 21)))
    age = (today.date() - made).days
    done, trying = next((done, trying) for days, done, trying in FATES if age >= days)
    drawn = rng.randrange(100)
    if drawn < done:
        ended = datetime.combine(due, today.timetz()).replace(hour=15, minute=40, second=0, microsecond=0)
        ended += timedelta(days=rng.randint(-4, 3), minutes=rng.randint(0, 70))
        return Promise(due, NextStepState.DONE, min(ended, today - timedelta(hours=3)))
    return Promise(due, NextStepState.TRYING if drawn < done + trying else NextStepState.PLANNED)
