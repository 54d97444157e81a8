"""A team with a rubric, and the form that its editor sends."""

import pytest
from django.urls import reverse

from rubrics import queries
from tests.factories import MembershipFactory, RubricFactory, TeamFactory, UserFactory, VersionFactory


@pytest.fixture
def member(db):
    return UserFactory(name="Maya Ellis")


@pytest.fixture
def team(member):
    team = TeamFactory()
    MembershipFactory(team=team, user=member)
    return team


@pytest.fixture
def version(team):
    return VersionFactory(rubric=RubricFactory(team=team, title="Argument writing"))


@pytest.fixture
def rubric(version):
    return version.rubric


@pytest.fixture
def stranger(db):
    return MembershipFactory().user


@pytest.fixture
def as_member(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def edit_url(rubric):
    return reverse("rubrics:edit", args=[rubric.pk])


def sent(version, **changes):
    """What the editor of `version` sends when nothing was typed, but for `changes`."""
    grid = queries.grid(version)
    return {
        "action": "save",
        "based_on": queries.fingerprint(grid),
        "title": grid.title,
        "level": [name for _, name in grid.levels],
        "proficient_from": str(grid.proficient_from),
        "criterion_key": [str(row.key) for row in grid.rows],
        "criterion": [row.title for row in grid.rows],
        "cell": [text for row in grid.rows for text in row.descriptors],
    } | changes
