"""Writes of rubrics: saving a draft, and taking a version for a session.

A version that nobody has used is changed in place, so that a team that is still writing does not pile up
versions. A used one is history: saving makes the next version, in which criteria keep their keys.
"""

import uuid
from datetime import datetime

from django.db import transaction

from esw.core.database import held
from rubrics.domain.draft import BadDraft, Draft, DraftCriterion, Problem, problems_of, tidy
from rubrics.models import Criterion, Descriptor, Level, Rubric, Version
from rubrics.queries import RubricGrid, fingerprint, grid
from teams.models import Team, User

__all__ = ["BadDraft", "Draft", "DraftCriterion", "Problem", "StaleDraft", "save_rubric", "use_version"]


class StaleDraft(Exception):
    """Somebody saved meanwhile; `latest` is what they saved. Nothing was written."""

    def __init__(self, latest: Version) -> None:
        super().__init__("Somebody else saved this rubric while you were typing.")
        self.latest = latest


@transaction.atomic
def save_rubric(
    *, rubric: Rubric | None, team: Team, by: User, draft: Draft, based_on: str | None, now: datetime
) -> Version:
    """Save `draft` as the rubric's newest version and return it; a rubric of `None` makes a new one for `team`.

    `based_on` is the `queries.fingerprint` of the grid that the person started from (`None` for a new rubric).
    A draft that changes nothing writes nothing. Keys that are not this rubric's are not believed: such a
    criterion counts as new. Raises `BadDraft`, `StaleDraft`, and `ValueError` for another team's rubric.
    """
    draft = tidy(draft)
    if problems := problems_of(draft):
        raise BadDraft(problems)
    if rubric is None:
        rubric = Rubric.objects.create(team=team, title=draft.title, created_by=by, created_at=now)
        return _write(_new_version(rubric, number=1, by=by, now=now), draft, known=set())
    if rubric.team_id != team.pk:
        raise ValueError("A rubric stays with its team.")
    return _save_again(_locked(rubric), by=by, draft=draft, based_on=based_on, now=now)


@transaction.atomic
def use_version(*, version: Version, now: datetime) -> Version:
    """Take `version` for a session: from now on nothing in it changes. The first time counts, others do nothing."""
    _locked(version.rubric)
    Version.objects.filter(pk=version.pk, used_at__isnull=True).update(used_at=now)
    version.refresh_from_db(fields=["used_at"])
    return version


def _locked(rubric: Rubric) -> Rubric:
    """The rubric, its row locked: who saves and who takes a version for a session wait for each other here."""
    return held(Rubric.objects.all()).get(pk=rubric.pk)


def _save_again(rubric: Rubric, *, by: User, draft: Draft, based_on: str | None, now: datetime) -> Version:
    latest: Version | None = rubric.versions.order_by("-number").first()
    if latest is None:
        return _write(_new_version(rubric, number=1, by=by, now=now), draft, known=set())
    before = grid(latest)
    if based_on != fingerprint(before):
        raise StaleDraft(latest)
    if _same(draft, before):
        return latest
    known = set(Criterion.objects.filter(version__rubric=rubric).values_list("key", flat=True))
    Rubric.objects.filter(pk=rubric.pk).update(title=draft.title)
    if latest.used_at is not None:
        return _write(_new_version(rubric, number=latest.number + 1, by=by, now=now), draft, known=known)
    latest.criteria.all().delete()
    latest.levels.all().delete()
    return _write(latest, draft, known=known)


def _new_version(rubric: Rubric, *, number: int, by: User, now: datetime) -> Version:
    return Version(rubric=rubric, number=number, created_by=by, created_at=now)


def _write(version: Version, draft: Draft, *, known: set[uuid.UUID]) -> Version:
    version.title = draft.title
    version.proficient_from = draft.proficient_from
    version.save()
    Level.objects.bulk_create(
        Level(version=version, value=value, name=name) for value, name in enumerate(draft.levels, start=1)
    )
    taken: set[uuid.UUID] = set()
    for position, row in enumerate(draft.criteria):
        believed = row.key is not None and row.key in known and row.key not in taken
        key = row.key if row.key is not None and believed else uuid.uuid4()
        taken.add(key)
        criterion = Criterion.objects.create(version=version, key=key, position=position, title=row.title)
        Descriptor.objects.bulk_create(
            Descriptor(criterion=criterion, level=level, text=text)
            for level, text in enumerate(row.descriptors, start=1)
            if text
        )
    return version


def _same(draft: Draft, before: RubricGrid) -> bool:
    return (
        draft.title == before.title
        and draft.proficient_from == before.proficient_from
        and list(draft.levels) == [name for _, name in before.levels]
        and [(row.key, row.title, list(row.descriptors)) for row in draft.criteria]
        == [(row.key, row.title, row.descriptors) for row in before.rows]
    )
