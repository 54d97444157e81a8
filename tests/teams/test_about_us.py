"""Norms, names and time zones."""

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client):
    team = TeamFactory(name="Grade 7 ELA")
    client.force_login(MembershipFactory(team=team, role="lead").user)
    return team


def edit(client, team, **data):
    return client.post(reverse("teams:team_edit", args=[team.pk]), data)


def test_a_lead_writes_the_norms_one_a_line(client, team):
    edit(client, team, name="Grade 7", norms="Describe first.\r\n\r\n  Point to the work.  \r\n")
    team.refresh_from_db()
    assert (team.name, team.norms) == ("Grade 7", ["Describe first.", "Point to the work."])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "norms": "Kept words."}, "A team needs a name."),
        ({"name": "G7", "norms": "Kept words.\n" * 13}, "Please keep to 12 norms"),
        ({"name": "G7", "norms": "Kept words." + "x" * 201}, "Please keep each norm under 200 characters."),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(client, team, data, words):
    answer = edit(client, team, **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Kept words." in page
    team.refresh_from_db()
    assert team.name == "Grade 7 ELA"


def test_i_change_my_name_and_time_zone(client):
    me = UserFactory()
    client.force_login(me)
    client.post(reverse("teams:profile"), {"name": "Maya Ellis", "time_zone": "America/Chicago"})
    me.refresh_from_db()
    assert (me.name, me.time_zone) == ("Maya Ellis", "America/Chicago")


@pytest.mark.parametrize("data", [{"name": "", "time_zone": ""}, {"name": "M", "time_zone": "Moon/Base"}])
def test_a_profile_that_cannot_be_is_refused(client, data):
    me = UserFactory(name="Maya Ellis")
    client.force_login(me)
    answer = client.post(reverse("teams:profile"), data)
    assert answer.status_code == 422
    assert "Maya Ellis" in answer.content.decode()  # the head still knows who is here
    me.refresh_from_db()
    assert me.name == "Maya Ellis"


@pytest.mark.parametrize("name", ["profile", "teams"])
def test_it_asks_to_log_in(client, name):
    assert client.get(reverse(f"teams:{name}")).headers["Location"].startswith("/accounts/login/")
