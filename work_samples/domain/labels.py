"""Labels of samples: A, B, C … Z, AA, AB …; never from a file's name, which may be a student's."""

from collections.abc import Collection
from itertools import count
from string import ascii_uppercase


def label_for(place: int) -> str:
    """The label at a place, counted from 0: 0 → A, 25 → Z, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, len(ascii_uppercase))
        letters = ascii_uppercase[letter] + letters
    return letters


def first_free(taken: Collection[str]) -> str:
    """The first label that no sample of the assignment carries, capitals and small letters being one."""
    used = {label.upper() for label in taken}
    return next(label for label in map(label_for, count()) if label not in used)
