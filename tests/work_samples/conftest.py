"""A team with its uploader and a colleague, and the people for whom its work does not exist."""

import pytest

from tests.esw.conftest import serve  # noqa: F401 (a fixture for these tests too)
from tests.factories import AssignmentFactory, SchoolFactory, TeamFactory, UserFactory, member_of
from tests.work_samples.bringing import signed_in


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def uploader(team):
    return member_of(team, name="Maya Ellis")


@pytest.fixture
def colleague(team):
    return member_of(team, name="David Kim")


@pytest.fixture
def outsiders(team):
    """People who must get 404: another team of the school, another school, nobody's team."""
    return {
        "another team": member_of(TeamFactory(school=team.school)),
        "another school": member_of(TeamFactory(school=SchoolFactory(district=team.school.district))),
        "another district": member_of(TeamFactory()),
        "no team": UserFactory(),
    }


@pytest.fixture
def assignment(team, uploader):
    return AssignmentFactory(team=team, created_by=uploader, title="Longer lunch")


@pytest.fixture
def client(uploader):
    return signed_in(uploader)


@pytest.fixture
def their_client(colleague):
    return signed_in(colleague)


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """`with commit():` what happens on commit happens at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
