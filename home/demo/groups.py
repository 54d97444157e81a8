"""A team with everything it needs to meet: its own copy of the task's rubric, the protocol, its people's severities."""

import random
from datetime import datetime

from home.demo import scorers
from home.demo.content import Rubric, Task
from home.demo.phrases import Index, Phrases
from home.demo.room import Group
from home.demo.staff import Staffed
from rubrics.domain.editing import Draft, DraftCriterion, save_rubric, use_version
from rubrics.models import Version
from sessions_app import protocol_format
from sessions_app.domain.catalogue import newest
from teams.models import Team, User

PROTOCOL = "calibration-scoring"


def group_of(staffed: Staffed, task: Task, index: Index, *, rng: random.Random, at: datetime) -> Group:
    """The team, ready to meet. Its people are in the database already; the rubric is written here, as used `at`."""
    version = save_copy(task.rubric, team=staffed.team, by=staffed.people[0], at=at)
    keys = [criterion.key for criterion in task.rubric.criteria]
    protocol = newest(PROTOCOL)
    drawn = scorers.severities(rng, len(staffed.people))
    return Group(
        team=staffed.team,
        people=staffed.people,
        severity=dict(zip((user.pk for user in staffed.people), drawn, strict=True)),
        rubric=version,
        criteria=dict(zip(keys, version.criteria.order_by("position"), strict=True)),
        protocol=protocol,
        script=protocol_format.load(protocol.data),
        phrases=Phrases(task, index, random.Random(rng.getrandbits(64))),
    )


def save_copy(rubric: Rubric, *, team: Team, by: User, at: datetime) -> Version:
    """The rubric as the team's own, taken for a session."""
    draft = Draft(
        title=rubric.title,
        levels=tuple(level.name for level in rubric.levels),
        proficient_from=rubric.proficient_from,
        criteria=tuple(
            DraftCriterion(criterion.title, tuple(criterion.descriptors[level.value] for level in rubric.levels))
            for criterion in rubric.criteria
        ),
    )
    version = save_rubric(rubric=None, team=team, by=by, draft=draft, based_on=None, now=at)
    return use_version(version=version, now=at)
