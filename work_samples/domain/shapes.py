"""How a page is cut and turned, as numbers: what is kept of it, and where a box lies afterwards. No database in here.

A page as it was made is first cut, then turned. Boxes are in shares of the page as it is shown (0 to 1, y downward);
in between they are in pixels of the page as it was made, `Spot`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from work_samples import imaging

Share = tuple[float, float, float, float]
Spot = tuple[float, float, float, float]
Crop = tuple[int, int, int, int]

QUARTERS = 4
#: A piece that is smaller than this, in pixels, shows nothing that one could look at.
LEAST_SIDE = 48
#: A box is as good as within another when no more than this of it sticks out, in pixels.
HAIR = 0.51

TOO_SMALL = "That would leave hardly anything of the page. Keep a larger piece of it."
NOT_A_PIECE = "The piece to keep needs numbers for x, y, w and h, in shares of the page from 0 to 1."


class BadShape(Exception):
    """The page cannot be cut or turned like that; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Look:
    """A page of `width` by `height` pixels as it was made, cut to `crop` (left, top, right, bottom; None: whole),
    then turned by `turn` quarters clockwise.
    """

    width: int
    height: int
    turn: int = 0
    crop: Crop | None = None

    @property
    def kept(self) -> Crop:
        return self.crop or (0, 0, self.width, self.height)

    @property
    def is_plain(self) -> bool:
        return not self.turn and self.crop is None

    def turned(self, quarters: int) -> "Look":
        return Look(self.width, self.height, (self.turn + quarters) % QUARTERS, self.crop)

    def cropped(self, piece: Share) -> "Look":
        """Cut to a piece of what is shown. Never keeps more than was asked for. Raises BadShape."""
        return Look(self.width, self.height, self.turn, self._inside(self.spot(piece)))

    def whole(self) -> "Look":
        return Look(self.width, self.height, self.turn)

    def spot(self, box: Share) -> Spot:
        """Where a box of what is shown lies on the page as it was made."""
        left, top, right, bottom = self.kept
        x, y, w, h = turned_box(box, -self.turn)
        wide, high = right - left, bottom - top
        return left + x * wide, top + y * high, w * wide, h * high

    def share(self, spot: Spot) -> Share | None:
        """The part of a spot that is shown, as a box; None when it is cut off."""
        left, top, right, bottom = self.kept
        x, y, w, h = spot
        start, end = max(x, left), min(x + w, right)
        above, below = max(y, top), min(y + h, bottom)
        if end <= start or below <= above:
            return None
        wide, high = right - left, bottom - top
        box = ((start - left) / wide, (above - top) / high, (end - start) / wide, (below - above) / high)
        return tidy(turned_box(box, self.turn))

    def cuts(self, spot: Spot) -> bool:
        """Whether any of a spot is cut off."""
        left, top, right, bottom = self.kept
        x, y, w, h = spot
        return x < left - HAIR or y < top - HAIR or x + w > right + HAIR or y + h > bottom + HAIR

    def _inside(self, spot: Spot) -> Crop | None:
        left, top, right, bottom = self.kept
        x, y, w, h = spot
        # An edge that stays where it is gives nothing away; any other is cut as a box covers (see `covered_pixels`).
        edges = imaging.kept_pixels((x, y, x + w, y + h), self.kept, self.width, self.height)
        if edges[2] - edges[0] < LEAST_SIDE or edges[3] - edges[1] < LEAST_SIDE:
            raise BadShape(TOO_SMALL)
        is_whole = edges == (0, 0, self.width, self.height)
        return None if is_whole and (left, top, right, bottom) == edges else edges


def turned_box(box: Share, quarters: int) -> Share:
    """A box on a page that is turned by so many quarters clockwise."""
    x, y, w, h = box
    for _ in range(quarters % QUARTERS):
        x, y, w, h = 1 - y - h, x, h, w
    return x, y, w, h


def tidy(box: Share) -> Share:
    """Without what rounding adds beyond the page."""
    x, y, w, h = box
    x, y = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
    return x, y, min(w, 1 - x), min(h, 1 - y)


def piece_of(raw: Sequence[object]) -> Share:
    """Four numbers as a piece of the page, clipped to it. Raises BadShape."""
    numbers = []
    for value in raw:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise BadShape(NOT_A_PIECE)
        try:
            number = float(value)
        except (ValueError, OverflowError) as problem:
            raise BadShape(NOT_A_PIECE) from problem
        if not math.isfinite(number):
            raise BadShape(NOT_A_PIECE)
        numbers.append(number)
    x, y, w, h = numbers
    left, top, right, bottom = max(0.0, x), max(0.0, y), min(1.0, x + w), min(1.0, y + h)
    if right <= left or bottom <= top:
        raise BadShape(TOO_SMALL)
    return left, top, right - left, bottom - top


def carried(
    boxes: Iterable[Share], cut: Iterable[Sequence[float]], *, before: Look, after: Look
) -> tuple[list[Share], list[Spot]]:
    """The boxes of a page after it changed its look, and those that are kept because the cut took or shortened them.

    A box that was cut off comes back whole with its place on the page: nothing that was covered once shows again.
    """
    spots = [before.spot(box) for box in boxes]
    lost: list[Spot] = [(one[0], one[1], one[2], one[3]) for one in cut]
    if before.crop != after.crop:
        spots = [spot for spot in spots if not any(_within(spot, whole) for whole in lost)] + lost
        lost = [spot for spot in spots if after.cuts(spot)]
    shown = [share for spot in spots if (share := after.share(spot)) is not None and min(share[2:]) > 0]
    return shown, lost


def _within(spot: Spot, other: Spot) -> bool:
    return (
        spot[0] >= other[0] - HAIR
        and spot[1] >= other[1] - HAIR
        and spot[0] + spot[2] <= other[0] + other[2] + HAIR
        and spot[1] + spot[3] <= other[1] + other[3] + HAIR
    )
