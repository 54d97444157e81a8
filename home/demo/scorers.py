"""How people score in the demo: a level is the work's own, the scorer's strictness and a little chance.

Values in, values out; all chance comes from the `random.Random` that is passed in. `harmony` runs from 0 (a team
that begins to calibrate) to 1 (one that has done so for a year): people then differ less, and agree more often.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LOWEST, HIGHEST = 1, 4
STRICTNESS = 0.45  # standard deviation of people's severity at first, in levels
STRICTEST = 0.9
NOISE, NOISE_LEARNED = 0.55, 0.3  # standard deviation of one score, at harmony 0 and what harmony takes away
LEARNED = 0.55  # the share of a person's severity that a year of calibration takes away
DOUBT = 0.3  # how far a piece may lean to a neighbouring level


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a room settles on: a level, or None with the two levels that it is divided between."""

    level: int | None
    lower: int
    upper: int


def severities(rng: random.Random, people: int) -> list[float]:
    """How many levels below the work each person scores (positive = harsher); together they sum to zero."""
    drawn = [min(STRICTEST, max(-STRICTEST, rng.gauss(0, STRICTNESS))) for _ in range(people)]
    middle = sum(drawn) / people
    return [one - middle for one in drawn]


def leaning(piece: str) -> float:
    """How far a piece of work leans towards the level above (or, negative, below): the same for everyone, always."""
    return random.Random(piece).uniform(-DOUBT, DOUBT)


def given(quality: float, *, severity: float, harmony: float, rng: random.Random) -> int:
    """The level that a person of this severity gives to work of this quality (in levels)."""
    noise = rng.gauss(0, NOISE - NOISE_LEARNED * harmony)
    return min(HIGHEST, max(LOWEST, round(quality - severity * (1 - LEARNED * harmony) + noise)))


def settle(levels: Sequence[int], *, true: int, openness: float, rng: random.Random) -> Verdict:
    """What a room that gave these levels settles on after talking: mostly the work's own level, sometimes neither.

    `openness` from 0 to 1: how easily people leave a wide gap as it is; at 0 they always agree.
    """
    low, high = min(levels), max(levels)
    lower = min(range(low, high), key=lambda at: abs(len(levels) - 2 * sum(one <= at for one in levels)), default=low)
    upper = min(lower + 1, HIGHEST)
    if rng.random() < openness * {0: 0.0, 1: 0.06, 2: 0.25}.get(high - low, 0.4):
        return Verdict(None, lower, upper)
    return Verdict(true if low <= true <= high else Counter(levels).most_common(1)[0][0], lower, upper)
