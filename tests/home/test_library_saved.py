"""Saved filters of the library: a person's own, and only what the library reads."""

import pytest
from django.urls import reverse

from home.saved import MOST
from tests.factories import AssignmentFactory, SampleFactory, TeamFactory, member_of
from work_samples.models import Assignment, Sample, SavedFilter

pytestmark = pytest.mark.django_db
LIBRARY, SAVE = reverse("home:library"), reverse("home:save_filter")


@pytest.fixture
def maya(client):
    user = member_of(TeamFactory(), name="Maya Ellis")
    AssignmentFactory(team=user.memberships.get().team)
    client.force_login(user)
    return user


def test_what_is_asked_for_is_kept_under_a_name_and_removed(client, maya):
    sent = {"name": " Grade 7 ", "address": "q=lunch&grade=7&page=3&evil=1&next=//x"}
    assert client.post(SAVE, sent).url == f"{LIBRARY}?q=lunch&grade=7"
    kept = SavedFilter.objects.get()
    assert (kept.user, kept.name, kept.address) == (maya, "Grade 7", "q=lunch&grade=7")
    assert f'href="{LIBRARY}?q=lunch&amp;grade=7"' in client.get(LIBRARY).content.decode()
    client.post(reverse("home:remove_filter", args=[kept.pk]))
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("address", ["", "\0", "javascript:alert(1)", "evil=1", "view=list", "%%%", "x" * 9000])
def test_what_asks_for_nothing_is_not_kept(client, maya, address):
    answer = client.post(SAVE, {"name": "x", "address": address}, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["", " ", "\0", "x" * 61])
def test_a_name_is_wanted(client, maya, name):
    client.post(SAVE, {"name": name, "address": "q=lunch"})
    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once_and_there_is_a_most(client, maya):
    for name in ["Lunch", "LUNCH", *map(str, range(MOST + 3))]:
        client.post(SAVE, {"name": name, "address": "q=lunch"})
    assert SavedFilter.objects.count() == MOST


def test_anothers_is_neither_shown_nor_removed(client, maya):
    theirs = SavedFilter.objects.create(user=member_of(TeamFactory()), name="<b>Theirs</b>", address="q=lunch")
    assert "Theirs" not in client.get(LIBRARY, {"q": "x"}).content.decode()
    assert client.post(reverse("home:remove_filter", args=[theirs.pk])).status_code == 404


def test_a_group_and_a_kind_of_assessment_find_work(client, maya):
    assignment = Assignment.objects.get()
    SampleFactory(assignment=assignment, label="A")
    Sample.objects.update(group="Learning English")
    Assignment.objects.update(assessment="common")
    for asked, total in (
        ({"group": "Learning English"}, 1), ({"group": "Other"}, 0), ({"kind": "common"}, 1), ({"kind": "school"}, 0),
    ):  # fmt: skip
        assert client.get(LIBRARY, asked).context["page"].paginator.count == total


def shared_by_david(maya, **more):
    team = maya.memberships.get().team
    david = member_of(team, name="David Osei")
    return SavedFilter.objects.create(user=david, name="Lunches", address="q=lunch", **{"team": team} | more)


def test_it_is_renamed_and_shared_by_its_owner(client, maya):
    mine, team = SavedFilter.objects.create(user=maya, name="Lunch", address="q=lunch"), maya.memberships.get().team
    client.post(reverse("home:change_filter", args=[mine.pk]), {"name": " Lunches ", "team": str(team.pk)})
    mine.refresh_from_db()
    assert (mine.name, mine.team) == ("Lunches", team)
    client.post(reverse("home:change_filter", args=[mine.pk]), {"name": "Lunches", "team": ""})
    mine.refresh_from_db()
    assert mine.team is None


def test_what_is_shared_is_seen_by_the_team_and_changed_by_its_owner_and_leads_alone(client, maya):
    kept = shared_by_david(maya)
    change, remove = (reverse(f"home:{act}_filter", args=[kept.pk]) for act in ("change", "remove"))
    page = client.get(LIBRARY).content.decode()
    assert f'href="{LIBRARY}?q=lunch"' in page
    assert "saved by David Osei" in page
    assert client.post(change, {"name": "Mine"}).status_code == client.post(remove).status_code == 404
    maya.memberships.update(role="lead")
    client.post(change, {"name": "Ours", "team": str(kept.team_id)})
    assert SavedFilter.objects.get().name == "Ours"
    client.post(remove)
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(
    ("name", "team"), [("", ""), ("x" * 61, ""), ("Other", ""), ("Lunch", "nonsense"), ("Lunch", "strange")]
)
def test_a_change_that_cannot_be_gets_a_sentence(client, maya, name, team):
    kept = SavedFilter.objects.create(user=maya, name="Lunch", address="q=lunch")
    SavedFilter.objects.create(user=maya, name="other", address="q=x")
    sent = {"name": name, "team": str(TeamFactory().pk) if team == "strange" else team}
    answer = client.post(reverse("home:change_filter", args=[kept.pk]), sent, headers={"accept": "application/json"})
    assert answer.status_code == 400
    kept.refresh_from_db()
    assert (kept.name, kept.team) == ("Lunch", None)
