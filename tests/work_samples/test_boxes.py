"""Boxes come from outside: each is read, judged and clipped to its page."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_samples.domain import boxes

FIRST, SECOND = uuid4(), uuid4()
PAGES = {1: FIRST, 2: SECOND}
GOOD = {"page": 1, "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.1}


def test_it_reads_a_page_by_its_number_or_its_id():
    read = boxes.read([GOOD, {**GOOD, "page": str(SECOND)}, {**GOOD, "page": SECOND.hex}], pages=PAGES)
    assert [box.page for box in read] == [FIRST, SECOND, SECOND]


def test_it_reads_json_as_well_as_a_list():
    assert boxes.read(json.dumps([GOOD]), pages=PAGES) == boxes.read([GOOD], pages=PAGES)


def test_no_boxes_are_a_good_answer():
    assert boxes.read("[]", pages=PAGES) == []


def test_a_box_that_sticks_out_is_clipped_to_the_page():
    (box,) = boxes.read([{"page": 1, "x": -0.2, "y": 0.9, "w": 5, "h": 0.5}], pages=PAGES)
    assert (box.x, box.y, box.w) == (0, 0.9, 1)
    assert box.h == pytest.approx(0.1)


HOSTILE = {
    "not JSON": "{",
    "nothing": None,
    "a number": 7,
    "an object": {"page": 1},
    "JSON of an object": '{"page": 1}',
    "a list of lists": [[1, 2, 3, 4]],
    "a list of nothing": [None],
    "a deep list": "[" * 100_000,
    "no page": [{key: value for key, value in GOOD.items() if key != "page"}],
    "a page that is not there": [{**GOOD, "page": 3}],
    "page true": [{**GOOD, "page": True}],
    "a page by another id": [{**GOOD, "page": str(uuid4())}],
    "a page as a list": [{**GOOD, "page": [1]}],
    "no width": [{key: value for key, value in GOOD.items() if key != "w"}],
    "a string": [{**GOOD, "x": "0.1"}],
    "true": [{**GOOD, "x": True}],
    "null": [{**GOOD, "h": None}],
    "NaN": '[{"page": 1, "x": NaN, "y": 0, "w": 1, "h": 1}]',
    "infinity": '[{"page": 1, "x": 0, "y": 0, "w": Infinity, "h": 1}]',
    "a number beyond all floats": [{**GOOD, "w": 10**400}],
    "a negative width": [{**GOOD, "w": -0.1}],
    "no height at all": [{**GOOD, "h": 0}],
    "left of the page": [{**GOOD, "x": -0.5, "w": 0.4}],
    "right of the page": [{**GOOD, "x": 1.5}],
    "below the page": [{**GOOD, "y": 1}],
    "ten thousand boxes": [GOOD] * 10_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_makes_no_sense_gets_one_sentence(raw):
    with pytest.raises(boxes.BadBoxes) as refused:
        boxes.read(raw, pages=PAGES)
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence) < 200


sides = st.floats(-3, 3, allow_nan=False)


@given(sides, sides, sides, sides)
def test_whatever_comes_in_lies_on_the_page_or_is_refused(x, y, w, h):
    try:
        left, top, width, height = boxes.clip(x, y, w, h)
    except boxes.BadBoxes:
        return
    assert 0 <= left < 1
    assert 0 <= top < 1
    assert 0 < width <= 1
    assert 0 < height <= 1
    assert left + width <= 1 + 1e-9
    assert top + height <= 1 + 1e-9
