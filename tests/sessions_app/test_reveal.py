"""The reveal: blind before, nameless after, the widest split first, and kind about who gave what."""

import re

import pytest

from sessions_app.engine import State
from sessions_app.models import Score
from sessions_app.queries.reveal import reveal_of, summary
from sessions_app.queries.room import Room
from tests.factories import LEVELS
from tests.sessions_app.meeting import START, Meeting

pytestmark = pytest.mark.django_db
PANELS = ("rail", "now", "work", "people", "notes", "reveal", "decisions")


def everything(person):
    """All that a person's screen can be given."""
    parts = [person.get("room"), person.get("state")] + [person.get("panel", name) for name in PANELS]
    return "\n".join(part.content.decode() for part in parts)


def scored(meeting):
    for level, person in zip((1, 2, 2, 4, 4), meeting.people, strict=True):
        for criterion in meeting.criteria:
            name = person.seat.user.name.replace(" ", "-")
            person.score(meeting.samples[0].pk, criterion.pk, level, f"REASON-OF-{name}-{criterion.title}")
    return meeting


def reasons_of_others(meeting, person):
    page = everything(person)
    others = [other.seat.user.name.replace(" ", "-") for other in meeting.people if other is not person]
    return [name for name in others if f"REASON-OF-{name}-" in page]


def test_before_the_reveal_nobody_is_given_another_person_s_reason():
    meeting = scored(Meeting().to_making("scores"))
    for step in ("", "next"):
        if step:
            meeting.give(step)
        for person in meeting.people:
            assert reasons_of_others(meeting, person) == []
            assert Room(session=meeting.fresh(), me=person.seat, here=frozenset(), now=START).reveal is None


def test_after_the_reveal_all_reasons_are_there_without_names():
    meeting = scored(Meeting().to_making("scores"))
    meeting.give("next")
    meeting.give("reveal")
    for person in meeting.people:
        assert len(reasons_of_others(meeting, person)) == 4
        view = Room(session=meeting.fresh(), me=person.seat, here=frozenset(), now=START).reveal
        dots = [dot for criterion in view.criteria for column in criterion.columns for dot in column.dots]
        assert len(dots) == 15
        assert {dot.initials for dot in dots} == {""}
        assert sum(dot.is_mine for dot in dots) == 3


def test_a_dot_has_a_name_only_when_its_owner_claims_it():
    meeting = scored(Meeting().to_making("scores"))
    assert meeting.people[4].post("claim", claim(meeting)).status_code == 400
    meeting.give("reveal")
    assert meeting.people[4].post("claim", claim(meeting)).json() == {"saved": True}
    view = Room(session=meeting.fresh(), me=meeting.people[0].seat, here=frozenset(), now=START).reveal
    named = [dot.name for c in view.criteria for column in c.columns for dot in column.dots if dot.name]
    assert named == [meeting.people[4].seat.user.name]


def claim(meeting, **more):
    return {"sample": str(meeting.samples[0].pk), "criterion": str(meeting.criteria[0].pk)} | more


def test_a_team_may_turn_names_on():
    meeting = scored(Meeting(names_at_reveal=True).to_making("scores"))
    meeting.give("reveal")
    view = Room(session=meeting.fresh(), me=meeting.people[0].seat, here=frozenset(), now=START).reveal
    assert all(dot.name for c in view.criteria for column in c.columns for dot in column.dots)


def test_the_widest_split_comes_first():
    meeting = Meeting().to_making("scores")
    spreads = {"Claim": (3, 3, 3, 3, 3), "Evidence": (1, 2, 2, 4, 4), "Reasoning": (2, 2, 3, 3, 3)}
    for criterion in meeting.criteria:
        for level, person in zip(spreads[criterion.title], meeting.people, strict=True):
            person.score(meeting.samples[0].pk, criterion.pk, level)
    meeting.give("reveal")
    view = Room(session=meeting.fresh(), me=meeting.people[0].seat, here=frozenset(), now=START).reveal
    assert [row.title for row in view.criteria] == ["Evidence", "Reasoning", "Claim"]
    assert [row.summary for row in view.criteria] == [
        "5 scores, 3 levels apart", "5 scores, 1 level apart", "5 scores, all agree",
    ]  # fmt: skip
    evidence = view.criteria[0]
    assert (evidence.below.value, evidence.above.value) == (2, 3)
    assert (evidence.below_count, evidence.above_count) == (3, 2)
    assert evidence.above.name == LEVELS[2]


def test_a_hidden_reveal_is_not_served():
    meeting = scored(Meeting().to_making("scores"))
    meeting.give("reveal")
    meeting.give("hide")
    for person in meeting.people:
        assert reasons_of_others(meeting, person) == []


