"""When a figure about scores rests on too little to be shown (design, promise 6), and how the others are blurred.

A figure that is shown is shown coarsely: shares in steps of five per cent, counts as 'at least', in steps of five.
Otherwise yesterday's figure taken from today's would tell what one meeting agreed on one class.
"""

FEWEST_SCORERS = 5
FEWEST_SAMPLES = 10
STEP = 5


def why_hidden(*, scorers: int, samples: int) -> str:
    """The reason that stands in the place of a figure, or '' when it may be shown."""
    if samples < FEWEST_SAMPLES:
        return "Hidden, because it would rest on fewer than ten samples."
    if scorers < FEWEST_SCORERS:
        return "Hidden, because it would rest on fewer than five people’s scores."
    return ""


def coarse_percent(part: int, whole: int) -> int:
    """The share of `part` in `whole` (above 0) in per cent, to the nearest five, from 5 to 95."""
    nearest = STEP * round(100 * part / whole / STEP)
    return min(max(nearest, STEP), 100 - STEP)


def coarse_count(count: int) -> int:
    """`count` down to a multiple of five."""
    return count - count % STEP
