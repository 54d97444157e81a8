"""Many samples at once: filed under a student group, or moved to another assignment of their team.

Who may is who may do it to each: the person who brought the sample. All or none is changed, and what there was before
is returned, so that it can be undone by the same functions.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from esw.core.database import held
from teams.models import User
from work_samples import access
from work_samples.domain import groups
from work_samples.domain.archiving import MOST, NONE_CHOSEN, NOT_THERE, TOO_MANY
from work_samples.domain.labels import first_free
from work_samples.models import Assignment, Sample

NOTHING_CHANGED = "Nothing was changed."
NO_ASSIGNMENT = f"That assignment is not there for you. {NOTHING_CHANGED}"
#: A sample's assignment, and the label that it has there ('': its own as far as it is free).
Place = tuple[UUID, str]


class NotFiled(Exception):
    """`sentence` says why, in words for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def file_samples(*, under: Mapping[UUID, str], by: User) -> dict[UUID, str]:
    """File each sample under its group ('' is none); returns the former ones of those that changed. Raises NotFiled."""
    former: dict[UUID, str] = {}
    for sample in _mine(under, by, act="files it under a group"):
        try:
            groups.file_under(sample=sample, group=under[sample.pk])
        except groups.NoSuchGroup as refused:
            raise NotFiled(refused.sentence) from refused
        if sample.group != under[sample.pk].strip():
            former[sample.pk] = sample.group
    return former


@transaction.atomic
def move_samples(*, to: Mapping[UUID, Place], by: User) -> dict[UUID, Place]:
    """Move each sample to an assignment of its team; returns where those that moved were, under which label.

    A label that is taken there becomes the first free letter. What was on a session's table stays: the session, its
    scores and its record are about that task. Raises NotFiled.
    """
    samples = _mine(to, by, act="moves it to another assignment")
    wanted = {assignment for assignment, _ in to.values()}
    there = Assignment.objects.visible_to(by).filter(pk__in=wanted).in_bulk()
    if len(there) != len(wanted):
        raise NotFiled(NO_ASSIGNMENT)
    moving = [sample for sample in samples if sample.assignment_id != to[sample.pk][0]]
    used = Sample.objects.filter(pk__in=[sample.pk for sample in moving], on_tables__isnull=False).first()
    if used is not None:
        raise NotFiled(f"Sample {used.label} was chosen for a session and stays with its assignment. {NOTHING_CHANGED}")
    for sample in moving:
        if there[to[sample.pk][0]].team_id != sample.assignment.team_id:
            raise NotFiled(f"Sample {sample.label} is of another team than that assignment. {NOTHING_CHANGED}")
    labels = {key: set(Sample.objects.filter(assignment=key).values_list("label", flat=True)) for key in there}
    former: dict[UUID, Place] = {}
    for sample in moving:
        assignment, label = to[sample.pk]
        former[sample.pk] = (sample.assignment_id, sample.label)
        wished, taken = label or sample.label, {each.upper() for each in labels[assignment]}
        sample.assignment = there[assignment]
        sample.label = first_free(taken) if wished.upper() in taken else wished
        labels[assignment].add(sample.label)
        sample.save(update_fields=["assignment", "label"])
    return former


def _mine(keys: Collection[UUID], by: User, *, act: str) -> list[Sample]:
    """The samples, locked: all confirmed and brought by this person, or NotFiled."""
    if not keys:
        raise NotFiled(NONE_CHOSEN)
    if len(keys) > MOST:
        raise NotFiled(TOO_MANY)
    visible = Sample.objects.visible_to(by).filter(pk__in=list(keys), confirmed_at__isnull=False)
    rows = Sample.objects.filter(pk__in=visible.values("pk"), destroyed_at=None).order_by("created_at", "label")
    found: list[Sample] = list(held(rows).prefetch_related("assignment__team__school__district"))
    if len(found) != len(keys):
        raise NotFiled(NOT_THERE)
    others = next((sample for sample in found if not access.may_rename(by, sample)), None)
    if others is not None:
        whose = f"sample {others.label} of ‘{others.assignment.title}’ is a colleague’s"
        raise NotFiled(f"Only the person who brought a sample {act}, and {whose}. {NOTHING_CHANGED}")
    return found
