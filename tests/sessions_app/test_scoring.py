"""Scores: alone, exactly once, in the right round, and refused in one sentence when they make no sense."""

import json
import uuid

import pytest

from sessions_app.models import Score
from tests.factories import SampleFactory, TeamFactory, VersionFactory, member_of
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-4000-8000-000000000000"


def test_it_says_saved_and_the_score_is_there():
    meeting = Meeting().to_making("scores")
    answer = meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 3, "line 4")
    assert answer.status_code == 200
    assert answer.json() == {"saved": True}
    score = Score.objects.get()
    assert (score.level, score.rationale, score.round, score.late) == (3, "line 4", 1, False)


def test_the_same_post_twice_counts_once():
    meeting = Meeting().to_making("scores")
    person, client_id = meeting.people[4], str(uuid.uuid4())
    person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 3, client_id=client_id)
    person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 2)
    again = person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 3, client_id=client_id)
    assert again.json() == {"saved": True}
    assert Score.objects.get().level == 2


def test_of_two_scores_for_one_criterion_the_higher_seq_wins():
    meeting = Meeting().to_making("scores")
    person = meeting.people[4]
    person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 4, "later", seq=12)
    answer = person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 1, "earlier", seq=11)
    assert answer.json() == {"saved": True}
    score = Score.objects.get()
    assert (score.level, score.rationale, score.seq) == (4, "later", 12)


def test_a_score_after_the_reveal_is_kept_as_late_and_counts_nowhere():
    meeting = Meeting().to_making("scores")
    meeting.score_all(meeting.people[3], 2)
    meeting.give("reveal")
    answer = meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 4, "LATE-WORDS")
    assert answer.json() == {"saved": True, "late": True}
    assert Score.objects.get(participant=meeting.people[4].seat).late
    page = meeting.people[3].get("panel", "reveal").content.decode()
    assert "LATE-WORDS" not in page


def test_a_late_score_does_not_change_the_one_that_came_in_time():
    meeting = Meeting().to_making("scores")
    meeting.score_all(meeting.people[4], 2)
    meeting.give("reveal")
    meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 4)
    counted = Score.objects.get(participant=meeting.people[4].seat, criterion=meeting.criteria[0], late=False)
    assert counted.level == 2


def test_hiding_does_not_reopen_the_round():
    meeting = Meeting().to_making("scores")
    meeting.give("reveal")
    meeting.give("hide")
    assert meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 4).json()["late"] is True


def test_a_sample_that_is_not_on_the_table_yet_cannot_be_scored():
    meeting = Meeting().to_making("scores")
    answer = meeting.people[4].score(meeting.samples[1].pk, meeting.criteria[0].pk, 3)
    assert answer.status_code == 400
    assert "not on the table yet" in answer.json()["error"]


def test_nothing_is_scored_before_the_start():
    meeting = Meeting()
    assert meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 3).status_code == 400


def test_a_score_that_waited_offline_files_under_its_step():
    meeting = Meeting().to_making("scores")
    meeting.give("next")
    meeting.give("next")
    answer = meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 3, step=3, seq=1)
    assert answer.json() == {"saved": True}
    assert Score.objects.get().late is False


@pytest.mark.parametrize("level", [0, 5, -1, 99, "x", "", None, "3.5", 10**40, float("inf"), [3], {"a": 1}, True, "٣٣"])
def test_a_level_outside_the_rubric_gets_one_sentence(level):
    meeting = Meeting().to_making("scores")
    answer = meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, level)
    assert answer.status_code == 400, answer.content
    assert answer.json()["error"].endswith((".", "rubric."))
    assert not Score.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sample", "x"), ("sample", ""), ("sample", NOWHERE), ("criterion", "x"),
        ("criterion", NOWHERE), ("client_id", "x"), ("client_id", ""), ("seq", "x"), ("seq", -1),
        ("step", "99"), ("step", "x"), ("step", "-1"), ("rationale", "x" * 2001),
    ],
)  # fmt: skip
def test_a_post_that_makes_no_sense_gets_one_sentence(field, value):
    meeting = Meeting().to_making("scores")
    answer = (
        meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 3, **{field: value})
        if (field not in {"sample", "criterion"})
        else meeting.people[4].score(
            value if field == "sample" else meeting.samples[0].pk,
            value if field == "criterion" else meeting.criteria[0].pk,
            3,
        )
    )
    assert answer.status_code == 400, answer.content
    assert len(answer.json()["error"]) > 10
    assert not Score.objects.exists()


def test_another_session_s_sample_or_criterion_is_not_part_of_this_one():
    meeting = Meeting().to_making("scores")
    elsewhere = VersionFactory().criteria.first()
    assert meeting.people[4].score(meeting.samples[0].pk, elsewhere.pk, 3).status_code == 400
    assert meeting.people[4].score(SampleFactory().pk, meeting.criteria[0].pk, 3).status_code == 400


@pytest.mark.parametrize(
    "place",
    [
        {"page": "PAGE", "x": 1.2, "y": 0.5}, {"page": "PAGE", "x": "NaN", "y": 0.5}, {"page": "PAGE", "x": 0.5},
        {"x": 0.5, "y": 0.5}, {"page": NOWHERE, "x": 0.5, "y": 0.5}, {"page": "zz", "x": 0.5, "y": 0.5},
        {"page": "PAGE", "x": "inf", "y": -0.1},
    ],
)  # fmt: skip
def test_a_place_that_is_not_on_a_page_gets_one_sentence(place):
    meeting = Meeting().to_making("scores")
    if place.get("page") == "PAGE":
        place = place | {"page": str(meeting.samples[0].pages.first().pk)}
    answer = meeting.people[4].score(meeting.samples[0].pk, meeting.criteria[0].pk, 3, **place)
    assert answer.status_code == 400, answer.content
    assert not Score.objects.exists()


def test_a_reason_may_point_to_a_place_on_the_page():
    meeting = Meeting().to_making("scores")
    page = meeting.samples[0].pages.first()
    answer = meeting.people[4].score(
        meeting.samples[0].pk, meeting.criteria[0].pk, 3, "here", page=str(page.pk), x=0.25, y=0.75
    )
    assert answer.status_code == 200
    assert (Score.objects.get().page, Score.objects.get().x, Score.objects.get().y) == (page, 0.25, 0.75)


def test_a_body_that_is_no_json_object_gets_one_sentence():
    meeting = Meeting().to_making("scores")
    for body in ("[", "[]", "null", '"x"', json.dumps([1] * 1000), "[" * 5000):
        answer = meeting.people[4].client.post(
            meeting.url("score"), body, content_type="application/json", headers={"accept": "application/json"}
        )
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_everyone_in_the_room_may_score_the_facilitator_and_presenter_included():
    meeting = Meeting().to_making("scores")
    for person in meeting.people:
        assert person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 2).status_code == 200
    assert Score.objects.count() == 5


def test_a_stranger_cannot_score():
    meeting = Meeting().to_making("scores")
    stranger = meeting.person(member_of(TeamFactory()))
    assert stranger.score(meeting.samples[0].pk, meeting.criteria[0].pk, 2).status_code == 404


def test_a_plain_form_is_saved_too():
    meeting = Meeting().to_making("scores")
    answer = meeting.people[4].client.post(
        meeting.url("score"),
        {
            "sample": meeting.samples[0].pk,
            "criterion": meeting.criteria[0].pk,
            "level": "2",
            "rationale": "",
            "client_id": uuid.uuid4(),
        },
    )
    assert answer.status_code == 302
    assert Score.objects.get().level == 2
