"""Reading what a command was given. It comes raw from HTTP, so nothing here may trip over anything.

Nothing hostile is echoed, hashed, or handed to ``int()`` or ``float()`` before its shape is known.
"""

from __future__ import annotations

import re

from sessions_app.engine_state import BadArgument

#: ``extend`` adds at least and at most this many minutes at once, in halves.
EXTEND_MINUTES = (1, 120)
#: However often it is extended, a step never grows beyond this.
LONGEST_STEP_MINUTES = 480
#: No number that a command takes is anywhere near this.
_LARGEST = 10**6


def blank(value: object) -> bool:
    """Whether an optional argument was not given: absent, null or an empty form field."""
    return value is None or (isinstance(value, str) and not value)


def step_index(value: object, *, count: int) -> int:
    """The index for a 1-based step number of ``count`` steps; ``BadArgument`` when there is no such step."""
    number = _decimal(value)
    if number is None or not number.is_integer() or not 1 <= number <= count:
        raise BadArgument(f"A step is a number from 1 to {count}.")
    return int(number) - 1


def minutes_argument(value: object) -> float:
    """Minutes to add, 1 when not given; ``BadArgument`` unless whole or half, within ``EXTEND_MINUTES``."""
    least, most = EXTEND_MINUTES
    number = 1.0 if blank(value) else _decimal(value)
    if number is None or not least <= number <= most or not (number * 2).is_integer():
        raise BadArgument(f"Minutes are a number from {least} to {most}, in whole or half minutes.")
    return whole(number)


def whole(number: float) -> float:
    """An int where the number is whole, so that 5 minutes read '5' and not '5.0'."""
    return int(number) if number == int(number) else number


def _decimal(value: object) -> float | None:
    """A small non-negative number from JSON or a form; ``None`` for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value <= _LARGEST else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value):
        return float(value)
    return None
