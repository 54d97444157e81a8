"""How far people agree on the same work. Plain values in, frozen results out; no Django here.

A figure that cannot be computed is `None` with a reason beside it, never 0 and never NaN. Everything is counted
in whole numbers, so no figure depends on the order of the rows or on what the raters are called.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

#: More levels than any rubric has, few enough that a figure over the full range stays cheap.
MOST_LEVELS = 1000

NO_PAIRS = "No two people scored the same work, so there is nothing to compare."
ONE_SAMPLE = "With one sample, chance is never below what was observed."
NO_REFERENCE = "No benchmark or consensus level was given."
NO_OTHERS = "Nobody else scored the same work on the same criterion."
LATER = "Not computed yet: comes with the calibration figures."

#: Figures of the same table that a later module computes; until then they stand as `None` with `LATER`.
LATER_FIGURES = (
    "qwk",
    "qwk_pairs",
    "qwk_undefined",
    "alpha",
    "alpha_interval",
    "alpha_nominal",
    "alpha_ci",
    "icc",
)
LATER_RATER_FIGURES = (
    "severity",
    "severity_se",
    "severity_shrunk",
    "severity_shrunk_sd",
    "infit",
    "outfit",
    "flags",
)


class BadRatings(ValueError):
    """The ratings contradict themselves; the message is a sentence for people."""


class Rating(NamedTuple):
    """One rater's level for one criterion of one sample."""

    sample: str
    criterion: str
    rater: str
    level: int


#: A piece of work under one criterion: what raters are compared on.
Unit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ratings:
    """A table of ratings. `levels` is the range of the scale, both ends included; any cell may be missing.

    `reference` holds the benchmark or consensus level of a unit where one exists.
    """

    rows: tuple[Rating, ...]
    levels: tuple[int, int]
    reference: Mapping[Unit, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        rows: Iterable[Rating],
        *,
        levels: tuple[int, int] | None = None,
        reference: Mapping[Unit, int] | None = None,
    ) -> "Ratings":
        """The table of `rows`; `levels` defaults to the smallest and the largest level in it.

        Raises `BadRatings` when a rater rated the same thing twice, when a level lies outside `levels`, when
        the range has more than `MOST_LEVELS` levels, or when there is no rating at all.
        """
        kept = tuple(rows)
        known = dict(reference or {})
        if not kept:
            raise BadRatings("There are no ratings.")
        _refuse_doubles(kept)
        if levels is None:
            every = [row.level for row in kept] + list(known.values())
            levels = (min(every), max(every))
        _check_range(kept, known, levels)
        return cls(kept, levels, known)

    def by_criterion(self) -> dict[str, "Ratings"]:
        """The table in parts, one a criterion, in alphabetical order; each keeps the whole range of levels."""
        rows: dict[str, list[Rating]] = defaultdict(list)
        for row in self.rows:
            rows[row.criterion].append(row)
        known: dict[str, dict[Unit, int]] = defaultdict(dict)
        for unit, level in self.reference.items():
            known[unit[1]][unit] = level
        return {name: Ratings(tuple(rows[name]), self.levels, known.get(name, {})) for name in sorted(rows)}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures of one criterion, or of all together. Shares lie between 0 and 1; `reasons` explains each `None`."""

    n_samples: int
    n_raters: int
    n_ratings: int
    n_pairs: int
    exact: float | None
    exact_chance: float | None
    adjacent: float | None
    adjacent_chance: float | None
    consensus_exact: float | None
    consensus_adjacent: float | None
    reasons: Mapping[str, str]

    @property
    def is_a_conversation_starter(self) -> bool:
        """Fewer than ten samples or three raters: too little to call it a measurement."""
        return self.n_samples < 10 or self.n_raters < 3  # noqa: PLR2004


class PairCounts(NamedTuple):
    """Exact agreement in whole numbers: `equal` of `pairs` agree; of `draws` pairs at random it is `equal_draws`."""

    equal: int
    pairs: int
    equal_draws: int
    draws: int


@dataclass(frozen=True, slots=True)
class RaterFigures:
    """One rater: `n` ratings; `mean_difference` is the mean of own level minus the others' mean, in levels."""

    n: int
    mean_difference: float | None
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a table, names in alphabetical order."""

    overall: Agreement
    criteria: Mapping[str, Agreement]
    raters: Mapping[str, RaterFigures]


def report(ratings: Ratings) -> Report:
    """Every figure of the table: pooled, by criterion and by rater."""
    return Report(
        overall=agreement(ratings),
        criteria={name: agreement(part) for name, part in ratings.by_criterion().items()},
        raters=rater_figures(ratings),
    )


def agreement(ratings: Ratings) -> Agreement:
    """Exact and adjacent agreement of the table with their chance levels.

    Pairs are two raters on the same sample and criterion; adjacent counts pairs at most one level apart, exact
    ones included. Chance is what two draws from the pooled shares p of the levels would give: the sum of p(j)·p(k)
    over levels j and k that are equal (exact) or at most one apart (adjacent).
    """
    units = _levels_by_unit(ratings.rows)
    n_samples = len({row.sample for row in ratings.rows})
    n_pairs = sum(math.comb(counts.total(), 2) for counts in units.values())
    reasons: dict[str, str] = {}
    exact = adjacent = exact_chance = adjacent_chance = None
    if n_pairs:
        exact = sum(_equal_pairs(counts) for counts in units.values()) / n_pairs
        adjacent = sum(_equal_pairs(counts) + _neighbour_pairs(counts) for counts in units.values()) / n_pairs
    else:
        reasons |= dict.fromkeys(("exact", "exact_chance", "adjacent", "adjacent_chance"), NO_PAIRS)
    if n_pairs and n_samples > 1:
        exact_chance, adjacent_chance = _chance(Counter(row.level for row in ratings.rows))
    elif n_pairs:
        reasons |= dict.fromkeys(("exact_chance", "adjacent_chance"), ONE_SAMPLE)
    consensus_exact, consensus_adjacent = _with_reference(ratings)
    if consensus_exact is None:
        reasons |= dict.fromkeys(("consensus_exact", "consensus_adjacent"), NO_REFERENCE)
    return Agreement(
        n_samples=n_samples,
        n_raters=len({row.rater for row in ratings.rows}),
        n_ratings=len(ratings.rows),
        n_pairs=n_pairs,
        exact=exact,
        exact_chance=exact_chance,
        adjacent=adjacent,
        adjacent_chance=adjacent_chance,
        consensus_exact=consensus_exact,
        consensus_adjacent=consensus_adjacent,
        reasons=reasons,
    )


def pair_counts(units: Iterable[Counter[int]]) -> PairCounts:
    """Exact agreement and its chance level as in `agreement`, from how often each level was given in each unit."""
    every = list(units)
    pooled: Counter[int] = Counter()
    for counts in every:
        pooled.update(counts)
    return PairCounts(
        equal=sum(_equal_pairs(counts) for counts in every),
        pairs=sum(math.comb(counts.total(), 2) for counts in every),
        equal_draws=sum(times * times for times in pooled.values()),
        draws=pooled.total() ** 2,
    )


def rater_figures(ratings: Ratings) -> dict[str, RaterFigures]:
    """Each rater's count, and how far they lie from the others on the same work."""
    totals: dict[Unit, tuple[int, int]] = {
        unit: (counts.total(), sum(level * times for level, times in counts.items()))
        for unit, counts in _levels_by_unit(ratings.rows).items()
    }
    counted: Counter[str] = Counter(row.rater for row in ratings.rows)
    differences: dict[str, list[float]] = defaultdict(list)
    for sample, criterion, rater, level in ratings.rows:
        count, total = totals[sample, criterion]
        if count > 1:
            differences[rater].append(level - (total - level) / (count - 1))
    return {name: _rater(counted[name], differences.get(name, [])) for name in sorted(counted)}


