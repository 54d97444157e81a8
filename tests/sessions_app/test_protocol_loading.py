"""What a protocol file may say, and the one sentence for what it may not."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sessions_app import engine, protocol_format
from sessions_app.models import Purpose
from sessions_app.protocol_format import BadProtocol

GOOD = {
    "format": 1,
    "slug": "short-look",
    "version": 2,
    "title": "Short look",
    "source": "Ours.",
    "adaptation": "Ours, so nothing was adapted.",
    "purposes": ["calibrate"],
    "group": [2, 8],
    "summary": "Score one thing and talk.",
    "steps": [
        {
            "key": "score",
            "title": "Score alone",
            "minutes": 5.0,
            "repeats": "sample",
            "speaks": "silent",
            "open": ["rubric", "work"],
            "makes": "scores",
            "sees": "after",
            "prompt": "Score {sample}.",
            "stems": {"rationale": ["I see … in line …"]},
        },
        {
            "key": "talk",
            "title": "Talk",
            "minutes": 2.5,
            "speaks": "rounds",
            "turn_seconds": 30,
            "open": ["work"],
            "makes": "notes",
            "kinds": ["evidence"],
            "sees": "all",
            "prompt": "What do you see?",
        },
    ],
}


def changed(step: int | None = None, **fields: object) -> dict[str, object]:
    """The good protocol with some fields changed, in a step (from 0) or at the top."""
    data = copy.deepcopy(GOOD)
    (data if step is None else data["steps"][step]).update(fields)
    return data


def without(name: str, step: int | None = None) -> dict[str, object]:
    data = copy.deepcopy(GOOD)
    del (data if step is None else data["steps"][step])[name]
    return data


def complaint(data: object) -> str:
    with pytest.raises(BadProtocol) as caught:
        protocol_format.load(data)
    return caught.value.sentence


def test_a_good_protocol_becomes_frozen_values():
    protocol = protocol_format.load(GOOD)
    score, talk = protocol.steps
    assert (protocol.slug, protocol.version, protocol.group, protocol.purposes) == (
        "short-look",
        2,
        (2, 8),
        ("calibrate",),
    )
    assert (score.minutes, score.round, score.repeats, score.kinds) == (5, 1, "sample", ())
    assert (talk.minutes, talk.round, talk.repeats, talk.turn_seconds) == (2.5, None, "once", 30)
    assert score.stems == (engine.Stem("rationale", "I see … in line …"),)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "A protocol is a JSON object with a title and steps."),
        (None, "A protocol is a JSON object with a title and steps."),
        (changed(steps=[]), "The protocol: “steps” must have at least 1."),
        (changed(steps="many"), "The protocol: “steps” must be a list."),
        (changed(steps=[7]), "Step 1 must be a JSON object with named fields."),
        (changed(format=2), "The protocol: “format” must be 1."),
        (changed(slug="Not A Slug"), "The protocol: “slug” must be a short name in small letters and digits."),
        (changed(version=0), "The protocol: “version” must be at least 1."),
        (changed(group=[8, 2]), "The protocol: “group” names the smallest group first, then the largest."),
        (changed(group=[2]), "The protocol: “group” must have at least 2."),
        (changed(title=""), "The protocol: “title” must not be empty."),
        (changed(title="   "), "The protocol: “title” must not be empty."),
        (changed(title="x" * 121), "The protocol: “title” must not be longer than 120 characters."),
        (changed(title="Two\nlines"), "The protocol: “title” holds a character that cannot be shown."),
        (changed(summary="\ud800"), "The protocol: “summary” holds a character that cannot be shown."),
        (changed(colour="red"), "The protocol: “colour” is not something that this format knows."),
        (without("source"), "The protocol: “source” is missing."),
        (without("prompt", 1), "Step 2, “Talk”: “prompt” is missing."),
        (changed(1, minutes=-5), "Step 2, “Talk”: “minutes” must be at least 0.5."),
        (changed(1, minutes=241), "Step 2, “Talk”: “minutes” must be at most 240."),
        (changed(1, minutes=10**400), "Step 2, “Talk”: “minutes” must be at most 240."),
        (changed(1, minutes=1.3), "Step 2, “Talk”: “minutes” must be in whole or half minutes."),
        (changed(1, minutes=float("nan")), "Step 2, “Talk”: “minutes” is not a number."),
        (changed(1, minutes=float("inf")), "Step 2, “Talk”: “minutes” is not a number."),
        (changed(1, minutes="5"), "Step 2, “Talk”: “minutes” must be a number."),
        (changed(1, minutes=True), "Step 2, “Talk”: “minutes” must be a number."),
        (changed(1, title=None), "Step 2: “title” must be text."),
        (changed(1, kinds=["evidence", "evidence"]), "Step 2, “Talk”: “kinds” must not name the same thing twice."),
        (changed(1, makes="tea"), f"Step 2, “Talk”: “makes” must be one of: {', '.join(engine.MAKES)}."),
        (changed(1, open=["diary"]), f"Step 2, “Talk”: “open” must be one of: {', '.join(engine.TABLE)}."),
        (changed(1, stems={"evidence": [""]}), "Step 2, “Talk”: “stems” must not be empty."),
        (changed(1, stems={"gossip": ["x"]}), "Step 2, “Talk”: “gossip” is not something that this format knows."),
        (changed(1, extra=1), "Step 2, “Talk”: “extra” is not something that this format knows."),
        (changed(1, key="score"), "Step 2, “Talk”: “key” is used by an earlier step; each step needs its own."),
        (changed(1, least=0.5), "Step 2, “Talk”: “least” must be at least 1."),
        (changed(1, least=3), "Step 2, “Talk”: “least” must not be more than “minutes”."),
        (
            changed(1, presenter_prompt="Listen to {sample}."),
            "Step 2, “Talk”: “presenter_prompt” speaks of {sample}, but the step does not repeat for each sample.",
        ),
        (changed(1, round=2), "Step 2, “Talk”: “round” belongs to steps that score."),
        (changed(1, kinds=[]), "Step 2, “Talk”: “kinds” must say which kinds of note people write here."),
        (
            changed(1, speaks="all"),
            "Step 2, “Talk”: “turn_seconds” belongs to steps where people speak in rounds.",
        ),
        (
            changed(0, open=["rubric"]),
            "Step 1, “Score alone”: “open” must name the work and the rubric, because people score here.",
        ),
        (
            changed(0, makes="reveal"),
            "Step 1, “Score alone”: “makes” reveals scores, but no earlier step makes any.",
        ),
        (
            changed(1, script="Now {sample}."),
            "Step 2, “Talk”: “script” speaks of {sample}, but the step does not repeat for each sample.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_that_names_step_and_field(data, sentence):
    assert complaint(data) == sentence


class Watched(list):
    """A list that counts how many of its items anybody has looked at."""

    looked_at = 0

    def __iter__(self):
        for item in super().__iter__():
            self.looked_at += 1
            yield item

    def __getitem__(self, at):
        self.looked_at += len(range(*at.indices(len(self)))) if isinstance(at, slice) else 1
        return super().__getitem__(at)


def test_of_a_million_steps_none_is_looked_at():
    steps = Watched([GOOD["steps"][1]] * 1_000_000)
    assert complaint(changed() | {"steps": steps}) == "A protocol has at most 60 steps; this one has more."
    assert steps.looked_at == 0


@pytest.mark.parametrize("field", ["kinds", "open"])
def test_of_a_huge_list_inside_a_step_little_is_looked_at(field):
    found = Watched({"a": number} for number in range(200_000))
    assert "must have at most" in complaint(changed(1, **{field: found}))
    assert found.looked_at < 100


def test_a_complaint_repeats_nothing_long_or_unprintable():
    sentence = complaint(changed(1, **{"\x00" + "x" * 100_000: 1}))
    assert len(sentence) < 200
    assert sentence.isprintable()


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, b"\xff\xfe\x00", "<html>"])
def test_what_is_not_json_is_said_to_be_so(text):
    with pytest.raises(BadProtocol, match="not JSON"):
        protocol_format.load_text(text)


@pytest.mark.parametrize("text", ['{"steps": NaN}', "1" * 10_000, "null", "[]"])
def test_json_that_is_not_a_protocol_is_refused_too(text):
    with pytest.raises(BadProtocol):
        protocol_format.load_text(text)


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just(10**400)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
FIELDS = sorted({*GOOD, *GOOD["steps"][0], *GOOD["steps"][1], "script", "round"})


@settings(max_examples=300, deadline=None)
@given(
    step=st.sampled_from([None, 0, 1]), field=st.one_of(st.sampled_from(FIELDS), st.text(max_size=5)), value=ANYTHING
)
def test_any_value_anywhere_loads_or_gives_a_sentence(step, field, value):
    try:
        protocol = protocol_format.load(changed(step, **{field: value}))
    except BadProtocol as error:
        text = error.sentence
    else:
        text = protocol.title
    assert len(text.encode()) < 400


def test_the_schema_is_itself_valid_and_knows_the_engines_words():
    schema = json.loads(protocol_format.SCHEMA_FILE.read_text())
    Draft202012Validator.check_schema(schema)
    step = schema["$defs"]["step"]["properties"]
    assert tuple(step["makes"]["enum"]) == engine.MAKES
    assert tuple(step["speaks"]["enum"]) == engine.SPEAKS
    assert tuple(step["sees"]["enum"]) == engine.SEES
    assert tuple(step["open"]["items"]["enum"]) == engine.TABLE
    assert tuple(step["kinds"]["items"]["enum"]) == engine.NOTE_KINDS
    assert tuple(schema["properties"]["purposes"]["items"]["enum"]) == tuple(Purpose.values)
