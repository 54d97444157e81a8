"""A team's page: for its members alone, everything about the team at a price that does not grow."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions_app.models import Status
from tests.factories import AssignmentFactory, RubricFactory, SampleFactory, TeamFactory, UserFactory, member_of
from tests.home.make import QUESTION, next_step_of, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory(name="Grade 7 ELA", norms=["Point to the work."])


@pytest.fixture
def maya(team, client):
    user = member_of(team, name="Maya Ellis")
    client.force_login(user)
    return user


def page_of(client, team):
    return client.get(reverse("teams:team", args=[team.pk]))


def test_a_stranger_is_told_that_there_is_nothing(client, team):
    client.force_login(UserFactory())
    assert page_of(client, team).status_code == 404


def test_it_shows_members_norms_sessions_work_rubrics_and_next_steps(client, team, maya):
    past = session_of(team, maya, status=Status.FINISHED, finished_at=timezone.now(), focus_question="Long past?")
    session_of(team, maya)
    next_step_of(past, maya, text="Try it")
    next_step_of(past, maya, text="Tried it", state="done", done_at=timezone.now())
    RubricFactory(team=team, title="Argument")
    SampleFactory(assignment=AssignmentFactory(team=team, title="Longer lunch"), label="LABEL")
    page = page_of(client, team).content.decode()
    for words in ["Maya Ellis", "Point to the work.", QUESTION, "Long past?", "Try it", "Argument", "Longer lunch"]:
        assert words in page
    assert "LABEL" in page
    assert "Tried it" not in page


def test_it_leaves_out_other_teams_that_the_person_is_in(client, team, maya):
    other = TeamFactory()
    other.memberships.create(user=maya)
    session_of(other, maya, focus_question="Elsewhere?")
    assert "Elsewhere?" not in page_of(client, team).content.decode()


def test_an_empty_team_is_taught(client, team, maya):
    page = page_of(client, team).content.decode()
    assert page.count('class="empty') >= 4


def test_only_a_lead_sees_the_way_to_change_it(client, team, maya):
    edit = reverse("teams:team_edit", args=[team.pk])
    assert edit not in page_of(client, team).content.decode()
    team.memberships.update(role="lead")
    assert edit in page_of(client, team).content.decode()


def test_it_costs_the_same_however_much_there_is(client, team, maya, django_assert_max_num_queries):
    def fill(rows):
        for _ in range(rows):
            session = session_of(team, maya, samples=2, people=[maya])
            session_of(team, maya, status=Status.FINISHED, finished_at=timezone.now(), samples=1)
            next_step_of(session, maya)
            RubricFactory(team=team)
            member_of(team)

    fill(13)
    with django_assert_max_num_queries(20) as few:
        page_of(client, team)
    fill(20)
    with django_assert_max_num_queries(20) as many:
        page_of(client, team)
    assert len(many) == len(few)


def test_the_only_team_opens_at_once_and_several_are_a_choice(client, team, maya):
    answer = client.get(reverse("teams:teams"))
    assert answer.headers["Location"] == reverse("teams:team", args=[team.pk])
    other = TeamFactory(name="Second team")
    other.memberships.create(user=maya)
    page = client.get(reverse("teams:teams")).content.decode()
    assert "Grade 7 ELA" in page
    assert "Second team" in page


def test_someone_without_a_team_is_taught(client):
    client.force_login(UserFactory())
    assert "Your teams will stand here" in client.get(reverse("teams:teams")).content.decode()
