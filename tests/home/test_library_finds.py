"""The library by its address: words, filters, where a sample was used, and who may see what."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions_app.models import Consensus, Participant
from tests.factories import AssignmentFactory, RubricFactory, SampleFactory, TeamFactory, VersionFactory, member_of
from tests.home.make import session_of
from work_samples.models import Assignment, Page, Sample

pytestmark = pytest.mark.django_db
LIBRARY = reverse("home:library")


@pytest.fixture
def team():
    return TeamFactory(name="Grade 7 ELA")


@pytest.fixture
def maya(team, client):
    user = member_of(team, name="Maya Ellis")
    client.force_login(user)
    return user


@pytest.fixture
def work(team, maya):
    """Two assignments with two samples each."""
    lunch = AssignmentFactory(team=team, title="Longer lunch", standards=["W.7.1"], grade="7", subject="ELA")
    pizza = AssignmentFactory(
        team=team, title="Pizza", prompt="Share it.", standards=["3.NF.1"], grade="3", subject="Math"
    )
    for assignment in (lunch, pizza):
        for label in ("A", "Q7" if assignment is lunch else "B"):
            SampleFactory(assignment=assignment, label=label)
    return lunch, pizza


def agreed(team, by, sample, *, version, level, status="finished", **fields):
    """A session that looked at `sample` and agreed on `level` for the first criterion."""
    fields.setdefault("starts_at", timezone.now() - timedelta(days=3))
    session = session_of(team, by, assignment=sample.assignment, rubric_version=version, status=status, **fields)
    session.on_table.create(sample=sample, position=0, label=sample.label)
    seat = Participant.objects.create(session=session, user=by)
    criterion = version.criteria.order_by("position").first()
    Consensus.objects.create(
        session=session, sample=sample, criterion=criterion, level=level, by=seat, at=timezone.now()
    )
    return session


def shown(client, **asked):
    """The samples that the page links to, as 'title: label'."""
    response = client.get(LIBRARY, asked)
    assert response.status_code == 200
    links = re.findall(r'href="/samples/([0-9a-f-]{36})/"', response.content.decode())
    rows = Sample.objects.filter(pk__in=links).select_related("assignment")
    return sorted(f"{row.assignment.title}: {row.label}" for row in rows)


LUNCH, PIZZA = ["Longer lunch: A", "Longer lunch: Q7"], ["Pizza: A", "Pizza: B"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, LUNCH + PIZZA),
        ({"q": "lunch"}, LUNCH),
        ({"q": "q7"}, ["Longer lunch: Q7"]),
        ({"q": "pizza b"}, ["Pizza: B"]),
        ({"q": "lunch pizza"}, []),
        ({"standard": "W.7.1"}, LUNCH),
        ({"standard": "W.7"}, LUNCH),
        ({"grade": "3"}, PIZZA),
        ({"subject": "ELA"}, LUNCH),
        ({"subject": "ELA", "grade": "3"}, []),
        ({"q": "share", "grade": "3", "subject": "Math", "standard": "3.NF.1"}, PIZZA),
    ],
)
@pytest.mark.parametrize("view", ["sheet", "list"])
def test_words_and_filters_narrow_together(client, work, asked, expected, view):
    assert shown(client, view=view, **asked) == expected


def test_one_assignment_is_shown_whole(client, work):
    lunch, _ = work
    for number in range(12):
        SampleFactory(assignment=lunch, label=f"N{number}")
    assert len(shown(client)) == 7 + 2
    assert len(shown(client, assignment=lunch.pk)) == 14
    assert shown(client, assignment=lunch.pk, q="q7") == ["Longer lunch: Q7"]
    assert shown(client, assignment=lunch.pk, grade="3") == []


def test_a_school_year_begins_in_august(client, work):
    lunch, _ = work
    old = lunch.samples.get(label="A")
    Sample.objects.filter(pk=old.pk).update(created_at=datetime(2019, 7, 31, 12, tzinfo=UTC))
    assert shown(client, year="2018") == ["Longer lunch: A"]
    assert shown(client, year="2019") == []


def test_an_agreed_level_and_a_rubric_find_samples(client, team, maya, work):
    lunch, _ = work
    version = VersionFactory(rubric=RubricFactory(team=team, title="Argument"))
    first = lunch.samples.get(label="A")
    agreed(team, maya, first, version=version, level=3)
    assert shown(client, level="3") == ["Longer lunch: A"]
    assert shown(client, level="2") == []
    assert shown(client, rubric=version.rubric_id) == ["Longer lunch: A"]
    assert shown(client, rubric=version.rubric_id, level="3", q="lunch", grade="7") == ["Longer lunch: A"]
    assert shown(client, rubric=version.rubric_id, q="pizza") == []
    assert "3 proficient" in client.get(LIBRARY, {"rubric": version.rubric_id}).content.decode()


def test_the_list_says_where_a_sample_was_used_and_what_was_agreed(client, team, maya, work):
    lunch, _ = work
    version = VersionFactory(rubric=RubricFactory(team=team))
    session = agreed(team, maya, lunch.samples.get(label="A"), version=version, level=3)
    page = client.get(LIBRARY, {"view": "list", "q": "lunch"}).content.decode()
    assert reverse("reports:record", args=[session.pk]) in page
    assert "Claim <b>3</b> proficient" in page
    assert "Not used in a session yet." in page  # the other sample


def test_the_samples_page_says_where_it_was_used(client, team, maya, work):
    sample = work[0].samples.get(label="A")
    fragment = reverse("home:used", args=[sample.pk])
    assert fragment in client.get(reverse("work_samples:sample", args=[sample.pk])).content.decode()
    assert "Not used in a session yet." in client.get(fragment).content.decode()
    agreed(team, maya, sample, version=VersionFactory(rubric=RubricFactory(team=team)), level=3)
    assert "Claim <b>3</b>" in client.get(fragment).content.decode()


@pytest.mark.parametrize("status", ["running", "paused"])
def test_a_level_of_a_session_that_is_not_over_is_not_found(client, team, maya, work, status):
    sample = work[0].samples.get(label="A")
    agreed(team, maya, sample, version=VersionFactory(rubric=RubricFactory(team=team)), level=3, status=status)
    assert shown(client, level="3") == []
    assert "<b>3</b>" not in client.get(LIBRARY, {"view": "list"}).content.decode()


@pytest.mark.parametrize("status", ["planned", "lobby", "running", "paused"])
def test_earlier_levels_stay_closed_while_the_sample_lies_on_a_table_again(client, team, maya, work, status):
    sample = work[0].samples.get(label="A")
    agreed(team, maya, sample, version=VersionFactory(rubric=RubricFactory(team=team)), level=3)
    again = session_of(team, maya, assignment=sample.assignment, status=status)
    again.on_table.create(sample=sample, position=0, label="A")
    assert shown(client, level="3") == []
    for page in (client.get(LIBRARY, {"view": "list"}), client.get(reverse("home:used", args=[sample.pk]))):
        assert "<b>3</b>" not in page.content.decode()
        assert "not shown until that session is over" in page.content.decode()


def test_a_planned_session_that_was_forgotten_closes_nothing(client, team, maya, work):
    sample = work[0].samples.get(label="A")
    agreed(team, maya, sample, version=VersionFactory(rubric=RubricFactory(team=team)), level=3)
    old = session_of(team, maya, assignment=sample.assignment, starts_at=timezone.now() - timedelta(days=30))
    old.on_table.create(sample=sample, position=0, label="A")
    assert shown(client, level="3") == ["Longer lunch: A"]


def test_what_is_another_teams_is_not_found_by_any_filter(client, maya, work):
    theirs = AssignmentFactory(title="Their lunch", standards=["W.7.1"], grade="13", subject="Alchemy")
    sample = SampleFactory(assignment=theirs, label="Z9")
    other = member_of(theirs.team)
    version = VersionFactory(rubric=RubricFactory(team=theirs.team, title="Their rubric"))
    agreed(theirs.team, other, sample, version=version, level=4)
    for asked in (
        {}, {"q": "lunch"}, {"q": "Z9"}, {"q": "their"}, {"standard": "W.7.1"}, {"grade": "13"}, {"level": "4"},
        {"rubric": version.rubric_id}, {"assignment": theirs.pk}, {"team": theirs.team_id}, {"view": "list"},
    ):  # fmt: skip
        page = client.get(LIBRARY, asked).content.decode()
        assert "Their" not in page
        assert "Alchemy" not in page
        assert str(sample.pk) not in page
    assert client.get(reverse("home:used", args=[sample.pk])).status_code == 404


def test_where_it_was_used_is_not_told_of_a_sample_that_nobody_has_checked(client, maya, team):
    mine = SampleFactory(assignment=AssignmentFactory(team=team, created_by=maya), confirmed_at=None)
    assert client.get(reverse("home:used", args=[mine.pk])).status_code == 404


@pytest.mark.parametrize("label", ["UNCHECKED", "Q8"])
def test_a_sample_that_nobody_has_checked_is_not_found_by_its_label(client, work, label):
    SampleFactory(assignment=work[0], label=label, confirmed_at=None)
    assert shown(client, q=label) == []
    assert f">{label}<" not in client.get(LIBRARY, {"q": label}).content.decode()


NAMES = ("q", "team", "assignment", "standard", "grade", "subject", "rubric", "level", "year", "view", "page")


def test_nonsense_in_the_address_shows_a_page(client, work):
    nonsense = ("'", "\0", "*", "NEAR(", "½", "٣", "-1", "9" * 5000, "é" * 10_240, "<script>", str(uuid4()))
    asked = [dict.fromkeys(NAMES, value) for value in nonsense] + [dict.fromkeys(NAMES, "\x00½NEAR(")]
    for each in asked + [{name: "9" * 30} for name in NAMES]:
        assert client.get(LIBRARY, each).status_code == 200


def test_a_person_without_a_team_is_taught(client):
    client.force_login(member_of(TeamFactory()))
    assert client.get(LIBRARY, {"q": "lunch"}).status_code == 200


def test_when_nothing_fits_it_says_how_words_are_found(client, work):
    assert "Nothing fits all of that" in client.get(LIBRARY, {"q": "zeppelin"}).content.decode()


def test_pages_keep_what_was_asked(client, team, maya):
    for number in range(13):
        AssignmentFactory(team=team, title=f"Lunch {number}")
    page = client.get(LIBRARY, {"q": "lunch", "view": "list"}).content.decode()
    assert "?q=lunch&amp;view=list&amp;page=2" in page


@pytest.mark.parametrize(
    "asked",
    [
        *({}, {"view": "list"}, {"q": "lunch A", "view": "list"}, {"level": "3", "year": "2020"}, {"q": "hurry"}),
        *({"year": "2020"}, {"group": "Learning English"}, {"level": "3", "q": "lunch hurry"}, {"standard": "W.7"}),
    ],
)
def test_it_costs_the_same_however_much_there_is(client, team, maya, asked, django_assert_max_num_queries):
    version = VersionFactory(rubric=RubricFactory(team=team))

    def fill(rows):
        for _ in range(rows):
            assignment = AssignmentFactory(team=team, title="Lunch", standards=["W.7.1"])
            for label in "ABC":
                sample = SampleFactory(
                    assignment=assignment,
                    label=label,
                    created_at=datetime(2020, 9, 1, 12, tzinfo=UTC),
                    group="Learning English",
                )
                Page.objects.create(
                    sample=sample, number=1, image="a", thumbnail="a", width=1, height=1, description="We hurry."
                )
                agreed(team, maya, sample, version=version, level=3)

    fill(2)
    with django_assert_max_num_queries(26) as few:
        client.get(LIBRARY, asked)
    fill(6)
    with django_assert_max_num_queries(26) as many:
        client.get(LIBRARY, asked)
    assert len(many) == len(few)
    assert Assignment.objects.count() == 8


def test_what_is_found_is_counted_so_far_ahead_and_no_further(client, team, maya, monkeypatch):
    monkeypatch.setattr("home.library.COUNTED", 24)
    for number in range(30):
        AssignmentFactory(team=team, title=f"Tides {number}")
    first, second, last = (client.get(LIBRARY, {"q": "tides", "page": page}).content.decode() for page in (1, 2, 3))
    assert "More than 24 assignments found" in first
    assert "Page 1</span>" in first
    assert "Page 2 of 3" in second
    assert "30 assignments found" in last
    beyond = client.get(LIBRARY, {"q": "tides", "page": 9}).content.decode()
    assert "Page 3 of 3" in beyond
