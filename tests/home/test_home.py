"""Home: what one person sees first, and that it costs the same whatever the team has gathered."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sessions_app.models import Status
from tests.factories import AssignmentFactory, MembershipFactory, SampleFactory, SchoolFactory, TeamFactory, member_of
from tests.home.make import QUESTION, next_step_of, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory(name="Grade 7 ELA")


@pytest.fixture
def maya(team):
    return member_of(team, name="Maya Ellis")


@pytest.fixture
def david(team):
    return member_of(team, name="David Kim")


@pytest.fixture
def home(client, maya):
    client.force_login(maya)
    return lambda: client.get(reverse("home:home"))


def test_it_sends_who_is_not_logged_in_to_log_in(client):
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/")


@pytest.mark.parametrize(("zone", "words"), [("Asia/Tokyo", "Good evening"), ("America/New_York", "Good morning")])
def test_it_greets_by_the_time_of_day_where_the_person_is(home, maya, monkeypatch, zone, words):
    noon = timezone.now().replace(hour=12, minute=0)
    monkeypatch.setattr("home.views.clock.now", lambda: noon)
    maya.time_zone = zone
    maya.save()
    assert f"{words}, Maya" in home().content.decode()


def test_it_shows_an_open_room_first_with_one_join_button(home, team, maya, david):
    session_of(team, maya, people=[maya, david], starts_at=timezone.now() + timedelta(hours=1), focus_question="Soon?")
    session_of(team, david, people=[maya, david], status=Status.LOBBY, samples=2)
    page = home().content.decode()
    assert page.index(QUESTION) < page.index("Soon?")
    assert "room open" in page
    assert page.count("Join the room") == 1
    assert page.count("btn-primary") == 1


def test_it_shows_the_steps_by_minutes_and_the_work(home, team, david):
    session_of(team, david, samples=3)
    page = home().content.decode()
    assert page.count('<rect x="') == 7
    assert "three samples 66" in page
    assert page.count('class="thumb ') == 3


def test_it_says_that_a_planned_session_was_missed_and_forgets_it_after_two_weeks(home, team, maya):
    session_of(team, maya, focus_question="Missed?", starts_at=timezone.now() - timedelta(days=2))
    session_of(team, maya, focus_question="Long gone?", starts_at=timezone.now() - timedelta(days=20))
    page = home().content.decode()
    assert "Missed?" in page
    assert "Was planned for" in page
    assert "Long gone?" not in page


def test_it_shows_nothing_of_another_team(home, david):
    stranger = member_of(TeamFactory())
    other = stranger.teams.get()
    session = session_of(other, stranger, samples=1, focus_question="Theirs?", status=Status.LOBBY)
    next_step_of(session, stranger, text="Their step", state="done", done_at=timezone.now())
    session_of(other, stranger, focus_question="Their past?", status=Status.FINISHED, finished_at=timezone.now())
    page = home().content.decode()
    assert "Their" not in page


def test_it_shows_my_open_next_steps_and_says_what_is_overdue(home, team, maya, david):
    session = session_of(team, david)
    today = timezone.localdate()
    next_step_of(session, maya, text="Mine, late", due=today - timedelta(days=1))
    next_step_of(session, maya, text="Mine, someday")
    next_step_of(session, maya, text="Mine, done", state="done", done_at=timezone.now())
    next_step_of(session, david, text="Not mine")
    page = home().content.decode()
    assert page.index("Mine, late") < page.index("Mine, someday")
    assert "Was due yesterday" in page
    assert "Mine, done" not in page
    assert "Not mine" not in page


def test_it_shows_work_that_only_i_see_until_i_have_checked_it(home, team, maya, david):
    assignment = AssignmentFactory(team=team, title="Longer lunch", created_by=david)
    SampleFactory(assignment=assignment, label="MINE", uploader=maya, confirmed_at=None)
    SampleFactory(assignment=assignment, label="THEIRS", uploader=david, confirmed_at=None)
    page = home().content.decode()
    assert "‘Longer lunch’ MINE" in page
    assert "THEIRS" not in page


def test_it_tells_what_others_did_since_i_was_here(home, team, maya, david):
    maya.last_looked_at = timezone.now() - timedelta(days=1)
    maya.save()
    assignment = AssignmentFactory(team=team, title="Longer lunch", created_by=david)
    for label in "AB":
        SampleFactory(assignment=assignment, label=label, uploader=david)
    SampleFactory(assignment=assignment, label="C", uploader=maya)
    old = timezone.now() - timedelta(days=3)
    SampleFactory(assignment=AssignmentFactory(team=team, title="Old news", created_by=david), confirmed_at=old)
    session = session_of(team, david, status=Status.FINISHED, finished_at=timezone.now(), assignment=assignment)
    next_step_of(session, david, text="Tried it", state="done", done_at=timezone.now())
    page = home().content.decode()
    assert "David brought two samples for ‘Longer lunch’." in page
    assert f"Grade 7 ELA looked at no samples and decided on one next step: ‘{QUESTION}’" in page
    assert "David finished a next step: ‘Tried it’" in page
    assert "brought one sample for ‘Old news’" not in page


def test_what_is_new_stays_for_the_visit_and_is_gone_at_the_next(home, team, maya, david):
    maya.last_looked_at = timezone.now() - timedelta(days=1)
    maya.save()
    brought = timezone.now() - timedelta(hours=2)
    SampleFactory(assignment=AssignmentFactory(team=team, created_by=david), confirmed_at=brought)
    assert "David brought one sample" in home().content.decode()
    assert "David brought one sample" in home().content.decode()
    maya.refresh_from_db()
    assert timezone.now() - maya.last_looked_at < timedelta(minutes=1)
    maya.last_looked_at = timezone.now() - timedelta(minutes=31)
    maya.save()
    assert "brought one sample" not in home().content.decode()


def test_it_teaches_who_has_no_team(client):
    nobody = MembershipFactory().user
    nobody.memberships.all().delete()
    client.force_login(nobody)
    page = client.get("/").content.decode()
    assert "You are not in a team yet" in page
    assert nobody.email in page
    assert "Plan a session" not in page


def test_it_points_an_administrator_without_a_team_to_the_school(client):
    principal = MembershipFactory().user
    principal.memberships.all().delete()
    principal.administrations.create(school=SchoolFactory())
    client.force_login(principal)
    page = client.get("/").content.decode()
    assert reverse("insights:schools") in page
    assert "Open the school page" in page


def test_it_costs_the_same_with_thirty_sessions_as_with_three(home, team, maya, david, django_assert_max_num_queries):
    def fill(rows):
        for n in range(rows):
            session = session_of(team, david, people=[maya, david], samples=2)
            next_step_of(session, maya)
            next_step_of(session, david, state="done", done_at=timezone.now())
            over = session_of(team, david, status=Status.FINISHED, finished_at=timezone.now())
            SampleFactory(assignment=over.assignment, uploader=maya, confirmed_at=None, label=f"W{n}")

    fill(7)
    home()
    with django_assert_max_num_queries(24) as few:
        home()
    fill(30)
    with django_assert_max_num_queries(24) as many:
        home()
    assert len(many) == len(few)


def test_the_navigation_shows_school_only_to_administrators(home, maya):
    assert ">School</a>" not in home().content.decode()
    maya.administrations.create(school=SchoolFactory())
    assert ">School</a>" in home().content.decode()


def test_a_page_costs_one_query_for_its_head(client, maya):
    """`nav_administers` is asked once, though the navigation stands twice in the page."""
    client.force_login(maya)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("home:about"))
    assert sum("administration" in query["sql"] for query in asked) == 1


@pytest.mark.parametrize(
    ("name", "entry"), [("home:home", "Home"), ("home:library", "Library"), ("rubrics:list", "Rubrics")]
)
def test_the_navigation_says_where_we_are(client, maya, name, entry):
    client.force_login(maya)
    page = client.get(reverse(name)).content.decode()
    assert page.count(f'aria-current="page">{entry}</a>') == 2  # once wide, once in the phone's menu
    assert page.count('aria-current="page"') == 2
