"""Fitting a protocol into the time at hand: drop a sample, then scale, never below a minute."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app import protocol_format
from sessions_app.engine import RunStep
from sessions_app.protocol_format import Fit

CALIBRATION = protocol_format.catalogue()["calibration-scoring"]


def steps(samples: int) -> tuple[RunStep, ...]:
    return protocol_format.expand(CALIBRATION, samples=[(str(at), "ABCDEFGH"[at]) for at in range(samples)])


def timed(*minutes: float) -> list[RunStep]:
    return [RunStep(f"step{at}", "Step", each, "nothing") for at, each in enumerate(minutes)]


def scaled(made: list[RunStep], minutes: float) -> list[float]:
    return [step.minutes for step in protocol_format.scale(made, minutes=minutes)]


def test_steps_scale_in_proportion():
    assert scaled(timed(5, 10, 15), 60) == [10, 20, 30]
    assert scaled(timed(5, 10, 15), 15) == [2.5, 5, 7.5]


def test_no_step_goes_below_a_minute_and_the_others_pay_for_it():
    assert scaled(timed(1, 1, 10), 6) == [1, 1, 4]


def test_less_than_a_minute_a_step_is_not_to_be_had():
    assert scaled(timed(5, 5, 5), 2) == [1, 1, 1]


def test_a_step_that_was_shorter_than_a_minute_becomes_one():
    assert scaled(timed(0.5, 9.5), 10) == [1, 9]


def test_scaling_to_the_same_time_changes_nothing():
    assert protocol_format.scale(steps(3), minutes=91) == steps(3)


def test_samples_get_the_same_time_where_the_total_allows():
    made = protocol_format.scale(steps(3), minutes=60)
    assert {step.minutes for step in made if step.key == "score"} == {6.5}
    assert protocol_format.total_minutes(made) == 60


def test_shrinking_makes_no_step_longer():
    for minutes in range(20, 91):
        made = protocol_format.scale(steps(3), minutes=minutes)
        assert all(new.minutes <= old.minutes for new, old in zip(made, steps(3), strict=True)), minutes


def test_scaling_changes_minutes_and_nothing_else():
    before, after = steps(2)[3], protocol_format.scale(steps(2), minutes=40)[3]
    assert (after.key, after.prompt, after.sample, after.stems) == (
        before.key,
        before.prompt,
        before.sample,
        before.stems,
    )


def test_nothing_to_scale_is_nothing():
    assert protocol_format.scale((), minutes=30) == ()


@pytest.mark.parametrize("minutes", [0, -5, float("nan"), float("inf"), 100_000])
def test_an_impossible_time_is_refused_with_a_sentence(minutes):
    with pytest.raises(ValueError, match="time at hand"):
        protocol_format.scale(steps(1), minutes=minutes)
    with pytest.raises(ValueError, match="time at hand"):
        protocol_format.fit(CALIBRATION, samples=1, minutes=minutes)


@settings(max_examples=200, deadline=None)
@given(
    given_minutes=st.lists(st.integers(1, 480).map(lambda halves: halves / 2), min_size=1, max_size=60),
    halves=st.integers(1, 960),
)
def test_the_total_is_exact_whenever_there_is_a_minute_for_each(given_minutes, halves):
    target = halves / 2
    result = scaled(timed(*given_minutes), target)
    assert min(result) >= 1
    assert all((minutes * 2).is_integer() for minutes in map(float, result))
    assert sum(result) == max(target, len(result))


@pytest.mark.parametrize("slug", protocol_format.catalogue())
@pytest.mark.parametrize("minutes", [30, 45, 60, 90])
def test_each_protocol_that_ships_scales_to_the_usual_times_and_keeps_its_floors(slug, minutes):
    protocol = protocol_format.catalogue()[slug]
    made = protocol_format.scale(protocol_format.expand(protocol, samples=[("a", "A"), ("b", "B")]), minutes=minutes)
    assert protocol_format.total_minutes(made) == minutes
    assert all(step.minutes >= max(1, step.least) for step in made)


def test_no_step_goes_below_what_its_protocol_says():
    made = [replace(step, least=least) for step, least in zip(timed(10, 10, 10), (4, 1, 2.5), strict=True)]
    assert scaled(made, 12) == [4, 4, 4]
    assert scaled(made, 9) == [4, 2.5, 2.5]
    assert scaled(made, 3) == [4, 1, 2.5]


def test_a_protocol_with_floors_says_how_much_time_it_needs_at_the_least():
    atlas = protocol_format.catalogue()["atlas"]
    assert protocol_format.fit(atlas, samples=3, minutes=20) == Fit(3, 0, scaled=True, minutes=20, enough=True)
    assert protocol_format.fit(atlas, samples=3, minutes=12) == Fit(3, 0, scaled=True, minutes=20, enough=False)


# --- What the plan offers ---------------------------------------------------------------------------------


def fit(samples: int, minutes: float) -> Fit:
    return protocol_format.fit(CALIBRATION, samples=samples, minutes=minutes)


def test_enough_time_changes_nothing():
    assert fit(3, 95) == Fit(samples=3, dropped=0, scaled=False, minutes=91, enough=True)


def test_a_few_minutes_short_is_scaled_and_no_sample_is_lost():
    assert fit(3, 90) == Fit(samples=3, dropped=0, scaled=True, minutes=90, enough=True)


def test_well_short_of_time_drops_a_sample_first():
    assert fit(3, 75) == Fit(samples=2, dropped=1, scaled=False, minutes=69, enough=True)


def test_then_the_steps_are_scaled():
    assert fit(3, 60) == Fit(samples=2, dropped=1, scaled=True, minutes=60, enough=True)
    assert fit(3, 30) == Fit(samples=1, dropped=2, scaled=True, minutes=30, enough=True)


def test_the_last_sample_is_never_dropped_and_what_cannot_be_is_said():
    assert fit(2, 5) == Fit(samples=1, dropped=1, scaled=True, minutes=8, enough=False)


def test_a_protocol_that_does_not_loop_keeps_all_its_samples():
    once = [step for step in CALIBRATION.steps if step.repeats == "once"]
    look = protocol_format.Protocol("look", 1, "Look", "", "", ("reflect",), (2, 9), "", tuple(once))
    assert protocol_format.fit(look, samples=4, minutes=10) == Fit(4, 0, scaled=True, minutes=10, enough=True)


@settings(max_examples=150, deadline=None)
@given(samples=st.integers(1, 8), minutes=st.integers(1, 600))
def test_what_is_advised_is_what_scaling_gives(samples, minutes):
    advice = fit(samples, minutes)
    kept = steps(advice.samples)
    if advice.scaled:
        kept = protocol_format.scale(kept, minutes=minutes)
    assert protocol_format.total_minutes(kept) == advice.minutes
    assert advice.enough == (advice.minutes <= minutes)
    assert advice.samples + advice.dropped == samples
