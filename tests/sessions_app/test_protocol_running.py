"""From a protocol to the steps of a session, for all twelve that the design names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sessions_app import engine, protocol_format
from sessions_app.protocol_format import BadProtocol, Protocol

from .engine_room import Room

SKELETONS = sorted((Path(__file__).parent / "skeletons").glob("*.json"))
SHIPPED = sorted(file for file in protocol_format.CATALOGUE.glob("*.json") if file != protocol_format.SCHEMA_FILE)
SAMPLES = [("a1", "A"), ("b2", "Sample B"), ("c3", "C")]

#: Names and minutes as the design lists them, for three samples.
MINUTES = {
    "calibration-scoring": [5, 10, *[10, 1, 8, 3] * 3, 5, 5],
    "atlas": [5, 10, 10, 10, 5, 5, 5],
    "tuning": [10, 20, 5, 5, 3, 15, 15, 10],
    "collaborative-assessment-conference": [10, 10, 5, 5, 5, 10, 5],
    "slice": [10, 30, 30, 20, 15, 5, 10],
    "student-work-protocol": [10, 10, 5, 15, 10, 10, 5],
    "student-work-sort": [5, 10, 5, 15, 10, 5, 3],
    "describe-wonder-plan": [4, 6, 6, 6, 6, 2],
    "consultancy": [8, 5, 10, 2, 15, 5, 5],
    "standards-in-practice": [15, 10, 10, 10, 15, 10, 10, 5],
    "benchmark-training": [5, *[5, 3] * 3],
    "whole-staff-launch": [10, 10, 25, 15, 10],
}


def calibration() -> Protocol:
    return protocol_format.catalogue()["calibration-scoring"]


def test_the_twelve_are_here():
    assert sorted(MINUTES) == sorted([path.stem for path in (*SKELETONS, *SHIPPED)])


@pytest.mark.parametrize("path", [*SHIPPED, *SKELETONS], ids=lambda path: path.stem)
def test_each_of_the_twelve_runs_to_its_end(path):
    data = json.loads(path.read_text())
    Draft202012Validator(json.loads(protocol_format.SCHEMA_FILE.read_text())).validate(data)
    protocol = protocol_format.load(data)
    assert protocol.slug == path.stem
    steps = protocol_format.expand(protocol, samples=SAMPLES)
    assert [step.minutes for step in steps] == MINUTES[protocol.slug]
    room = Room(steps=steps, samples=[sample for sample, _ in SAMPLES]).do("open").do("start")
    for number in range(1, len(steps)):
        assert room.number == number
        assert room.left == steps[number - 1].minutes * 60
        room.do("next", step=number)
    room.do("finish")
    assert engine.ended(room.state)
    assert engine.State.from_json(room.state.to_json()) == room.state
    scored = any(step.makes == "scores" for step in steps)
    assert room.state.closed == ({(sample, 1) for sample, _ in SAMPLES} if scored else frozenset())


def test_the_catalogue_holds_what_ships_and_nothing_else():
    assert list(protocol_format.catalogue()) == ["atlas", "calibration-scoring", "describe-wonder-plan"]


def test_changing_the_answer_of_the_catalogue_changes_nobody_elses():
    protocol_format.catalogue().clear()
    assert protocol_format.catalogue()


# --- Calibration scoring ----------------------------------------------------------------------------------


def test_calibration_scoring_takes_91_minutes_for_three_samples():
    steps = protocol_format.expand(calibration(), samples=SAMPLES)
    assert protocol_format.total_minutes(steps) == 91
    assert protocol_format.minutes_for(calibration(), samples=3) == 91


def test_it_scores_reveals_discusses_and_agrees_on_each_sample_in_turn():
    steps = protocol_format.expand(calibration(), samples=SAMPLES)
    assert [(step.key, step.sample) for step in steps[2:10]] == [
        ("score", "a1"),
        ("reveal", "a1"),
        ("discuss", "a1"),
        ("agree", "a1"),
        ("score", "b2"),
        ("reveal", "b2"),
        ("discuss", "b2"),
        ("agree", "b2"),
    ]


def test_the_rail_can_say_which_sample_of_how_many():
    steps = protocol_format.expand(calibration(), samples=SAMPLES)
    assert [(step.block_label, step.block_number, step.block_of) for step in (steps[1], steps[2], steps[6])] == [
        ("", None, None),
        ("Sample A", 1, 3),
        ("Sample B", 2, 3),
    ]


def test_prompts_call_the_sample_by_its_label():
    steps = protocol_format.expand(calibration(), samples=SAMPLES)
    assert steps[2].prompt == "Score sample A. Point to what in the work made you choose each level."
    assert steps[6].prompt.startswith("Score sample B. ")
    assert not any("{" in step.prompt + step.script for step in steps)


def test_nobody_sees_work_before_the_first_scoring_nor_context_before_the_discussion():
    steps = protocol_format.expand(calibration(), samples=SAMPLES)
    assert ["work" in step.open for step in steps[:3]] == [False, False, True]
    assert [step.key for step in steps if "context" not in step.open] == ["norms", "read", *["score", "reveal"] * 3]


def test_while_people_score_they_can_share_nothing():
    scoring = [step for step in calibration().steps if step.makes == "scores"]
    assert [(step.kinds, step.sees, step.speaks) for step in scoring] == [(("private",), "after", "silent")]


@pytest.mark.parametrize("slug", [path.stem for path in SHIPPED])
def test_each_step_of_a_shipped_protocol_says_what_to_do_and_what_to_say(slug):
    for step in protocol_format.catalogue()[slug].steps:
        assert step.prompt.endswith((".", "?"))
        assert 60 < len(step.script) < 700
        assert len(step.prompt) < 160
        assert len(step.presenter_prompt) < 160
        for kind in (kind for kind in step.kinds if kind != "private"):
            assert any(stem.kind == kind for stem in step.stems), f"{step.key} has no stem for {kind}"


@pytest.mark.parametrize("slug", [path.stem for path in SHIPPED])
def test_each_shipped_protocol_names_its_source_and_says_that_it_is_an_adaptation(slug):
    protocol = protocol_format.catalogue()[slug]
    assert protocol.adaptation.startswith("An adaptation in our own words.")
    assert len(protocol.source) > 40
    assert all(step.least <= max(1, step.minutes) for step in protocol.steps)


# --- the two that do not score ------------------------------------------------------------------------------

#: Which kinds of note each step opens, and who speaks in it.
LOOKING = {
    "atlas": [
        ("getting_started", "presenter", ()),
        ("describing", "participants", ("observation",)),
        ("interpreting", "participants", ("interpretation", "speculation")),
        ("implications_for_teaching", "participants", ("implication",)),
        ("presenter_reflects", "presenter", ("response",)),
        ("next_steps", "all", ()),
        ("debrief", "all", ("plus", "delta")),
    ],
    "describe-wonder-plan": [
        ("look_in_silence", "silent", ("private",)),
        ("what_do_you_see", "rounds", ("observation",)),
        ("what_do_you_wonder", "rounds", ("probing", "clarifying")),
        ("what_might_it_mean", "all", ("interpretation",)),
        ("what_shall_we_do", "all", ("implication",)),
        ("next_steps", "all", ()),
    ],
}


@pytest.mark.parametrize("slug", LOOKING)
def test_a_step_opens_only_the_notes_that_belong_to_it(slug):
    protocol = protocol_format.catalogue()[slug]
    assert [(step.key, step.speaks, step.kinds) for step in protocol.steps] == LOOKING[slug]


@pytest.mark.parametrize("slug", LOOKING)
def test_looking_needs_no_rubric_and_never_lays_one_on_the_table(slug):
    protocol = protocol_format.catalogue()[slug]
    assert not protocol.scores
    assert not any("rubric" in step.open for step in protocol.steps)
    assert calibration().scores


def test_in_atlas_the_presenter_is_told_to_listen_until_it_is_their_turn():
    steps = {step.key: step for step in protocol_format.catalogue()["atlas"].steps}
    silent = [step for step in steps.values() if step.speaks == "participants"]
    assert len(silent) == 3
    assert all(step.presenter_prompt.startswith("Listen") for step in silent)
    assert all("presenter" in step.script and "listen" in step.script for step in silent)
    assert "context" not in silent[-1].open
    assert "context" in steps["presenter_reflects"].open
    assert "work" not in steps["getting_started"].open


# --- Expanding --------------------------------------------------------------------------------------------


def protocol(*steps: tuple[str, str], **more: object) -> Protocol:
    """A protocol of (key, repeats)."""
    entries = [
        {
            "key": key,
            "title": key,
            "minutes": 4,
            "repeats": repeats,
            "speaks": "all",
            "open": ["work", "rubric"],
            "makes": "scores" if repeats == "round" else "notes",
            "kinds": ["pattern"],
            "sees": "all",
            "prompt": f"Look at {{{repeats}}}." if repeats != "once" else "Look.",
        }
        for key, repeats in steps
    ]
    top = {"format": 1, "slug": "x", "version": 1, "purposes": ["reflect"], "group": [2, 9], "steps": entries}
    return protocol_format.load(top | dict.fromkeys(["title", "source", "adaptation", "summary"], "x") | more)


def keys(steps: tuple[engine.RunStep, ...]) -> list[str]:
    return [f"{step.key}{step.block_number or ''}" for step in steps]


def test_neighbours_that_repeat_alike_are_one_loop():
    made = protocol(("a", "sample"), ("b", "sample"), ("c", "once"), ("d", "sample"))
    assert keys(protocol_format.expand(made, samples=SAMPLES[:2])) == ["a1", "b1", "a2", "b2", "c", "d1", "d2"]


def test_a_loop_over_samples_vanishes_without_samples():
    assert keys(protocol_format.expand(protocol(("a", "sample"), ("b", "once")), samples=[])) == ["b"]


def test_a_loop_over_tables_is_run_once_by_a_room_without_tables():
    made = protocol(("a", "table"))
    alone = protocol_format.expand(made, samples=SAMPLES)
    assert [(step.table, step.block_label, step.prompt) for step in alone] == [(None, "", "Look at the room.")]
    tables = protocol_format.expand(made, samples=SAMPLES, tables=[("t1", "1"), ("t2", "2")])
    assert [(step.table, step.block_label, step.prompt) for step in tables] == [
        ("t1", "Table 1", "Look at table 1."),
        ("t2", "Table 2", "Look at table 2."),
    ]


def test_a_loop_over_rounds_scores_each_round_anew():
    steps = protocol_format.expand(protocol(("a", "round")), samples=SAMPLES, rounds=2)
    assert [(step.round, step.block_label, step.prompt) for step in steps] == [
        (1, "Round 1", "Look at round 1."),
        (2, "Round 2", "Look at round 2."),
    ]


def test_a_session_of_thousands_of_steps_is_refused():
    with pytest.raises(BadProtocol, match="400 are the most"):
        protocol_format.expand(calibration(), samples=[(str(number), "x") for number in range(5000)])


def test_a_label_with_braces_is_only_a_label():
    steps = protocol_format.expand(calibration(), samples=[("a", "{sample} {0} %s")])
    assert "sample {sample} {0} %s" in steps[2].prompt
