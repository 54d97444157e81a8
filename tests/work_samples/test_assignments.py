"""An assignment: the task, how its samples were chosen, and whose it is."""

import pytest

from tests.factories import AssignmentFactory, TeamFactory, UserFactory
from tests.work_samples.bringing import signed_in
from work_samples.models import Assignment

pytestmark = pytest.mark.django_db


def filled(team, **changes):
    return {
        "team": str(team.pk),
        "title": "Longer lunch",
        "prompt": "Should our school have a longer lunch?",
        "grade": "7",
        "subject": "ELA",
        "standards": "W.7.1, W.7.1.B\nW.7.1",
        "selection": "random",
        **changes,
    }


def test_a_member_makes_one_and_lands_where_work_is_brought(client, team, uploader):
    answer = client.post("/assignments/new/", filled(team))
    made = Assignment.objects.get()
    assert answer.headers["Location"] == f"/assignments/{made.pk}/"
    assert (made.team, made.created_by, made.selection) == (team, uploader, "random")


def test_standards_become_a_list_in_which_each_code_stands_once(client, team):
    client.post("/assignments/new/", filled(team))
    assert Assignment.objects.get().standards == ["W.7.1", "W.7.1.B"]


@pytest.mark.parametrize("standards", ["x" * 61, ",".join(f"S{n}" for n in range(51))])
def test_too_much_in_the_standards_gets_a_sentence_and_keeps_what_was_typed(client, team, standards):
    answer = client.post("/assignments/new/", filled(team, standards=standards))
    assert answer.status_code == 422
    assert not Assignment.objects.exists()
    assert "Longer lunch" in answer.content.decode()
    assert standards[:20] in answer.content.decode()


def test_it_refuses_a_team_that_is_not_mine(client, team):
    other = TeamFactory()
    answer = client.post("/assignments/new/", filled(other))
    assert answer.status_code == 422
    assert not Assignment.objects.exists()


def test_only_my_teams_are_offered(client, team):
    other = TeamFactory(name="The others")
    answer = client.get("/assignments/new/")
    assert str(team.pk) in answer.content.decode()
    assert str(other.pk) not in answer.content.decode()


def test_a_person_without_a_team_is_told_what_to_do(db):
    answer = signed_in(UserFactory()).get("/assignments/new/")
    assert "not in a team yet" in answer.content.decode()


def test_the_page_says_why_the_choice_of_samples_matters(client, team):
    assert "rate of proficiency is shown only for" in client.get("/assignments/new/").content.decode()


def test_any_member_may_edit_and_the_team_stays(their_client, assignment):
    other = TeamFactory()
    answer = their_client.post(f"/assignments/{assignment.pk}/edit/", filled(other, title="Shorter lunch"))
    assert answer.status_code == 302
    team_before = assignment.team
    assignment.refresh_from_db()
    assert (assignment.title, assignment.team) == ("Shorter lunch", team_before)


@pytest.mark.parametrize("address", ["", "edit/", "samples/", "redact/", "preview/"])
def test_for_a_stranger_it_does_not_exist(outsiders, assignment, address):
    for who, user in outsiders.items():
        assert signed_in(user).get(f"/assignments/{assignment.pk}/{address}").status_code == 404, who


def test_nobody_signed_in_is_sent_to_log_in(assignment):
    from django.test import Client

    answer = Client().get(f"/assignments/{assignment.pk}/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


def test_the_limits_are_said_before_anything_is_uploaded(client, assignment):
    page = client.get(f"/assignments/{assignment.pk}/").content.decode()
    assert "60 pages" in page
    assert "50 MB" in page
    assert "HEIC" in page


def test_others_work_that_waits_is_a_count_and_nothing_more(their_client, assignment, uploader):
    from tests.factories import SampleFactory

    SampleFactory(assignment=assignment, uploader=uploader, confirmed_at=None, label="Q1")
    SampleFactory(assignment=assignment, uploader=uploader, confirmed_at=None, label="Q2")
    page = their_client.get(f"/assignments/{assignment.pk}/").content.decode()
    assert "Maya Ellis has two samples to check" in page
    assert "Q1" not in page


def test_the_page_costs_the_same_with_many_samples(client, assignment, uploader, django_assert_max_num_queries):
    from tests.factories import SampleFactory

    for number in range(30):
        sample = SampleFactory(
            assignment=assignment, uploader=uploader, confirmed_at=None if number % 2 else assignment.created_at
        )
        for page in (1, 2):
            sample.pages.create(number=page, image=f"a{page}", thumbnail=f"b{page}", width=10, height=10)
    AssignmentFactory.create_batch(2, team=assignment.team)
    with django_assert_max_num_queries(14):
        assert client.get(f"/assignments/{assignment.pk}/").status_code == 200
