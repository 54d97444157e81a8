"""Rows that wait to be written many at a time, and ids that a seed decides."""

import random
from collections import defaultdict
from uuid import UUID

from django.db.models import Model

from esw.core.ids import CODE_ALPHABET, CODE_LENGTH
from sessions_app.models import (
    Consensus,
    Done,
    NextStep,
    Note,
    Participant,
    Score,
    Session,
    SessionEvent,
    SessionSample,
)
from teams.models import Administration, District, Membership, School, Team, User
from work_samples.models import Assignment, Page, Redaction, Sample, Upload

#: What a row refers to is written before it.
ORDER: tuple[type[Model], ...] = (
    User,
    District,
    School,
    Team,
    Membership,
    Administration,
    Assignment,
    Sample,
    Upload,
    Page,
    Redaction,
    Session,
    SessionSample,
    Participant,
    SessionEvent,
    Done,
    Note,
    Score,
    Consensus,
    NextStep,
)
BATCH = 400


class Rows:
    """Unsaved rows, kept until `write` puts them into the database in the order of their references."""

    def __init__(self) -> None:
        self._waiting: dict[type[Model], list[Model]] = defaultdict(list)

    def add(self, *rows: Model) -> None:
        """Keep these rows for the next `write`."""
        for row in rows:
            self._waiting[type(row)].append(row)

    def write(self) -> None:
        """Write everything that waits. The caller holds the transaction."""
        for model in ORDER:
            if rows := self._waiting.pop(model, []):
                model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001 (documented)


def new_id(rng: random.Random) -> UUID:
    """A random-looking id that the seed decides."""
    return UUID(int=rng.getrandbits(128), version=4)


class Codes:
    """Join codes that the seed decides and that nobody has yet."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._taken = set(Session.objects.values_list("join_code", flat=True))

    def new(self) -> str:
        """One more code."""
        while (code := "".join(self._rng.choices(CODE_ALPHABET, k=CODE_LENGTH))) in self._taken:
            pass
        self._taken.add(code)
        return code
