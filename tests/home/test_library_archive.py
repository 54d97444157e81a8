"""Archived work is out of the way, comes back, and stays in the sessions that used it."""

import pytest
from django.urls import reverse

from sessions_app.models import SessionSample
from sessions_app.plan_form import PlanForm
from tests.factories import AssignmentFactory, SampleFactory, TeamFactory, member_of
from tests.home.make import session_of
from work_samples.models import Page, Sample

pytestmark = pytest.mark.django_db
ARCHIVE, RESTORE, LIBRARY = reverse("work_samples:archive"), reverse("work_samples:restore"), reverse("home:library")


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def maya(team, client):
    user = member_of(team, name="Maya Ellis")
    client.force_login(user)
    return user


@pytest.fixture
def samples(team, maya):
    assignment = AssignmentFactory(team=team, title="Longer lunch")
    made = [SampleFactory(assignment=assignment, label=label) for label in "ABC"]
    for sample in made:
        Page.objects.create(sample=sample, number=1, image="a.jpg", thumbnail="a.webp", width=1, height=1)
    return made


def keys(*samples):
    return {"samples": [str(sample.pk) for sample in samples]}


def in_page(client, sample, address=LIBRARY, **asked):
    page = client.get(address, asked).content.decode()
    return f'href="{reverse("work_samples:sample", args=[sample.pk])}"' in page


def test_many_are_archived_at_once_and_undone_at_once(client, samples):
    first, second, third = samples
    page = client.post(ARCHIVE, keys(first, second), follow=True).content.decode()
    assert "Two samples are archived." in page
    assert "Undo" in page
    assert [in_page(client, each) for each in samples] == [False, False, True]
    assert [in_page(client, each, archived="1", view="list") for each in samples] == [True, True, False]
    client.post(RESTORE, keys(first, second))
    assert all(in_page(client, each) for each in samples)
    assert not in_page(client, third, archived="1")


def test_an_offer_to_undo_is_made_once(client, samples):
    client.post(ARCHIVE, keys(samples[0]))
    assert "Undo" in client.get(LIBRARY).content.decode()
    assert "Undo" not in client.get(LIBRARY).content.decode()


def test_the_way_back_leads_to_where_one_was(client, samples):
    answer = client.post(ARCHIVE, keys(samples[0]) | {"next": f"{LIBRARY}?view=list&q=lunch"})
    assert answer.url == f"{LIBRARY}?view=list&q=lunch"
    assert client.post(ARCHIVE, keys(samples[0]) | {"next": "https://elsewhere.example/"}).url == LIBRARY


def test_it_leaves_the_assignments_page_and_keeps_a_page_of_its_own(client, samples):
    sample = samples[0]
    client.post(ARCHIVE, keys(sample))
    assert not in_page(client, sample, reverse("work_samples:assignment", args=[sample.assignment_id]))
    page = client.get(reverse("work_samples:sample", args=[sample.pk])).content.decode()
    assert "Bring it back" in page


def test_a_session_that_used_it_keeps_it(client, team, maya, samples):
    session = session_of(team, maya, assignment=samples[0].assignment, status="finished")
    session.on_table.create(sample=samples[0], position=0, label="A")
    client.post(ARCHIVE, keys(samples[0]))
    kept = SessionSample.objects.get(session=session)
    assert (kept.sample_id, kept.label, kept.sample.pages.count()) == (samples[0].pk, "A", 1)
    assert session.focus_question in client.get(reverse("home:used", args=[samples[0].pk])).content.decode()


def test_a_new_plan_does_not_offer_it_and_a_plan_that_has_it_keeps_it(client, team, maya, samples):
    planned = session_of(team, maya, assignment=samples[0].assignment)
    planned.on_table.create(sample=samples[0], position=0, label="A")
    client.post(ARCHIVE, keys(*samples[:2]))
    assert set(PlanForm(team=team, user=maya).fields["samples"].queryset) == {samples[2]}
    offered = PlanForm(team=team, user=maya, session=planned).fields["samples"].queryset
    assert set(offered) == {samples[0], samples[2]}


@pytest.mark.parametrize("address", [ARCHIVE, RESTORE])
def test_nothing_of_another_team_is_moved(client, maya, samples, address):
    theirs = SampleFactory()
    client.post(address, keys(samples[0], theirs))
    assert not Sample.objects.archived().exists()


def test_work_that_waits_for_its_check_is_not_archived(client, team, maya):
    mine = SampleFactory(assignment=AssignmentFactory(team=team, created_by=maya), confirmed_at=None)
    assert "waits for its check" in client.post(ARCHIVE, keys(mine), follow=True).content.decode()
    assert not Sample.objects.archived().exists()


@pytest.mark.parametrize("sent", [{}, {"samples": "'"}, {"samples": "\0"}, {"samples": ["x"] * 600}])
def test_nonsense_gets_a_sentence(client, maya, sent):
    answer = client.post(ARCHIVE, sent, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json()["error"].endswith(("changed.", "changed"))


def test_an_archive_with_nothing_in_it_teaches(client, samples):
    assert "Nothing is archived" in client.get(LIBRARY, {"archived": "1", "view": "list"}).content.decode()
