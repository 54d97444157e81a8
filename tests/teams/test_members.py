"""Leads add people and let them go; nobody else does."""

import re

import pytest
from django.urls import reverse

from teams.domain.membership import LastLead, remove_member, set_role
from teams.models import Membership, TeamRole, User
from tests.factories import MembershipFactory, TeamFactory, UserFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory(name="Grade 7 ELA")


@pytest.fixture
def lead(team, client):
    user = MembershipFactory(team=team, role=TeamRole.LEAD, user__name="Rosa Mendez").user
    client.force_login(user)
    return user


def add(client, team, **data):
    return client.post(reverse("teams:member_add", args=[team.pk]), data, follow=True)


def remove(client, membership):
    return client.post(reverse("teams:member_remove", args=[membership.team_id, membership.pk]), follow=True)


def test_a_lead_adds_someone_who_uses_esw_already(client, team, lead, mailoutbox):
    jun = UserFactory(email="jun@school.example", name="Jun Sato")
    page = add(client, team, email="Jun@School.example", name="Somebody else").content.decode()
    assert Membership.objects.get(user=jun).role == TeamRole.MEMBER
    assert "Jun Sato is in the team now" in page
    assert not mailoutbox
    jun.refresh_from_db()
    assert jun.name == "Jun Sato"


def test_somebody_of_another_district_is_not_added_and_not_named(client, team, lead):
    iris = member_of(TeamFactory(), email="iris@elsewhere.example", name="Iris Halloran")
    page = add(client, team, email="iris@elsewhere.example", name="").content.decode()
    assert "cannot be added here" in page
    assert "Iris" not in page
    assert not Membership.objects.filter(user=iris, team=team).exists()


def test_somebody_of_another_school_of_the_district_is_added(client, team, lead):
    nearby = member_of(TeamFactory(school__district=team.school.district), email="ana@school.example")
    add(client, team, email="ana@school.example", name="")
    assert Membership.objects.filter(user=nearby, team=team).exists()


def test_someone_new_gets_a_letter_and_chooses_a_password_with_its_link(client, team, lead, mailoutbox):
    add(client, team, email="nia@school.example", name="Nia New")
    nia = User.objects.get(email="nia@school.example")
    assert not nia.has_usable_password()
    letter = mailoutbox[0]
    assert letter.to == ["nia@school.example"]
    assert letter.subject.endswith("Rosa Mendez added you to Grade 7 ELA on ESW")
    path = re.search(r"https?://[^/]+(/\S+)", letter.body)[1]
    client.logout()
    form = client.get(path, follow=True)
    words = "seventeen-blue-paper-boats"
    done = client.post(form.request["PATH_INFO"], {"password1": words, "password2": words}, follow=True)
    assert done.status_code == 200
    assert client.login(email="nia@school.example", password=words)


def test_the_letter_ignores_the_address_that_a_request_claims(client, team, lead, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    url = reverse("teams:member_add", args=[team.pk])
    client.post(url, {"email": "nia@school.example"}, headers={"host": "evil.example"})
    assert settings.SITE_URL in mailoutbox[0].body
    assert "evil.example" not in mailoutbox[0].body


def test_a_letter_that_cannot_be_sent_is_said_and_the_person_is_there(client, team, lead, monkeypatch):
    def broken(**kwargs):
        raise OSError("no mail today")

    monkeypatch.setattr("teams.views.send_welcome", broken)
    page = add(client, team, email="nia@school.example", name="Nia").content.decode()
    assert "the e-mail could not be sent" in page
    assert team.members.filter(email="nia@school.example").exists()


def test_nobody_is_added_twice(client, team, lead):
    answer = add(client, team, email=lead.email)
    assert answer.status_code == 422
    assert "Rosa Mendez belongs to this team already." in answer.content.decode()
    assert team.memberships.count() == 1


@pytest.mark.parametrize("email", ["", "not an address", "x" * 300 + "@school.example"])
def test_an_address_that_is_none_is_refused_and_what_was_typed_stays(client, team, lead, email):
    answer = add(client, team, email=email, name="Typed Name")
    assert answer.status_code == 422
    assert "Typed Name" in answer.content.decode()
    assert User.objects.count() == 1


def test_a_lead_removes_a_member(client, team, lead):
    member = MembershipFactory(team=team, user__name="Jun Sato")
    page = remove(client, member).content.decode()
    assert "Jun Sato has left the team" in page
    assert not Membership.objects.filter(pk=member.pk).exists()
    assert User.objects.filter(pk=member.user_id).exists()


def test_the_last_lead_cannot_be_removed_or_made_a_member(client, team, lead):
    membership = team.memberships.get(user=lead)
    assert "A team needs a lead." in remove(client, membership).content.decode()
    role = reverse("teams:member_role", args=[team.pk, membership.pk])
    assert "A team needs a lead." in client.post(role, {"role": "member"}, follow=True).content.decode()
    membership.refresh_from_db()
    assert membership.role == TeamRole.LEAD


def test_a_lead_makes_another_lead_and_may_then_step_back(client, team, lead):
    other = MembershipFactory(team=team)
    client.post(reverse("teams:member_role", args=[team.pk, other.pk]), {"role": "lead"})
    mine = team.memberships.get(user=lead)
    client.post(reverse("teams:member_role", args=[team.pk, mine.pk]), {"role": "member"})
    assert set(team.memberships.values_list("pk", "role")) == {(other.pk, "lead"), (mine.pk, "member")}


def test_a_lead_who_was_a_member_a_moment_ago_still_counts_as_the_last_one(team):
    seen_before = MembershipFactory(team=team)
    Membership.objects.filter(pk=seen_before.pk).update(role=TeamRole.LEAD)  # meanwhile, by somebody else
    with pytest.raises(LastLead):
        remove_member(membership=seen_before)
    assert Membership.objects.filter(pk=seen_before.pk).exists()


def test_who_was_removed_a_moment_ago_is_removed_and_gets_no_role(team):
    gone, also_gone = MembershipFactory(team=team), MembershipFactory(team=team)
    Membership.objects.all().delete()
    remove_member(membership=gone)
    with pytest.raises(Membership.DoesNotExist):
        set_role(membership=also_gone, role=TeamRole.LEAD)


def test_a_role_that_is_none_changes_nothing(client, team, lead):
    other = MembershipFactory(team=team)
    url = reverse("teams:member_role", args=[team.pk, other.pk])
    answer = client.post(url, {"role": "owner"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"error": "A member is a lead or a member."})


@pytest.mark.parametrize("name", ["team_edit", "member_add"])
def test_a_member_may_not_and_a_stranger_finds_nothing(client, team, lead, name):
    url = reverse(f"teams:{name}", args=[team.pk])
    client.force_login(member_of(team))
    assert client.post(url, {"email": "a@b.example", "name": "x"}).status_code == 403
    client.force_login(UserFactory())
    assert client.post(url, {"email": "a@b.example", "name": "x"}).status_code == 404
    assert team.memberships.count() == 2


def test_a_lead_has_no_hold_over_another_teams_members(client, team, lead):
    theirs = MembershipFactory()
    url = reverse("teams:member_remove", args=[team.pk, theirs.pk])
    assert client.post(url).status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()
