"""Reveal, rounds, consensus: what a reveal opens, what closes for good, and who may write down what was agreed."""

import re

from tests.interfaces.house import FACILITATOR, TEACHERS, assert_refused, new_id, together

TEACHER, OTHER, RECORDER = TEACHERS[1], TEACHERS[4], TEACHERS[2]
LATE = {"saved": True, "late": True}


def counts(room, who=OTHER):
    """How many scores stand at each level of each criterion, as the reveal's panel says it; [] without a reveal."""
    return [int(number) for number in re.findall(r": (\d+) scores?", room.panel("reveal", who))]


def revealed(room):
    return [sample["revealed"] for sample in room.state()["samples"]]


def test_entering_a_step_reveals_nothing(house):
    room = house.room(step=3)
    room.score_all(TEACHER, rationale="MARK-ENTER")
    for number in range(4, 13):
        room.give("go_to", step=number)
        assert revealed(room) == [False, False]
        assert "MARK-ENTER" not in room.panel("all", OTHER)
        assert counts(room) == []


def test_a_reveal_is_legal_from_the_samples_scoring_step_on_and_idempotent(house):
    room = house.room(step=2)
    assert_refused(room.command("reveal", sample=room.samples[0]), 409)
    room.give("next")
    assert_refused(room.command("reveal", sample=room.samples[1]), 409)
    version = room.give("reveal", sample=room.samples[0])
    assert room.give("reveal", sample=room.samples[0]) == version == room.version
    assert revealed(room) == [True, False]


def test_reveals_at_once_are_one(house):
    room = house.room(step=3)
    version = room.version
    answers = together(6, lambda _: room.command("reveal", sample=room.samples[0]))
    assert {answer.status_code for answer in answers} == {200}
    assert room.version == version + 1


def test_without_a_sample_the_one_on_the_table_is_revealed(house):
    room = house.room(step=4)
    room.give("reveal")
    assert revealed(room) == [True, False]


def test_a_reveal_shows_all_scores_and_reasons_without_names(house):
    room = house.room(step=3)
    for level, who in enumerate(TEACHERS[1:5], 1):
        room.score(who, level=level, rationale=f"REASON-{level}")
    room.give("next")
    room.give("reveal")
    panel = room.panel("reveal", TEACHERS[0])
    for level in range(1, 5):
        assert f"REASON-{level}" in panel
    for name in ("David Kim", "Aisha Noor", "Tom Weller", "Lena Petrova", "David", "Aisha", "Lena"):
        assert name not in panel
    assert counts(room)[:4] == [1, 1, 1, 1]


def test_a_score_that_comes_after_the_reveal_is_late_for_good_and_counts_nowhere(house):
    room = house.room(step=3)
    room.score(TEACHER, level=2)
    room.give("reveal", sample=room.samples[0])
    first = room.samples[0]

    def still_closed(where):
        answer = room.score(OTHER, level=4, rationale="MARK-LATE", seq=None)
        assert answer.json() == LATE, where
        assert room.score(TEACHER, level=4, rationale="MARK-LATE").json() == LATE, where

    still_closed("revealed")
    room.give("hide", sample=first)
    still_closed("hidden")
    assert revealed(room) == [False, False]
    room.give("back")
    room.give("next")
    still_closed("back and next")
    room.give("go_to", step=1)
    room.give("go_to", step=3)
    still_closed("gone to")
    room.give("finish")
    still_closed("finished")
    room.give("reopen")
    still_closed("reopened")
    room.give("go_to", step=4)
    room.give("reveal", sample=first)
    assert counts(room)[:4] == [0, 1, 0, 0]
    assert "MARK-LATE" not in room.panel("reveal", FACILITATOR)
    room.give("finish")
    record = room.get("record/?format=json")
    assert [mark["before"] for mark in record.json()["samples"][0]["criteria"][0]["scores"]] == [2]
    assert "MARK-LATE" not in record.text


def test_finish_closes_every_round(house):
    room = house.room(step=3)
    room.give("finish")
    assert room.score(TEACHER, step=3).json() == LATE
    room.give("reopen")
    assert room.score(TEACHER).json() == LATE
    assert room.state()["step"]["number"] == 3


