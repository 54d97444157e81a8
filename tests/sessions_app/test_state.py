"""The public state has exactly the shape that others hold it to, and is alike for everyone."""

import pytest

from esw.core.push import hub
from tests.factories import TeamFactory, member_of
from tests.sessions_app.meeting import Meeting

pytestmark = pytest.mark.django_db

STEP = {"number", "of", "title", "makes", "speaks", "sample", "round", "open", "minutes", "seconds_left", "running"}


def test_the_state_has_exactly_the_fixed_shape():
    state = Meeting().to_making("scores").facilitator.state()
    assert set(state) == {"version", "status", "step", "people", "done", "samples", "rubric"}
    assert set(state["step"]) == STEP
    assert all(set(row) == {"id", "name", "role", "here"} for row in state["people"])
    assert all(set(row) == {"id", "label", "pages", "revealed"} for row in state["samples"])
    assert set(state["rubric"]) == {"id", "levels", "criteria"}
    assert all(set(row) == {"value", "name"} for row in state["rubric"]["levels"])
    assert all(set(row) == {"id", "title"} for row in state["rubric"]["criteria"])


def test_the_state_is_alike_for_everyone():
    meeting = Meeting().to_making("scores")
    for person in meeting.people:
        person.state()  # everybody has been seen
    states = [person.state() for person in meeting.people]
    for state in states:
        state["step"].pop("seconds_left")
    assert all(state == states[0] for state in states)


def test_repeated_steps_are_counted_as_they_are_run():
    meeting = Meeting(samples=3).to_making("scores", sample=1)
    step = meeting.facilitator.state()["step"]
    assert step["of"] == 2 + 3 * 4 + 2
    assert step["sample"] == str(meeting.samples[1].pk)
    assert step["number"] == 2 + 4 + 1
    assert step["round"] == 1


def test_nothing_is_on_the_table_before_the_start():
    state = Meeting().facilitator.state()
    assert state["status"] == "planned"
    assert state["step"]["open"] == []
    assert state["step"]["number"] == 0


def test_done_counts_the_people_who_are_done():
    meeting = Meeting().to_step(1)
    version = meeting.fresh().version
    answer = meeting.people[3].done(1)
    assert answer.json()["saved"] is True
    assert meeting.facilitator.state()["done"] == 1
    assert meeting.fresh().version == version + 1
    meeting.people[3].done(1, done=False)
    assert meeting.facilitator.state()["done"] == 0


def test_done_in_a_scoring_step_needs_every_criterion():
    meeting = Meeting().to_making("scores")
    person = meeting.people[3]
    person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 3)
    answer = person.done(3)
    assert answer.status_code == 409
    assert answer.json()["error"] == "2 criteria have no score yet."
    meeting.score_all(person, 3)
    assert person.done(3).status_code == 200


def test_done_with_another_step_is_refused():
    meeting = Meeting().to_step(2)
    assert meeting.people[3].done(1).status_code == 409
    assert [meeting.people[3].done(step).status_code for step in ("x", "", None, 99, True)] == [400] * 5


def test_a_stranger_gets_no_state_no_room_no_panel():
    meeting = Meeting().to_step(1)
    stranger = meeting.person(member_of(TeamFactory()))
    for name, args in [("state", ()), ("room", ()), ("panel", ("now",)), ("calendar", ()), ("edit", ())]:
        assert stranger.get(name, *args).status_code == 404, name


def test_the_state_costs_the_same_however_many_people_are_there(django_assert_max_num_queries):
    meeting = Meeting(people=9).to_making("scores")
    meeting.facilitator.state()
    with django_assert_max_num_queries(16):
        meeting.facilitator.state()


def test_who_only_looks_at_what_is_over_is_nobody_in_the_room():
    meeting = Meeting().to_step(2)
    meeting.give("finish")
    visitor = meeting.person(member_of(meeting.team))
    for _ in range(2):
        visitor.get("room")
        visitor.state()
    assert hub().present(str(meeting.session.pk)) == frozenset()
