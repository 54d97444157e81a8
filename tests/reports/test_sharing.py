"""Sharing a record with the school: the team's own choice, and a copy without work, scores or names."""

import json

import pytest
from django.urls import reverse

from insights.agreement import Rating, Ratings, agreement
from insights.queries import SessionAgreement
from insights.queries.session import CriterionAgreement
from reports.access import Audience
from reports.models import SharedRecord
from reports.queries import _shown_to
from teams.models import Membership
from tests.factories import SchoolFactory, UserFactory
from tests.reports.story import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return Story()


@pytest.fixture
def shared(story):
    story.share()
    return story


def test_those_who_administer_the_school_see_no_record_until_it_is_shared(story):
    administrator = story.administrator()
    assert story.page(administrator).status_code == 404
    story.share()
    assert story.page(administrator).status_code == 200


def test_those_who_administer_the_district_may_read_a_shared_record_too(shared):
    assert shared.page(shared.administrator(district=True)).status_code == 200


def test_those_who_administer_another_school_may_not(shared):
    neighbour = SchoolFactory(district=shared.session.team.school.district)
    elsewhere = SchoolFactory()
    assert shared.page(shared.administrator(school=neighbour)).status_code == 404
    assert shared.page(shared.administrator(school=elsewhere, district=True)).status_code == 404


def test_what_was_shared_can_be_taken_back(shared):
    administrator = shared.administrator()
    shared.share(shared="no")
    assert shared.page(administrator).status_code == 404


def test_whoever_facilitates_or_leads_the_team_may_share(story):
    member = story.meeting.users[4]
    assert story.share(member).status_code == 403
    assert "Share with our school" not in story.page(member).content.decode()
    Membership.objects.filter(user=member).update(role="lead")
    assert "Share with our school" in story.page(member).content.decode()
    assert story.share(member).status_code == 302
    assert SharedRecord.objects.filter(session=story.session, by=member).exists()


def test_a_stranger_cannot_share_and_learns_nothing(story):
    assert story.share(UserFactory()).status_code == 404


def test_those_who_administer_the_school_cannot_share_on_the_teams_behalf(story):
    assert story.share(story.administrator()).status_code == 404


def test_a_session_that_runs_has_no_record_to_share():
    story = Story(finish=False)
    assert story.share().status_code == 409
    assert not SharedRecord.objects.exists()


def test_sharing_twice_is_sharing_once(shared):
    shared.share()
    assert SharedRecord.objects.count() == 1


def test_reading_the_share_address_is_refused(story):
    assert story.client(story.meeting.users[0]).get(story.url("share")).status_code == 405


def test_a_reopened_session_is_not_there_for_the_school(shared):
    administrator = shared.administrator()
    shared.meeting.give("reopen", minute=31)
    assert shared.page(administrator).status_code == 404


def test_the_schools_copy_has_no_work_no_scores_and_no_names_beside_words(shared):
    speaker = shared.meeting.people[2]
    shared.note(speaker, "The quotation stands alone.")
    shared.next_step("Plan a lesson.", speaker)
    shared.agree(shared.a, shared.meeting.criteria[0], 3, "Because of line 2.")
    administrator = shared.administrator()
    told = shared.json(administrator)
    assert told["audience"] == "school"
    assert all(sample["pages"] == [] for sample in told["samples"])
    assert all(row["scores"] == [] for sample in told["samples"] for row in sample["criteria"])
    assert [note["by"] for note in told["notes"]] == [None]
    assert [step["owner"] for step in told["next_steps"]] == [None]
    assert told["samples"][0]["criteria"][0]["consensus"]["level"] == 3
    text = shared.page(administrator).content.decode()
    assert "/thumbnail/" not in text
    assert "Scorer" not in text
    assert text.count(str(speaker.seat.user)) == 1  # among those who were there


def test_the_schools_copy_hides_agreement_that_rests_on_too_little(shared):
    told = shared.json(shared.administrator())["agreement"]
    assert told == {
        "before": None, "after": None, "hidden": "Hidden, because it would rest on fewer than ten samples.",
    }  # fmt: skip
    assert "fewer than ten samples" in shared.page(shared.administrator()).content.decode()


def test_the_schools_copy_cannot_open_the_pages_of_the_work(shared):
    page = shared.a.pages.first()
    client = shared.client(shared.administrator())
    for name in ["page_image", "page_thumbnail"]:
        assert client.get(reverse(f"sessions_app:{name}", args=[shared.session.pk, page.pk])).status_code == 404


def test_a_member_who_also_administers_reads_the_teams_copy(shared):
    from teams.models import Administration

    member = shared.meeting.users[3]
    Administration.objects.create(user=member, school=shared.session.team.school)
    assert shared.json(member)["audience"] == "team"


def test_the_school_finds_what_was_shared_in_a_list(shared):
    other = Story()
    address = reverse("reports:school_records", args=[shared.session.team.school_id])
    client = shared.client(shared.administrator())
    for headers in [{}, {"hx-request": "true"}]:
        text = client.get(address, headers=headers).content.decode()
        assert shared.url() in text
        assert other.url() not in text
    assert "<html" not in client.get(address, headers={"hx-request": "true"}).content.decode()


def test_the_list_is_there_for_nobody_else(shared):
    address = reverse("reports:school_records", args=[shared.session.team.school_id])
    for user in [shared.meeting.users[0], UserFactory(), shared.administrator(school=SchoolFactory())]:
        assert shared.client(user).get(address).status_code == 404


def test_sharing_answers_a_script_in_json(story):
    answer = story.client(story.meeting.users[0]).post(
        story.url("share"), json.dumps({"shared": True}), content_type="application/json",
        headers={"accept": "application/json"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()) == (200, {"saved": True})


def figures(samples, raters, *, thin=0):
    """Agreement of so many samples and raters on two criteria; `thin` samples fewer on the second."""
    rows = [
        Rating(f"s{sample}", criterion, f"r{rater}", 1 + (sample + rater) % 4)
        for criterion, count in [("Claim", samples), ("Evidence", samples - thin)]
        for sample in range(count)
        for rater in range(raters)
    ]
    ratings = Ratings.of(rows)
    parts = ratings.by_criterion()
    return SessionAgreement(agreement(ratings), [CriterionAgreement(name, agreement(parts[name])) for name in parts])


@pytest.mark.parametrize(
    ("whole", "reason"),
    [
        (figures(10, 5), ""),
        (figures(9, 5), "fewer than ten samples"),
        (figures(10, 4), "fewer than five people"),
        (figures(12, 5, thin=3), "fewer than ten samples"),
    ],
)
def test_the_schools_table_of_agreement_is_shown_whole_or_not_at_all(whole, reason):
    shown, hidden = _shown_to(Audience.SCHOOL, whole)
    assert (shown is None) == bool(reason)
    assert reason in hidden
