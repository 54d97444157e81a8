"""Redaction boxes as they arrive from outside: read, judged and clipped to the page. No database in here."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

MAX_BOXES = 2000
SIDES = ("x", "y", "w", "h")
# Thinner than a tenth of a pixel of a page image is nothing that a person drew.
LEAST = 0.00005

NOT_A_LIST = "The boxes could not be read: a list is needed, each with page, x, y, w and h."
TOO_MANY = f"These are more than {MAX_BOXES:,} boxes, the most for one sample. Cover more with fewer, larger ones."
NO_SUCH_PAGE = "One of the boxes is on a page that this sample does not have."
NOT_NUMBERS = "A box needs numbers for x, y, w and h, in shares of the page from 0 to 1."
OFF_THE_PAGE = "One of the boxes lies beside its page, so it would hide nothing."
NO_SIZE = "A box needs a width and a height above 0."


class BadBoxes(Exception):
    """The boxes make no sense; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class PlacedBox:
    """A box on a page, in shares of the page (0 to 1), y downward, wholly on the page."""

    page: UUID
    x: float
    y: float
    w: float
    h: float


def read(raw: object, *, pages: Mapping[int, UUID]) -> list[PlacedBox]:
    """The boxes in `raw`, a list or its JSON; a page is its number or its id, `pages` maps one to the other.

    A box that sticks out is clipped. Raises BadBoxes.
    """
    listed = _listed(raw)
    if len(listed) > MAX_BOXES:
        raise BadBoxes(TOO_MANY)
    return [_placed(one, pages) for one in listed]


def _listed(raw: object) -> Sequence[Any]:
    if isinstance(raw, str | bytes):
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError) as problem:
            raise BadBoxes(NOT_A_LIST) from problem
    if not isinstance(raw, list):
        raise BadBoxes(NOT_A_LIST)
    return raw


def _placed(one: object, pages: Mapping[int, UUID]) -> PlacedBox:
    if not isinstance(one, dict):
        raise BadBoxes(NOT_A_LIST)
    return PlacedBox(_page(one.get("page"), pages), *clip(*(_number(one.get(side)) for side in SIDES)))


def _page(named: object, pages: Mapping[int, UUID]) -> UUID:
    if isinstance(named, int) and not isinstance(named, bool) and named in pages:
        return pages[named]
    if isinstance(named, str):
        for page in pages.values():
            if named.lower() in {str(page), page.hex}:
                return page
    raise BadBoxes(NO_SUCH_PAGE)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadBoxes(NOT_NUMBERS)
    try:
        number = float(value)
    except OverflowError as problem:
        raise BadBoxes(NOT_NUMBERS) from problem
    if not math.isfinite(number):
        raise BadBoxes(NOT_NUMBERS)
    return number


def clip(x: float, y: float, w: float, h: float) -> tuple[float, float, float, float]:
    """The part of a box that lies on the page. Raises BadBoxes when there is none."""
    if w <= 0 or h <= 0:
        raise BadBoxes(NO_SIZE)
    left, right = max(0.0, x), min(1.0, x + w)
    top, bottom = max(0.0, y), min(1.0, y + h)
    if right - left < LEAST or bottom - top < LEAST:
        raise BadBoxes(OFF_THE_PAGE)
    # A difference may come out a hair beyond the edge.
    return left, top, min(right - left, 1 - left), min(bottom - top, 1 - top)
