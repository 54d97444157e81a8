"""The agreement panel of a session: for its team, of what was revealed, and never sooner."""

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory
from tests.sessions_app.meeting import START, Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    meeting = Meeting(people=4, samples=2).to_making("scores")
    for person, level in zip(meeting.people, [1, 2, 2, 4], strict=True):
        for sample in meeting.samples:
            for criterion in meeting.criteria:
                person.seat.scores.create(
                    session=meeting.session, sample=sample, criterion=criterion, level=level, updated_at=START
                )
    return meeting


def get(meeting, client=None, **headers):
    client = client or meeting.facilitator.client
    return client.get(reverse("insights:agreement", args=[meeting.session.pk]), headers=headers)


def test_before_the_reveal_there_is_nothing_to_see_for_anyone(meeting):
    for person in meeting.people:
        answer = get(meeting, person.client, accept="application/json")
        assert answer.status_code == 409
        assert answer.json() == {"error": "Agreement can be seen once the scores are revealed."}


def test_after_the_reveal_it_shows_the_sample_that_was_revealed_and_no_other(meeting):
    meeting.give("reveal", sample=str(meeting.samples[0].pk))
    figures = get(meeting).context["figures"]
    assert (figures.overall.n_samples, figures.overall.n_pairs) == (1, 18)
    assert [row.title for row in figures.criteria] == ["Claim", "Evidence", "Reasoning"]


def test_a_sample_that_is_hidden_again_is_out_of_the_figures_until_the_end(meeting):
    meeting.give("reveal", sample=str(meeting.samples[0].pk))
    meeting.give("hide", sample=str(meeting.samples[0].pk))
    assert get(meeting).status_code == 409
    meeting.give("finish")
    assert get(meeting).context["figures"].overall.n_samples == 1


def test_a_finished_session_without_a_reveal_says_that_there_is_nothing_to_compare(meeting):
    meeting.give("finish")
    answer = get(meeting)
    assert answer.status_code == 200
    assert "nothing to compare" in answer.content.decode()


def test_late_scores_and_later_rounds_are_not_in_it(meeting):
    meeting.give("reveal", sample=str(meeting.samples[0].pk))
    before = get(meeting).context["figures"]
    for fields in [{"late": True}, {"round": 2}]:
        meeting.people[0].seat.scores.create(
            session=meeting.session, sample=meeting.samples[0], criterion=meeting.criteria[0], level=4,
            updated_at=START, **fields,
        )  # fmt: skip
    assert get(meeting).context["figures"] == before


def test_a_stranger_is_told_that_there_is_nothing(meeting, client):
    meeting.give("finish")
    client.force_login(MembershipFactory().user)
    assert get(meeting, client).status_code == 404


def test_to_htmx_it_is_a_fragment(meeting):
    meeting.give("finish")
    text = get(meeting, **{"hx-request": "true"}).content.decode()
    assert "<html" not in text
    assert "<html" in get(meeting).content.decode()


def test_no_name_is_in_it(meeting):
    meeting.give("reveal", sample=str(meeting.samples[0].pk))
    text = get(meeting, **{"hx-request": "true"}).content.decode()
    assert not any(user.name in text for user in meeting.users)
    assert "conversation starter, not a measurement" in text
