"""Invented names for districts, schools, teams and people at scale; a number keeps them apart where they repeat."""

import random

FIRST = (
    "Ada", "Amir", "Anja", "Bao", "Carla", "Chidi", "Dana", "Diego", "Elif", "Emil", "Farah", "Gita", "Hugo", "Ines",
    "Jonas", "Kaya", "Leila", "Luca", "Mina", "Noor", "Olga", "Pavel", "Quinn", "Rana", "Sami", "Tala", "Umar", "Vera",
    "Wren", "Yusuf", "Zora", "Tariq",
)  # fmt: skip
LAST = (
    "Abbott", "Barros", "Castell", "Dufour", "Eklund", "Ferreira", "Galvan", "Haines", "Ito", "Jansen", "Kaur",
    "Lowell", "Mbeki", "Nyberg", "Osman", "Prado", "Quigley", "Romero", "Sandhu", "Tanaka", "Ueda", "Vance", "Whitlock",
    "Xu", "Yates", "Zeller", "Okoro", "Fairweather", "Lindqvist", "Marsh", "Novak", "Solano",
)  # fmt: skip
PLACES = (
    "Alder", "Birch", "Cedar", "Dale", "Elm", "Fern", "Glen", "Heath", "Juniper", "Laurel", "Maple", "Oak", "Pine",
    "Quarry", "River", "Stone", "Thorn", "Valley", "Willow", "Yarrow",
)  # fmt: skip
KINDS = ("Creek", "Hill", "Park", "Field", "Bridge", "Wood", "Bay", "Ridge")


def person(rng: random.Random) -> str:
    """A first and a last name."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def school(rng: random.Random, number: int) -> str:
    """A school's name with its number."""
    return f"{rng.choice(PLACES)} {rng.choice(KINDS)} School {number}"