def test_hiding_takes_the_scores_from_every_screen_and_showing_brings_them_back(house):
    room = house.room(step=3)
    room.score(TEACHER, rationale="MARK-HIDE")
    room.give("next")
    room.give("reveal")
    assert "MARK-HIDE" in room.panel("all", OTHER)
    version = room.give("hide")
    assert room.give("hide") == version
    assert "MARK-HIDE" not in room.panel("all", OTHER)
    assert counts(room) == []
    room.give("reveal")
    assert "MARK-HIDE" in room.panel("all", OTHER)


def test_a_dot_has_a_name_only_when_its_owner_claims_it(house):
    room = house.room(step=3)
    claim = {"sample": room.samples[0], "criterion": room.criteria[0]}
    room.score(TEACHER, level=2)
    room.score(OTHER, level=4)
    assert_refused(room.post("claim/", claim, TEACHER), 400)
    room.give("next")
    room.give("reveal")
    for odd in ("perhaps", [], "x" * 9999):
        assert_refused(room.post("claim/", claim | {"claimed": odd}, TEACHER), 400)
    for name in ("sample", "criterion"):
        for odd in (None, "x", new_id(), [], "\ud800"):
            assert_refused(room.post("claim/", claim | {name: odd}, TEACHER), 400)
    assert_refused(room.post("claim/", claim, TEACHERS[0]), 400)  # has no score here
    assert "David Kim" not in room.panel("reveal", OTHER)
    assert room.post("claim/", claim | {"claimed": True}, TEACHER).json() == {"saved": True}
    assert "David Kim" in room.panel("reveal", OTHER)
    assert "Lena Petrova" not in room.panel("reveal", FACILITATOR)
    assert room.post("claim/", claim | {"claimed": False}, TEACHER).json() == {"saved": True}
    assert "David Kim" not in room.panel("reveal", OTHER)


# --- consensus -------------------------------------------------------------------------------------------------


def test_the_recorder_and_the_facilitator_write_down_what_was_agreed_and_nobody_else(house):
    room = house.room(step=6)
    assert_refused(room.consensus(RECORDER), 400)  # nothing is revealed yet
    room.give("reveal")
    for who in (TEACHER, TEACHERS[0], TEACHERS[3], TEACHERS[5]):
        assert_refused(room.consensus(who), 403)
    assert room.consensus(RECORDER, level=3, rationale="In line 4 …").json() == {"saved": True}
    assert room.consensus(FACILITATOR, criterion=1, level="2").json() == {"saved": True}
    assert room.consensus(RECORDER, criterion=2, level="", rationale="One.", other_rationale="Two.").json() == {
        "saved": True
    }
    room.give("finish")
    assert_refused(room.consensus(RECORDER), 400)
    kept = [row["consensus"] for row in room.get("record/?format=json").json()["samples"][0]["criteria"]]
    assert [(row["agreed"], row["level"]) for row in kept] == [(True, 3), (True, 2), (False, None)]
    assert (kept[2]["rationale"], kept[2]["other_rationale"]) == ("One.", "Two.")


def test_a_consensus_that_makes_no_sense_is_refused(house):
    room = house.room(step=6)
    room.give("reveal")
    odd = {
        "sample": ["x", new_id(), None, [], house.demo["samples"][5]],
        "criterion": ["x", new_id(), None, {}],
        "level": [0, 5, -1, "three", 2.5, 10**40, [], True],
        "rationale": ["x" * 2001, [], "\x00"],
        "other_rationale": ["x" * 2001, {}],
        "client_id": ["x", None, []],
    }
    for name, values in odd.items():
        for value in values:
            answer = room.post(
                "consensus/",
                {"sample": room.samples[0], "criterion": room.criteria[0], "level": 3, "client_id": new_id()}
                | {name: value},
                RECORDER,
            )
            assert_refused(answer, 400)


def test_a_consensus_is_written_once_and_may_be_changed(house):
    room = house.room(step=6)
    room.give("reveal")
    client_id = new_id()
    answers = together(6, lambda _: room.consensus(RECORDER, level=2, rationale="First.", client_id=client_id))
    assert [answer.json() for answer in answers] == [{"saved": True}] * 6
    room.consensus(RECORDER, level=4, rationale="Better.")
    room.consensus(RECORDER, level=2, rationale="First.", client_id=client_id)  # an answer that was lost
    room.give("finish")
    kept = room.get("record/?format=json").json()["samples"][0]["criteria"][0]["consensus"]
    assert (kept["level"], kept["rationale"]) == (4, "Better.")
