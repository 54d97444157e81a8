"""Exact and adjacent agreement, its chance, and what each rater differs by."""

import itertools
import math
import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.agreement import (
    NO_OTHERS,
    NO_PAIRS,
    NO_REFERENCE,
    ONE_SAMPLE,
    BadRatings,
    Rating,
    Ratings,
    agreement,
    report,
)

CELLS = st.dictionaries(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from(["Claim", "Evidence"]), st.sampled_from("rstuv")),
    st.integers(1, 5),
    min_size=1,
    max_size=25,
)


def table(cells, **more):
    return Ratings.of([Rating(*cell, level) for cell, level in cells.items()], **more)


def by_hand(rows):
    """Pairs and their shares by looking at every two rows."""
    pairs = [
        abs(a.level - b.level)
        for a, b in itertools.combinations(rows, 2)
        if (a.sample, a.criterion) == (b.sample, b.criterion)
    ]
    return len(pairs), pairs.count(0), pairs.count(0) + pairs.count(1)


def chance_by_hand(rows, most):
    """The share of all draws of two ratings, with replacement, that lie at most `most` levels apart."""
    draws = list(itertools.product([row.level for row in rows], repeat=2))
    return Fraction(sum(abs(a - b) <= most for a, b in draws), len(draws))


@given(CELLS)
def test_pairs_and_shares_are_what_counting_every_pair_gives(cells):
    ratings = table(cells)
    figures = agreement(ratings)
    n, same, near = by_hand(ratings.rows)
    assert figures.n_pairs == n
    if n:
        assert (figures.exact, figures.adjacent) == (same / n, near / n)


@given(CELLS)
def test_chance_is_what_drawing_every_two_ratings_gives(cells):
    ratings = table(cells)
    figures = agreement(ratings)
    if figures.exact_chance is not None:
        assert figures.exact_chance == float(chance_by_hand(ratings.rows, 0))
        assert figures.adjacent_chance == float(chance_by_hand(ratings.rows, 1))


@given(CELLS)
def test_shares_lie_between_none_and_all_and_adjacent_holds_exact(cells):
    for figures in [report(table(cells)).overall, *report(table(cells)).criteria.values()]:
        for low, high in [(figures.exact, figures.adjacent), (figures.exact_chance, figures.adjacent_chance)]:
            if low is not None:
                assert 0 <= low <= high <= 1


