"""When Python looks for circles of objects that nobody uses.

Everything else is freed at once. The look through all that lives holds up every screen: with 4,000 open streams for
220 ms, and by default it comes every few seconds.
"""

import gc

#: Circles are young when they are dropped, and found among the young; all are looked through once in a long while.
YOUNG, OLDER, ALL = 5_000, 20, 100


def look_seldom() -> None:
    """Leave alone what was loaded until now, which stays, and seldom look through all the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, ALL)