def _rater(n: int, differences: list[float]) -> RaterFigures:
    if not differences:
        return RaterFigures(n, None, {"mean_difference": NO_OTHERS})
    # fsum is exact, so that the order of the rows cannot show in the last digit.
    return RaterFigures(n, math.fsum(differences) / len(differences), {})


def _levels_by_unit(rows: Iterable[Rating]) -> dict[Unit, Counter[int]]:
    units: dict[Unit, Counter[int]] = defaultdict(Counter)
    for row in rows:
        units[row.sample, row.criterion][row.level] += 1
    return units


def _equal_pairs(counts: Counter[int]) -> int:
    return sum(math.comb(times, 2) for times in counts.values())


def _neighbour_pairs(counts: Counter[int]) -> int:
    return sum(times * counts[level + 1] for level, times in list(counts.items()) if level + 1 in counts)


def _chance(counts: Counter[int]) -> tuple[float, float]:
    whole = counts.total() ** 2
    same = sum(times * times for times in counts.values())
    return same / whole, (same + 2 * _neighbour_pairs(counts)) / whole


def _with_reference(ratings: Ratings) -> tuple[float | None, float | None]:
    gaps = Counter(
        abs(row.level - ratings.reference[row.sample, row.criterion])
        for row in ratings.rows
        if (row.sample, row.criterion) in ratings.reference
    )
    if not gaps:
        return None, None
    return gaps[0] / gaps.total(), (gaps[0] + gaps[1]) / gaps.total()


def _refuse_doubles(rows: tuple[Rating, ...]) -> None:
    seen: set[tuple[str, str, str]] = set()
    for sample, criterion, rater, _ in rows:
        if (sample, criterion, rater) in seen:
            names = (_shown(name) for name in (rater, sample, criterion))
            raise BadRatings("{} rated {} on {} twice; once is the rule.".format(*names))
        seen.add((sample, criterion, rater))


def _check_range(rows: tuple[Rating, ...], reference: Mapping[Unit, int], levels: tuple[int, int]) -> None:
    low, high = levels
    if high - low >= MOST_LEVELS:
        raise BadRatings(f"The levels run from {low} to {high}; a scale has at most {MOST_LEVELS} levels.")
    for level in [row.level for row in rows] + list(reference.values()):
        if not low <= level <= high:
            raise BadRatings(f"Level {level} lies outside the scale from {low} to {high}.")


def _shown(name: str) -> str:
    """A name from a file, short and clean enough for a sentence."""
    clean = "".join(character if character.isprintable() else "?" for character in name[:40])
    return f"“{clean}…”" if len(name) > len(clean) else f"“{clean}”"
