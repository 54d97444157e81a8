"""Cutting and turning as numbers: boxes go along, and nothing that was covered once shows again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_samples.domain import shapes
from work_samples.domain.shapes import BadShape, Look

PAGE = Look(1000, 1400)
share = st.floats(0, 1)


def test_a_box_turns_with_its_page():
    shown, lost = shapes.carried([(0.1, 0.2, 0.3, 0.1)], [], before=PAGE, after=PAGE.turned(1))
    assert shown == [pytest.approx((0.7, 0.1, 0.1, 0.3))]
    assert lost == []


def test_four_quarters_are_none():
    assert PAGE.turned(1).turned(3) == PAGE
    assert PAGE.turned(1).turned(3).is_plain


def test_a_cut_keeps_no_more_than_was_asked_for():
    left, top, right, bottom = PAGE.cropped((0.1, 0.1, 0.5, 0.5)).crop
    assert left >= 104
    assert top >= 144
    assert right <= 596
    assert bottom <= 836
    assert min(600 - right, left - 100) >= 4  # the ink beside the edge leaves an echo


def test_an_edge_that_stays_is_not_cut_again():
    once = PAGE.cropped((0, 0, 0.5, 1))
    assert once.crop[:2] == (0, 0)
    assert once.crop[3] == 1400
    assert once.cropped((0, 0, 1, 1)) == once


def test_a_cut_is_of_what_is_shown_turned_or_not():
    turned = PAGE.turned(1).cropped((0, 0, 1, 0.5))  # the upper half of what shows is the left half of the page
    assert turned.crop[0] == 0
    assert turned.crop[1] == 0
    assert turned.crop[2] < 500
    assert turned.crop[3] == 1400


def test_a_box_is_clipped_by_a_cut_and_whole_again_without():
    cut = PAGE.cropped((0, 0.5, 1, 0.5))
    boxes = [(0.1, 0.4, 0.2, 0.2), (0.1, 0.1, 0.2, 0.1), (0.5, 0.8, 0.1, 0.1)]
    shown, lost = shapes.carried(boxes, [], before=PAGE, after=cut)
    assert len(shown) == 2
    assert len(lost) == 2
    again, lost = shapes.carried(shown, lost, before=cut, after=PAGE)
    assert sorted(again) == [pytest.approx(box) for box in sorted(boxes)]
    assert lost == []


@given(st.tuples(share, share, share, share), st.integers(0, 3), st.tuples(share, share, share, share))
def test_what_was_covered_is_covered_after_a_cut_and_back(box, turn, piece):
    x, y, w, h = box
    w, h = max(0.001, min(w, 1 - x)), max(0.001, min(h, 1 - y))
    x, y = min(x, 1 - w), min(y, 1 - h)
    before = PAGE.turned(turn)
    try:
        cut = before.cropped(shapes.piece_of(piece))
    except BadShape:
        return
    shown, lost = shapes.carried([(x, y, w, h)], [], before=before, after=cut)
    assert all(0 <= side <= 1 for one in shown for side in one)
    again, _ = shapes.carried(shown, lost, before=cut, after=before)
    assert any(
        a <= x + 0.002 and b <= y + 0.002 and a + c >= x + w - 0.002 and b + d >= y + h - 0.002 for a, b, c, d in again
    )


@pytest.mark.parametrize("piece", [(0, 0, 0.01, 1), (0, 0, 0, 0), (2, 2, 1, 1), (0.5, 0.5, -1, 1)])
def test_it_refuses_to_leave_hardly_anything(piece):
    with pytest.raises(BadShape):
        PAGE.cropped(shapes.piece_of(piece))


@pytest.mark.parametrize(
    "piece",
    [("a", 0, 1, 1), (None, 0, 1, 1), (float("nan"), 0, 1, 1), ("1e999", 0, 1, 1), (True, 0, 1, 1), ([], 0, 1, 1)],
)
def test_it_refuses_what_is_no_number(piece):
    with pytest.raises(BadShape):
        shapes.piece_of(piece)