def test_a_place_in_a_column_says_nothing_about_a_person():
    meeting = scored(Meeting(people=5).to_making("scores"))
    Score.objects.update(level=2)
    meeting.give("reveal")
    session = meeting.fresh()
    orders = set()
    for criterion in meeting.criteria:
        view = reveal_of(
            session=session, state=State.from_json(session.state), sample=meeting.samples[0].pk, label="A",
            grid=Room(session=session, me=meeting.people[0].seat, here=frozenset(), now=START).grid,
            me=meeting.people[0].seat,
        )  # fmt: skip
        row = next(row for row in view.criteria if row.id == criterion.pk)
        orders.add(tuple(dot.is_mine for column in row.columns for dot in column.dots))
    assert all(sum(order) == 1 for order in orders)


@pytest.mark.parametrize(
    ("levels", "words"),
    [([], "no scores"), ([3], "1 score"), ([2, 2], "2 scores, all agree"), ([1, 2], "2 scores, 1 level apart"),
     ([2, 2, 3], "3 scores, all but one agree"), ([1, 3, 4, 2], "4 scores, 3 levels apart")],
)  # fmt: skip
def test_how_scores_fall_is_said_in_words(levels, words):
    assert summary(levels) == words


def test_consensus_is_the_recorder_s_and_facilitator_s_and_only_after_the_reveal():
    meeting = scored(Meeting().to_making("scores"))
    post = claim(meeting, level="3", rationale="Line 4.", client_id="7f1c9d9e-6f5b-4a44-9a2c-2f8d6d8c5b10")
    assert meeting.people[3].post("consensus", post).status_code == 400
    meeting.give("reveal")
    assert meeting.people[4].post("consensus", post).status_code == 403
    assert meeting.people[3].post("consensus", post).json() == {"saved": True}
    row = meeting.session.consensus.get()
    assert (row.level, row.rationale, row.agreed) == (3, "Line 4.", True)


def test_not_agreed_keeps_both_reasons():
    meeting = scored(Meeting().to_making("scores"))
    meeting.give("reveal")
    post = claim(meeting, level="", rationale="It quotes.", other_rationale="It explains.",
                 client_id="7f1c9d9e-6f5b-4a44-9a2c-2f8d6d8c5b11")  # fmt: skip
    assert meeting.facilitator.post("consensus", post).json() == {"saved": True}
    row = meeting.session.consensus.get()
    assert (row.agreed, row.rationale, row.other_rationale) == (False, "It quotes.", "It explains.")
    for level in ("9", "0", "x"):
        bad = post | {"level": level, "client_id": "7f1c9d9e-6f5b-4a44-9a2c-2f8d6d8c5b12"}
        assert meeting.facilitator.post("consensus", bad).status_code == 400


def test_what_a_step_keeps_closed_is_not_served():
    meeting = Meeting().to_step(1)  # norms and roles: no task, no rubric, no work
    page = meeting.samples[0].pages.first()
    shown = everything(meeting.people[4])
    assert meeting.assignment.prompt not in shown
    assert "Claim at 1." not in shown
    assert meeting.people[4].get("page_image", page.pk).status_code == 404
    meeting.give("next")
    shown = everything(meeting.people[4])
    assert meeting.assignment.prompt in shown
    assert "Claim at 1." in shown
    assert meeting.people[4].get("page_image", page.pk).status_code == 404


def test_who_is_not_done_is_shown_to_the_facilitator_alone():
    meeting = Meeting().to_step(1)
    meeting.people[4].done(1)
    waiting = Room(session=meeting.fresh(), me=meeting.facilitator.seat, here=frozenset(), now=START).waiting_names
    assert len(waiting) == 4
    for person in meeting.people[1:]:
        assert Room(session=meeting.fresh(), me=person.seat, here=frozenset(), now=START).waiting_names == []


def bytes_of(person):
    """All that a person's screen can be given, without what changes by itself (tokens, the clock, random ids)."""
    text = everything(person)
    return re.sub(r"[A-Za-z0-9]{64}|\"seconds_left\": ?-?\d+|client_id\W+value=.[\w-]+|data-seconds\S*=\S+", "", text)


def test_before_the_reveal_no_byte_depends_on_what_others_gave(clock_stands):
    meeting = scored(Meeting().to_making("scores"))
    me = meeting.people[0]
    me.state()  # from here on they are present
    before = bytes_of(me)
    others = Score.objects.exclude(participant=me.seat)
    others.update(level=3, rationale="SOMETHING ELSE ALTOGETHER")
    assert bytes_of(me) == before
    meeting.give("reveal")
    after = bytes_of(me)
    others.update(level=1, rationale="AND ANOTHER")
    assert bytes_of(me) != after  # the check would notice
