"""Many samples are filed under a group or moved at once, by whoever brought them, and it is undone at once."""

import pytest
from django.urls import reverse

from tests.factories import AssignmentFactory, SampleFactory, TeamFactory, member_of
from tests.home.make import session_of
from work_samples.models import Sample

pytestmark = pytest.mark.django_db
FILE, MOVE, UNDO = (reverse(f"work_samples:{name}_many") for name in ("file", "move", "undo"))
LIBRARY = reverse("home:library")


@pytest.fixture
def team():
    team = TeamFactory()
    team.school.district.groups = ["Learning English"]
    team.school.district.save()
    return team


@pytest.fixture
def maya(team, client):
    user = member_of(team, name="Maya Ellis")
    client.force_login(user)
    return user


@pytest.fixture
def samples(team, maya):
    assignment = AssignmentFactory(team=team, title="Longer lunch")
    return [SampleFactory(assignment=assignment, label=label, uploader=maya) for label in "AB"]


def sent(*samples, **more):
    return {"samples": [str(sample.pk) for sample in samples]} | more


def groups():
    return sorted(Sample.objects.values_list("label", "group"))


def test_many_are_filed_under_a_group_and_undone_once(client, samples):
    page = client.post(FILE, sent(*samples, to_group="Learning English"), follow=True).content.decode()
    assert "Two samples are filed under Learning English." in page
    assert "Undo" in page
    assert groups() == [("A", "Learning English"), ("B", "Learning English")]
    assert "as it was before" in client.post(UNDO, follow=True).content.decode()
    assert groups() == [("A", ""), ("B", "")]
    assert "nothing left to undo" in client.post(UNDO, follow=True).content.decode()
    assert "Undo" not in client.get(LIBRARY).content.decode()


def test_a_group_that_the_district_does_not_know_changes_nothing(client, samples):
    answer = client.post(FILE, sent(*samples, to_group="Ana"), headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert groups() == [("A", ""), ("B", "")]


def test_a_colleagues_sample_is_neither_filed_nor_moved_and_neither_is_any_other(client, team, samples):
    theirs = SampleFactory(assignment=samples[0].assignment, label="C", uploader=member_of(team))
    other = AssignmentFactory(team=team)
    for address, more in ((FILE, {"to_group": "Learning English"}), (MOVE, {"to_assignment": str(other.pk)})):
        answer = client.post(address, sent(*samples, theirs, **more), headers={"accept": "application/json"})
        assert answer.status_code == 409
        assert "Only the person who brought" in answer.json()["error"]
    assert not Sample.objects.exclude(group="").exists()
    assert not other.samples.exists()


def test_many_are_moved_take_free_labels_there_and_come_back(client, team, maya, samples):
    other = AssignmentFactory(team=team, title="Shorter lunch")
    SampleFactory(assignment=other, label="A", uploader=maya)
    client.post(MOVE, sent(*samples, to_assignment=str(other.pk)))
    assert sorted(other.samples.values_list("label", flat=True)) == ["A", "B", "C"]
    client.post(UNDO)
    assert sorted(samples[0].assignment.samples.values_list("pk", "label")) == sorted((s.pk, s.label) for s in samples)


def test_what_was_chosen_for_a_session_stays_with_its_assignment(client, team, maya, samples):
    session = session_of(team, maya, assignment=samples[0].assignment)
    session.on_table.create(sample=samples[0], position=0, label="A")
    other = AssignmentFactory(team=team)
    answer = client.post(MOVE, sent(*samples, to_assignment=str(other.pk)), headers={"accept": "application/json"})
    assert "Sample A was chosen for a session and stays" in answer.json()["error"]
    assert not other.samples.exists()


def test_nothing_goes_to_another_team(client, samples, maya):
    strange = AssignmentFactory()
    mine_too = TeamFactory()
    mine_too.memberships.create(user=maya)
    for other in (strange, AssignmentFactory(team=mine_too)):
        answer = client.post(MOVE, sent(*samples, to_assignment=str(other.pk)), headers={"accept": "application/json"})
        assert answer.status_code == 409
        assert not other.samples.exists()


@pytest.mark.parametrize("address", [FILE, MOVE])
@pytest.mark.parametrize("nonsense", [{}, {"samples": "'"}, {"samples": "\0"}, {"samples": ["x"] * 600}])
def test_nonsense_gets_a_sentence(client, maya, address, nonsense):
    for more in ({}, {"to_group": "\0", "to_assignment": "x"}):
        answer = client.post(address, nonsense | more, headers={"accept": "application/json"})
        assert answer.status_code == 409
        assert answer.json()["error"]
