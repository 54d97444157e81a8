"""How pages lie and what arranging makes of it, without a database: every page stays in exactly one place."""

from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from work_samples.domain import layout
from work_samples.domain.layout import BadLayout, Changed, Heap


def key(number):
    return UUID(int=number)


def heap(sample, *pages, aside=()):
    return Heap(key(sample), tuple(map(key, pages)), tuple(map(key, aside)))


def numbers(lies):
    return [(one.sample and one.sample.int, [page.int for page in one.pages]) for one in lies]


SCAN = (heap(100, 1, 2, 3, 4, 5), heap(200, 6, 7))


def test_it_splits_every_so_many_pages():
    assert numbers(layout.split_every(SCAN, key(100), 2)) == [(100, [1, 2]), (None, [3, 4]), (None, [5]), (200, [6, 7])]


def test_it_splits_where_the_next_student_begins():
    assert numbers(layout.split_at(SCAN, [key(2), key(7)])) == [
        (100, [1]),
        (None, [2, 3, 4, 5]),
        (200, [6]),
        (None, [7]),
    ]


def test_it_merges_in_the_order_in_which_samples_are_named():
    merged = layout.merge(SCAN, [key(200), key(100)])
    assert numbers(layout.settled(SCAN, merged)) == [(200, [6, 7, 1, 2, 3, 4, 5])]


def test_it_moves_pages_ahead_of_another_or_to_the_end_or_to_a_new_sample():
    assert numbers(layout.move(SCAN, [key(5), key(1)], to=key(200), before=key(7)))[1] == (200, [6, 5, 1, 7])
    assert numbers(layout.move(SCAN, [key(1)], to=key(100)))[0] == (100, [2, 3, 4, 5, 1])
    assert numbers(layout.move(SCAN, [key(1), key(2)], to=key(100), before=key(1)))[0] == (100, [1, 2, 3, 4, 5])
    assert numbers(layout.move(SCAN, [key(3)], to=None)) == [(100, [1, 2, 4, 5]), (None, [3]), (200, [6, 7])]


def test_pages_go_one_place_earlier_or_later_and_ends_stay_ends():
    assert numbers(layout.step(SCAN, [key(1), key(3), key(4)], by=-1))[0] == (100, [1, 3, 4, 2, 5])
    assert numbers(layout.step(SCAN, [key(1), key(5)], by=1))[0] == (100, [2, 1, 3, 4, 5])


def test_what_is_set_aside_goes_along_when_its_sample_goes():
    lies = (heap(100, 1, aside=[2]), heap(200, 3))
    after = layout.settled(lies, layout.merge(lies, [key(200), key(100)]))
    assert after == (heap(200, 3, 1, aside=[2]),)
    moved = layout.settled(lies, layout.move(lies, [key(1)], to=key(200)))
    assert moved == (heap(200, 3, 1, aside=[2]),)


def test_a_sample_all_of_whose_pages_are_set_aside_stays():
    lies = (heap(100, 1), heap(200, 2))
    assert layout.settled(lies, layout.set_aside(lies, [key(1)])) == (heap(100, aside=[1]), heap(200, 2))


def test_a_sample_with_a_file_to_try_again_stays():
    after = layout.settled(SCAN, layout.merge(SCAN, [key(100), key(200)]), stays={key(200)})
    assert numbers(after)[1] == (200, [])


@pytest.mark.parametrize("pages", [0, -1, 61, 10**9])
def test_it_refuses_a_number_that_makes_no_sense(pages):
    with pytest.raises(BadLayout):
        layout.split_every(SCAN, key(100), pages)


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda: layout.split_every(SCAN, key(200), 2), BadLayout),
        (lambda: layout.split_every(SCAN, key(999), 2), Changed),
        (lambda: layout.split_at(SCAN, []), BadLayout),
        (lambda: layout.split_at(SCAN, [key(1)]), BadLayout),
        (lambda: layout.split_at(SCAN, [key(2), key(2)]), BadLayout),
        (lambda: layout.split_at(SCAN, [key(99)]), Changed),
        (lambda: layout.merge(SCAN, [key(100)]), BadLayout),
        (lambda: layout.merge(SCAN, [key(100), key(100)]), BadLayout),
        (lambda: layout.merge(SCAN, [key(100), key(999)]), Changed),
        (lambda: layout.move(SCAN, [key(1)], to=key(999)), Changed),
        (lambda: layout.move(SCAN, [key(1)], to=key(200), before=key(2)), Changed),
        (lambda: layout.set_aside(SCAN, [key(1), key(1)]), BadLayout),
        (lambda: layout.bring_back(SCAN, [key(1)], {}), Changed),
        (
            lambda: layout.merge((heap(1, *range(10, 60)), heap(2, *range(100, 111))), [key(1), key(2)]),
            BadLayout,
        ),
    ],
)
def test_it_refuses_what_makes_no_sense_or_is_not_there(act, refusal):
    with pytest.raises(refusal) as refused:
        act()
    assert refused.value.sentence.endswith((".", "?"))


ACTS = ("every", "at", "merge", "move", "new", "before", "earlier", "later", "aside", "back")


def acted(lies, act, chance, places):
    """How things lie after an action with pages and samples that chance picks."""
    kept = [page for one in lies for page in one.pages]
    aside = [page for one in lies for page in one.aside]
    samples = [one.sample for one in lies]
    some = chance.sample(kept, min(len(kept), chance.randint(1, 3)))
    return {
        "every": lambda: layout.split_every(lies, chance.choice(samples), chance.randint(1, 4)),
        "at": lambda: layout.split_at(lies, some),
        "merge": lambda: layout.merge(lies, chance.sample(samples, min(2, len(samples)))),
        "move": lambda: layout.move(lies, some, to=chance.choice(samples)),
        "new": lambda: layout.move(lies, some, to=None),
        "before": lambda: layout.move(
            lies, some, to=next(one.sample for one in lies if kept[0] in one.pages), before=kept[0]
        ),
        "earlier": lambda: layout.step(lies, some, by=-1),
        "later": lambda: layout.step(lies, some, by=1),
        "aside": lambda: layout.set_aside(lies, some),
        "back": lambda: layout.bring_back(lies, aside[:2], places),
    }[act]()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.randoms(use_true_random=False)), max_size=12))
def test_after_any_actions_every_page_is_in_exactly_one_place(steps):
    lies, fresh = (heap(1001, *range(1, 8)), heap(1002, *range(8, 10)), heap(1003, 10)), count(2000)
    everything = sorted(page for one in lies for page in one.pages)
    places = {page: 1 + page.int % 5 for page in everything}
    for act, chance in steps:
        try:
            after = acted(lies, act, chance, places)
        except (BadLayout, IndexError):  # nothing is left to do it with
            continue
        after = layout.settled(lies, after)
        lies = tuple(Heap(one.sample or key(next(fresh)), one.pages, one.aside) for one in after)
        assert sorted(page for one in lies for page in (*one.pages, *one.aside)) == everything
        assert len({one.sample for one in lies}) == len(lies)
