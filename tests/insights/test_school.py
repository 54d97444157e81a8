"""The school's page: counts for those who administer it, and nothing that points at a person or a team."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from esw.core.school_years import school_year, year_words
from teams.models import Administration
from tests.factories import MembershipFactory, SchoolFactory, UserFactory
from tests.insights.schooling import HELD, Schooling

pytestmark = pytest.mark.django_db


@pytest.fixture
def riverside():
    return Schooling()


# --- who --------------------------------------------------------------------------------------------------


def test_those_who_administer_the_school_see_its_page(riverside):
    assert riverside.get().status_code == 200


def test_those_who_administer_its_district_see_it_too(riverside):
    user = Administration.objects.create(user=UserFactory(), district=riverside.school.district).user
    assert riverside.get(user).status_code == 200


def test_a_teacher_of_the_school_is_told_that_there_is_nothing(riverside):
    assert riverside.get(riverside.team().people[0]).status_code == 404


def test_strangers_and_those_who_administer_another_school_are_told_that_there_is_nothing(riverside):
    neighbour = SchoolFactory(district=riverside.school.district)
    for user in [
        UserFactory(),
        MembershipFactory().user,
        Administration.objects.create(user=UserFactory(), school=neighbour).user,
        Administration.objects.create(user=UserFactory(), district=SchoolFactory().district).user,
    ]:
        assert riverside.get(user).status_code == 404


def test_without_a_session_one_is_sent_to_log_in(riverside, client):
    assert client.get(reverse("insights:school", args=[riverside.school.pk])).status_code == 302


def test_one_school_is_opened_at_once_several_are_a_list(riverside):
    client = Client()
    client.force_login(riverside.administrator)
    address = reverse("insights:schools")
    assert client.get(address).url == reverse("insights:school", args=[riverside.school.pk])
    other = SchoolFactory(name="Hillside")
    Administration.objects.create(user=riverside.administrator, district=other.district)
    text = client.get(address).content.decode()
    assert "Riverside" in text
    assert "Hillside" in text


def test_who_administers_nothing_is_told_so(client):
    client.force_login(UserFactory())
    assert "You do not administer a school" in client.get(reverse("insights:schools")).content.decode()


# --- counts -----------------------------------------------------------------------------------------------


def test_it_counts_sessions_active_teams_samples_and_next_steps(riverside):
    busy, quiet = riverside.team(), riverside.team()
    first = riverside.hold(busy, levels=[3, 3])
    second = riverside.hold(busy, levels=[2, 4], samples=first.samples)
    for session, state in [(first, "planned"), (first, "done"), (second, "done"), (second, "trying")]:
        riverside.step(session, state)
    page = riverside.page()
    assert (page.sessions, page.teams_active, page.teams, page.samples) == (2, 1, 2, 2)
    assert (page.planned, page.trying, page.done) == (1, 1, 2)
    assert quiet.name not in riverside.text()


def test_sessions_that_are_not_finished_and_those_of_other_schools_do_not_count(riverside):
    session = riverside.hold(riverside.team(), levels=[3])
    session.status = "running"
    session.save()
    other = Schooling()
    other.hold(other.team(), levels=[3])
    assert riverside.page().sessions == 0


def test_sessions_are_counted_by_purpose_and_by_month_with_the_empty_months_between(riverside):
    team = riverside.team()
    riverside.hold(team)
    riverside.hold(team, at=datetime(2026, 7, 20, tzinfo=UTC))
    riverside.hold(team, at=datetime(2026, 7, 21, tzinfo=UTC))
    page = riverside.page()
    assert [(bar.label, bar.count) for bar in page.purposes] == [("Agree on what proficient means", 3)]
    assert [(bar.label, bar.group, bar.count) for bar in page.months] == [
        ("October 2026", "2026–27", 1),
        ("September 2026", "2026–27", 0),
        ("August 2026", "2026–27", 0),
        ("July 2026", "2025–26", 2),
    ]


@pytest.mark.parametrize(
    ("filters", "sessions"),
    [
        ({}, 2),
        ({"from": "2026-10-07"}, 1),
        ({"from": "2026-10-08"}, 0),
        ({"to": "2026-10-06"}, 1),
        ({"to": "2026-10-07"}, 2),
        ({"from": "2026-09-01", "to": "2026-09-30"}, 1),
        ({"grade": "5"}, 1),
        ({"subject": "ELA"}, 1),
        ({"grade": "5", "subject": "ELA"}, 0),
    ],
)
def test_the_address_filters_by_day_grade_and_subject(riverside, filters, sessions):
    team = riverside.team()
    riverside.hold(team, grade="7", subject="ELA")
    riverside.hold(team, grade="5", subject="Mathematics", at=HELD.replace(month=9))
    assert riverside.page(**filters).sessions == sessions


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"from": "yesterday"}, "Enter a valid date."),
        ({"from": "2026-10-08", "to": "2026-10-01"}, "‘To’ lies before ‘from’."),
        ({"grade": "99"}, "There is no such choice here."),
        ({"from": "9999-99-99\x00"}, "Enter a valid date."),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_filters_nothing(riverside, filters, sentence):
    riverside.hold(riverside.team())
    response = riverside.get(**filters)
    assert response.status_code == 200
    assert sentence in response.content.decode()


@pytest.mark.parametrize("filters", [{"from": "0001-01-01"}, {"to": "9999-12-31"}, {"to": "0001-01-01"}])
def test_days_at_the_end_of_time_are_just_days(riverside, filters):
    riverside.hold(riverside.team(), levels=[3])
    assert riverside.get(**filters).status_code == 200


def test_an_empty_school_is_told_what_will_be_here(riverside):
    assert "Once a team at this school finishes a session" in riverside.text()


def test_it_says_that_it_is_not_for_evaluating_teachers(riverside):
    assert "not for evaluating teachers" in riverside.text()


def test_no_persons_and_no_teams_name_is_on_it(riverside):
    team = riverside.team(name="Seventh grade English")
    session = riverside.hold(team, levels=[3] * 12)
    riverside.step(session, "done")
    text = riverside.text()
    assert "Seventh grade English" not in text
    for person in team.people:
        assert person.name not in text
        assert person.email not in text


def test_it_costs_the_same_for_many_sessions_as_for_one(riverside):
    team = riverside.team()
    riverside.hold(team, levels=[3])
    client = Client()
    client.force_login(riverside.administrator)
    address = reverse("insights:school", args=[riverside.school.pk])
    client.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        for _ in range(4):
            riverside.step(riverside.hold(riverside.team(), levels=[2, 3]), "done")
    assert counts[0] == counts[1]


# --- proficiency ------------------------------------------------------------------------------------------


def test_it_says_how_many_samples_teams_agreed_to_be_proficient(riverside):
    riverside.hold(riverside.team(), levels=[3] * 7 + [4] * 2 + [1] * 3)
    (row,) = riverside.rows()
    assert (row.criterion, row.grade, row.subject, row.year) == ("Evidence", "7", "ELA", "2026–27")
    assert (row.hidden, row.percent, row.samples, row.scorers) == ("", 75, 10, 5)
    assert "about 75" in riverside.text()


@pytest.mark.parametrize(
    ("samples", "scorers", "reason"),
    [
        (10, 5, ""),
        (9, 5, "Hidden, because it would rest on fewer than ten samples."),
        (10, 4, "Hidden, because it would rest on fewer than five people’s scores."),
        (9, 4, "Hidden, because it would rest on fewer than ten samples."),
    ],
)
def test_a_cell_that_rests_on_too_little_says_why_in_its_place(riverside, samples, scorers, reason):
    riverside.hold(riverside.team(), levels=[3] * samples, scorers=scorers)
    (row,) = riverside.rows()
    assert row.hidden == reason
    if reason:
        assert (row.percent, row.samples, row.scorers) == (0, 0, 0)
        assert reason in riverside.text()
        assert "about" not in riverside.text().split("What teams met for")[0].split("Year</th>")[1]


def test_samples_that_were_picked_by_hand_give_no_proficiency_and_the_page_says_so(riverside):
    riverside.hold(riverside.team(), levels=[3] * 12, selection="picked")
    assert riverside.rows() == []
    assert "1 session looked at samples picked by hand. It is left out here" in riverside.text()


def test_samples_drawn_at_random_do(riverside):
    riverside.hold(riverside.team(), levels=[3] * 12, selection="random")
    assert len(riverside.rows()) == 1


def test_samples_on_which_nobody_agreed_do_not_count(riverside):
    riverside.hold(riverside.team(), levels=[3] * 9 + [None] * 5)
    assert "fewer than ten samples" in riverside.rows()[0].hidden


def test_a_sample_that_was_agreed_on_twice_counts_once_by_the_latest(riverside):
    team = riverside.team()
    first = riverside.hold(team, levels=[1] * 10)
    assert riverside.rows()[0].percent == 5
    riverside.hold(team, levels=[4] * 10, samples=first.samples, at=HELD.replace(day=20))
    (row,) = riverside.rows()
    assert (row.percent, row.samples) == (95, 10)


def test_late_scores_make_nobody_a_scorer(riverside):
    session = riverside.hold(riverside.team(), levels=[3] * 10)
    session.scores.filter(participant=session.participants.first()).update(late=True)
    assert "five people" in riverside.rows()[0].hidden


def test_teams_are_not_told_apart_where_they_look_for_the_same(riverside):
    for level in [3, 1]:
        riverside.hold(riverside.team(people=3), levels=[level] * 6)
    (row,) = riverside.rows()
    assert (row.percent, row.samples, row.scorers) == (50, 10, 5)


def test_a_hidden_cell_cannot_be_had_by_taking_one_figure_from_another(riverside):
    """Grade 5 is hidden; no total over grades is shown, and a filter shows the very cells that are there without it."""
    riverside.hold(riverside.team(), levels=[3] * 12, grade="7")
    riverside.hold(riverside.team(), levels=[1] * 4, grade="5")
    whole = riverside.rows()
    assert [(row.grade, bool(row.hidden)) for row in whole] == [("5", True), ("7", False)]
    for filters in [{"grade": "7"}, {"grade": "5"}, {"subject": "ELA"}, {"from": "2026-10-07"}]:
        assert all(row in whole for row in riverside.rows(**filters))


def test_a_span_inside_a_school_year_shows_the_figures_of_the_whole_year(riverside):
    team = riverside.team()
    riverside.hold(team, levels=[3] * 10)
    riverside.hold(team, levels=[1] * 10, at=HELD.replace(month=11))
    whole = riverside.rows()
    assert riverside.rows(**{"from": "2026-11-01", "to": "2026-11-30"}) == whole
    assert riverside.rows(**{"from": "2027-08-01"}) == []
    assert riverside.rows(to="2026-07-31") == []


def test_one_more_session_hardly_moves_a_figure(riverside):
    team = riverside.team()
    riverside.hold(team, levels=[3] * 7 + [1] * 4)
    before = riverside.rows()
    riverside.hold(team, levels=[3], at=HELD.replace(day=8))
    assert riverside.rows() == before


@pytest.mark.parametrize(
    ("day", "year"), [((2026, 7, 31), "2025–26"), ((2026, 8, 1), "2026–27"), ((2100, 1, 1), "2099–00")]
)
def test_a_school_year_begins_in_august(day, year):
    assert year_words(school_year(datetime(*day, tzinfo=UTC).date())) == year