@given(CELLS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(cells, shuffle):
    rows = [Rating(*cell, level) for cell, level in cells.items()]
    mixed = random.Random(shuffle.random()).sample(rows, len(rows))
    assert report(Ratings.of(rows)) == report(Ratings.of(mixed))


@given(CELLS)
def test_what_the_raters_are_called_changes_nothing_but_their_names(cells):
    renamed = {(sample, criterion, f"name of {rater}"): level for (sample, criterion, rater), level in cells.items()}
    before, after = report(table(cells)), report(table(renamed))
    assert (before.overall, before.criteria) == (after.overall, after.criteria)
    assert {f"name of {name}": figures for name, figures in before.raters.items()} == after.raters


@given(CELLS)
def test_every_missing_figure_has_a_reason_and_every_reason_a_missing_figure(cells):
    whole = report(table(cells))
    for figures in [whole.overall, *whole.criteria.values(), *whole.raters.values()]:
        missing = {name for name in type(figures).__slots__ if getattr(figures, name) is None}
        assert missing == set(figures.reasons)


@given(CELLS)
def test_no_figure_is_ever_not_a_number(cells):
    whole = report(table(cells))
    for figures in [whole.overall, *whole.criteria.values(), *whole.raters.values()]:
        for name in type(figures).__slots__:
            value = getattr(figures, name)
            assert not isinstance(value, float) or math.isfinite(value)


@given(CELLS)
def test_the_criteria_add_up_to_the_whole(cells):
    whole = report(table(cells))
    assert sum(figures.n_pairs for figures in whole.criteria.values()) == whole.overall.n_pairs
    assert sum(figures.n_ratings for figures in whole.criteria.values()) == whole.overall.n_ratings


@given(CELLS)
def test_on_complete_work_the_differences_of_the_raters_cancel_out(cells):
    units = Counter((sample, criterion) for sample, criterion, _ in cells)
    raters = {rater for _, _, rater in cells}
    if len(raters) > 1 and all(count == len(raters) for count in units.values()):
        assert sum(figures.mean_difference for figures in report(table(cells)).raters.values()) == pytest.approx(0)


@given(CELLS, st.integers(1, 5))
def test_agreement_with_the_consensus_is_the_share_of_ratings_near_it(cells, agreed):
    ratings = table(cells, reference={("A", "Claim"): agreed}, levels=(1, 5))
    figures = agreement(ratings)
    gaps = [abs(row.level - agreed) for row in ratings.rows if row[:2] == ("A", "Claim")]
    if gaps:
        assert figures.consensus_exact == gaps.count(0) / len(gaps)
        assert figures.consensus_adjacent == (gaps.count(0) + gaps.count(1)) / len(gaps)
    else:
        assert figures.reasons["consensus_exact"] == NO_REFERENCE


def test_a_small_table_comes_out_as_on_paper():
    cells = {("A", "C", "x"): 1, ("A", "C", "y"): 2, ("A", "C", "z"): 2, ("B", "C", "x"): 4, ("B", "C", "y"): 2}
    whole = report(table(cells))
    assert (whole.overall.n_samples, whole.overall.n_raters, whole.overall.n_ratings) == (2, 3, 5)
    assert whole.overall.n_pairs == 4
    assert whole.overall.exact == 1 / 4
    assert whole.overall.adjacent == 3 / 4
    assert whole.overall.exact_chance == (1 + 9 + 1) / 25
    assert whole.overall.adjacent_chance == (1 + 9 + 1 + 2 * 3) / 25
    assert whole.raters["x"].mean_difference == ((1 - 2) + (4 - 2)) / 2
    assert whole.raters["z"].mean_difference == 2 - 1.5


def test_one_rater_alone_has_nothing_to_agree_with():
    whole = report(table({("A", "C", "x"): 1, ("B", "C", "x"): 2}))
    assert (whole.overall.exact, whole.overall.exact_chance, whole.overall.n_pairs) == (None, None, 0)
    assert whole.overall.reasons["exact"] == NO_PAIRS
    assert whole.raters["x"].reasons["mean_difference"] == NO_OTHERS


def test_one_sample_has_agreement_but_no_chance_to_hold_it_against():
    figures = agreement(table({("A", "C", "x"): 1, ("A", "C", "y"): 1}))
    assert (figures.exact, figures.exact_chance, figures.adjacent_chance) == (1, None, None)
    assert figures.reasons["exact_chance"] == ONE_SAMPLE


@pytest.mark.parametrize(
    ("samples", "raters", "starter"), [(9, 3, True), (10, 2, True), (10, 3, False), (30, 8, False)]
)
def test_few_samples_or_raters_make_a_conversation_starter(samples, raters, starter):
    cells = {(f"s{s}", "C", f"r{r}"): 1 + (s + r) % 4 for s in range(samples) for r in range(raters)}
    assert agreement(table(cells)).is_a_conversation_starter is starter


def test_it_refuses_a_rating_given_twice():
    with pytest.raises(BadRatings, match="twice"):
        Ratings.of([Rating("A", "C", "x", 1), Rating("A", "C", "x", 2)])


def test_it_refuses_a_level_outside_the_scale():
    with pytest.raises(BadRatings, match="Level 5 lies outside the scale from 1 to 4"):
        Ratings.of([Rating("A", "C", "x", 5)], levels=(1, 4))


def test_it_refuses_a_table_without_ratings():
    with pytest.raises(BadRatings, match="no ratings"):
        Ratings.of([])


def test_it_refuses_a_scale_of_a_billion_levels():
    with pytest.raises(BadRatings, match="at most 1000 levels"):
        Ratings.of([Rating("A", "C", "x", 1), Rating("A", "C", "y", 1_000_000_000)])
