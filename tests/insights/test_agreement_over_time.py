"""Agreement over time on the school's page: right figures, and none from which a hidden one could be worked out."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from insights.agreement import Rating, Ratings, agreement, pair_counts
from insights.spans import half_of, whole_halves
from sessions_app.models import Score
from tests.insights.schooling import HELD, Schooling

pytestmark = pytest.mark.django_db
SPRING = datetime(2027, 3, 3, 15, 0, tzinfo=UTC)


@pytest.fixture
def riverside():
    return Schooling()


def apart(scorer, sample):
    """Three of five people give 2, two give 3: 4 of 10 pairs agree. The next sample is turned round."""
    return 2 + (scorer > 2) if sample % 2 == 0 else 2 + (scorer < 3)


def test_it_says_how_often_two_people_chose_the_same_level_beside_chance(riverside):
    riverside.hold(riverside.team(), levels=[3] * 12, given=apart)
    (row,) = riverside.trend()
    assert (row.grade, row.subject, row.half.words) == ("7", "ELA", "Aug 2026 – Jan 2027")
    assert (row.hidden, row.exact, row.chance) == ("", 40, 50)
    assert (row.pairs, row.samples, row.scorers) == (120, 10, 5)
    text = riverside.text()
    assert "about 40" in text
    assert "120 or more" in text


def test_it_counts_as_the_agreement_of_a_session_does():
    rows = [Rating(f"s{at % 4}", f"c{at % 3}", f"r{at}", 1 + at * at % 4) for at in range(40)]
    whole = agreement(Ratings.of(rows))
    units = {}
    for row in rows:
        units.setdefault((row.sample, row.criterion), []).append(row.level)
    counts = pair_counts(Counter(levels) for levels in units.values())
    assert counts.pairs == whole.n_pairs
    assert counts.equal / counts.pairs == whole.exact
    assert counts.equal_draws / counts.draws == whole.exact_chance


@pytest.mark.parametrize(
    ("samples", "scorers", "reason"),
    [
        (10, 5, ""),
        (9, 5, "Hidden, because it would rest on fewer than ten samples."),
        (10, 4, "Hidden, because it would rest on fewer than five people’s scores."),
        (10, 1, "Here no two people scored the same work."),
    ],
)
def test_a_cell_that_rests_on_too_little_says_why_in_its_place(riverside, samples, scorers, reason):
    riverside.hold(riverside.team(), levels=[None] * samples, scorers=scorers)
    rows = riverside.trend()
    if scorers == 1:
        assert rows == []
        return
    assert rows[0].hidden == reason
    if reason:
        assert (rows[0].exact, rows[0].chance, rows[0].pairs, rows[0].samples, rows[0].scorers) == (0,) * 5
        assert reason in riverside.text()


def test_a_sample_that_is_looked_at_twice_counts_once_towards_the_ten(riverside):
    team = riverside.team()
    first = riverside.hold(team, levels=[3] * 9)
    riverside.hold(team, levels=[3] * 9, samples=first.samples, at=HELD.replace(day=20))
    assert "ten samples" in riverside.trend()[0].hidden


def test_who_was_compared_with_nobody_does_not_count_towards_the_five(riverside):
    session = riverside.hold(riverside.team(), levels=[3] * 12)
    alone = session.participants.first()
    kept = session.samples[0]
    Score.objects.filter(session=session, participant=alone).exclude(sample=kept).delete()
    Score.objects.filter(session=session, sample=kept).exclude(participant=alone).delete()
    assert "five people" in riverside.trend()[0].hidden


def test_scores_that_were_never_revealed_do_not_count(riverside):
    riverside.hold(riverside.team(), levels=[3] * 12, revealed=False)
    assert riverside.trend() == []


@pytest.mark.parametrize("change", [{"late": True}, {"round": 2}])
def test_late_scores_and_second_thoughts_do_not_count(riverside, change):
    session = riverside.hold(riverside.team(), levels=[3] * 10)
    session.scores.filter(participant=session.participants.first()).update(**change)
    assert "five people" in riverside.trend()[0].hidden


def test_picked_samples_count_because_agreement_says_nothing_about_a_class(riverside):
    riverside.hold(riverside.team(), levels=[3] * 10, selection="picked")
    assert riverside.trend()[0].exact == 95


def test_teams_of_one_grade_and_subject_are_not_told_apart(riverside):
    for _ in range(2):
        riverside.hold(riverside.team(people=3), levels=[3] * 5)
    (row,) = riverside.trend()
    assert (row.hidden, row.samples, row.scorers) == ("", 10, 5)


def test_a_half_year_in_which_nothing_was_compared_is_a_gap(riverside):
    team = riverside.team()
    riverside.hold(team, levels=[3] * 10, at=datetime(2026, 1, 20, tzinfo=UTC))
    riverside.hold(team, levels=[3] * 10)
    assert [(row.half.words, row.instead) for row in riverside.trend()] == [
        ("Aug 2025 – Jan 2026", ""),
        ("Feb 2026 – Jul 2026", "none"),
        ("Aug 2026 – Jan 2027", ""),
    ]


def test_a_filter_shows_the_very_cells_that_are_there_without_it(riverside):
    """Else a hidden cell were the difference of two that are shown."""
    riverside.hold(riverside.team(), levels=[3] * 12, given=apart)
    riverside.hold(riverside.team(), levels=[3] * 4, grade="5")
    riverside.hold(riverside.team(), levels=[3] * 12, at=SPRING)
    whole = riverside.trend()
    assert [(row.grade, bool(row.hidden)) for row in whole] == [("5", True), ("7", False), ("7", False)]
    for filters in [
        {"grade": "7"}, {"grade": "5"}, {"subject": "ELA"}, {"from": "2026-10-07"}, {"from": "2027-03-01"},
        {"to": "2026-10-07"}, {"from": "2026-10-08", "to": "2026-10-09"},
    ]:  # fmt: skip
        found = riverside.trend(**filters)
        assert all(row in whole for row in found)
    assert len(riverside.trend(**{"from": "2027-02-01"})) == 1
    assert len(riverside.trend(to="2027-01-31")) == 2


def test_a_time_zone_of_ones_own_moves_nothing_from_one_cell_to_another(riverside):
    """The last evening of a half-year is the next one in another zone: the difference would tell what it gave."""
    team = riverside.team()
    riverside.hold(team, levels=[3] * 11, at=datetime(2027, 1, 20, 12, 0, tzinfo=UTC))
    riverside.hold(team, levels=[3] * 11, at=datetime(2027, 1, 31, 15, 0, tzinfo=UTC), given=apart)
    pages = []
    for zone in ["Pacific/Kiritimati", "Pacific/Midway", ""]:
        client = Client()
        client.force_login(riverside.administrator)
        client.cookies["tz"] = zone
        address = reverse("insights:school", args=[riverside.school.pk])
        pages.append(client.get(address, {"to": "2027-01-31"}).context["page"])
    assert pages[0].agreement == pages[1].agreement == pages[2].agreement
    assert pages[0].proficiency == pages[1].proficiency == pages[2].proficiency


@pytest.mark.parametrize(
    ("day", "half"),
    [
        ((2026, 7, 31), "Feb 2026 – Jul 2026"),
        ((2026, 8, 1), "Aug 2026 – Jan 2027"),
        ((2027, 1, 31), "Aug 2026 – Jan 2027"),
        ((2027, 2, 1), "Feb 2027 – Jul 2027"),
    ],
)
def test_half_years_begin_in_august_and_february(day, half):
    assert half_of(datetime(*day, tzinfo=UTC).date()).words == half


def test_a_span_grows_to_whole_half_years():
    one, two = datetime(2026, 10, 7, tzinfo=UTC).date(), datetime(2027, 3, 3, tzinfo=UTC).date()
    assert [str(day) for day in whole_halves(one, two)] == ["2026-08-01", "2027-08-01"]
    assert [str(day) for day in whole_halves(two, one)] == ["2027-02-01", "2027-02-01"]
    assert whole_halves(None, None) == (None, None)


@pytest.mark.parametrize("filters", [{"from": "0001-01-01"}, {"to": "9999-12-31"}, {"to": "0001-01-01"}])
def test_days_at_the_end_of_time_are_just_days(riverside, filters):
    riverside.hold(riverside.team(), levels=[3] * 10)
    assert riverside.get(**filters).status_code == 200


# --- a team's own -----------------------------------------------------------------------------------------


def of_team(team, user, **headers):
    client = Client()
    client.force_login(user)
    return client.get(reverse("insights:team_agreement", args=[team.pk]), headers=headers)


def test_a_team_sees_its_own_agreement_and_nobody_elses(riverside):
    ours, others = riverside.team(), riverside.team()
    riverside.hold(ours, levels=[3] * 12, given=apart)
    riverside.hold(others, levels=[3] * 12)
    page = of_team(ours, ours.people[0])
    (row,) = page.context["rows"]
    assert (row.exact, row.samples) == (40, 10)
    assert page.context["chart"].name == "agreement"
    assert of_team(ours, others.people[0]).status_code == 404
    assert of_team(ours, riverside.administrator).status_code == 404


def test_on_the_teams_page_it_is_a_few_lines_that_hide_what_rests_on_too_little(riverside):
    small = riverside.team(people=4)
    riverside.hold(small, levels=[3] * 12)
    text = of_team(small, small.people[0], **{"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert "Hidden, because it would rest on fewer than five people’s scores." in text
    client = Client()
    client.force_login(small.people[0])
    page = client.get(reverse("teams:team", args=[small.pk])).content.decode()
    assert reverse("insights:team_agreement", args=[small.pk]) in page
