"""The library: what the team has brought, never what nobody has checked for names."""

import pytest
from django.urls import reverse

from tests.factories import AssignmentFactory, SampleFactory, TeamFactory, member_of
from work_samples.models import Page

pytestmark = pytest.mark.django_db


def page_of(sample, number=1):
    return Page.objects.create(sample=sample, number=number, image="a.jpg", thumbnail="a.webp", width=1500, height=2000)


@pytest.fixture
def team():
    return TeamFactory(name="Grade 7 ELA")


@pytest.fixture
def maya(team, client):
    user = member_of(team, name="Maya Ellis")
    client.force_login(user)
    return user


def test_it_shows_each_confirmed_sample_by_its_first_page(client, team, maya):
    sample = SampleFactory(assignment=AssignmentFactory(team=team, title="Longer lunch"), label="A")
    second, first = page_of(sample, 2), page_of(sample, 1)
    page = client.get(reverse("home:library")).content.decode()
    assert "Longer lunch" in page
    assert reverse("work_samples:page_thumbnail", args=[first.pk]) in page
    assert str(second.pk) not in page
    assert reverse("work_samples:sample", args=[sample.pk]) in page


def test_it_does_not_show_what_nobody_has_checked_for_names(client, team, maya):
    sample = SampleFactory(assignment=AssignmentFactory(team=team), label="UNCHECKED", confirmed_at=None)
    page_of(sample)
    assert "UNCHECKED" not in client.get(reverse("home:library")).content.decode()


def test_it_shows_nothing_of_another_team(client, maya):
    other = AssignmentFactory(title="Their task")
    SampleFactory(assignment=other)
    assert "Their task" not in client.get(reverse("home:library")).content.decode()
    assert "Their task" not in client.get(reverse("home:library"), {"team": other.team_id}).content.decode()


def test_it_can_show_one_of_my_teams(client, team, maya):
    AssignmentFactory(team=team, title="Here")
    other = TeamFactory()
    other.memberships.create(user=maya)
    AssignmentFactory(team=other, title="There")
    page = client.get(reverse("home:library"), {"team": other.pk}).content.decode()
    assert "There" in page
    assert ">Here</a>" not in page


def test_a_page_number_that_is_nonsense_shows_a_page(client, team, maya):
    assert client.get(reverse("home:library"), {"page": "⅝", "team": "'"}).status_code == 200


def test_it_teaches_when_there_is_nothing(client, maya):
    assert "Your team’s work will hang here" in client.get(reverse("home:library")).content.decode()


def test_it_costs_the_same_however_much_there_is(client, team, maya, django_assert_max_num_queries):
    def fill(rows):
        for _ in range(rows):
            assignment = AssignmentFactory(team=team)
            for label in "ABCDEFGHIJ":
                page_of(SampleFactory(assignment=assignment, label=label))

    fill(2)
    with django_assert_max_num_queries(14) as few:
        client.get(reverse("home:library"))
    fill(9)
    with django_assert_max_num_queries(14) as many:
        client.get(reverse("home:library"))
    assert len(many) == len(few)
