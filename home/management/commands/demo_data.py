"""`python manage.py demo_data --schools N --teams N --sessions N --seed N`: data to try how ESW bears much of it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from esw.core import clock
from home.demo.hand import FontsMissingError
from home.demo.scale import SeedIsUsed, Size, make_data

MOST_SCHOOLS, MOST_TEAMS, MOST_SESSIONS = 500, 60, 500
MOST_TOGETHER = 200_000
MOST_SEED = 2**31 - 1
LONGEST = 12  # digits that are worth reading


class Command(BaseCommand):
    help = (
        "Make schools, teams and finished sessions at scale, in a district of their own. "
        "The same seed makes the same data. Without --password nobody can log in as the people that it makes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        # Read as text, so that whatever is typed is answered with one sentence.
        parser.add_argument("--schools", default="3", help=f"how many schools, up to {MOST_SCHOOLS} (default 3)")
        parser.add_argument("--teams", default="4", help=f"teams in each school, up to {MOST_TEAMS} (default 4)")
        parser.add_argument(
            "--sessions", default="12", help=f"sessions of each team, up to {MOST_SESSIONS} (default 12)"
        )
        parser.add_argument("--password", help="a password for everybody that is made")
        parser.add_argument("--seed", default="1", help="which data: a number from 0 (default 1)")

    def handle(self, *_args: Any, **options: Any) -> None:
        size = Size(
            schools=_number("schools", options["schools"], 1, MOST_SCHOOLS),
            teams=_number("teams", options["teams"], 1, MOST_TEAMS),
            sessions=_number("sessions", options["sessions"], 1, MOST_SESSIONS),
        )
        seed = _number("seed", options["seed"], 0, MOST_SEED)
        together = size.schools * size.teams * size.sessions
        if together > MOST_TOGETHER:
            raise CommandError(f"This would make {together:,} sessions; {MOST_TOGETHER:,} are the most in one run.")
        try:
            administrator = make_data(size, seed=seed, now=clock.now(), password=options["password"])
        except (SeedIsUsed, FontsMissingError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"Made {together:,} sessions of {size.schools * size.teams:,} teams in District {seed}, "
            f"which {administrator} administers."
        )


def _number(name: str, typed: object, least: int, most: int) -> int:
    """The number that was typed, or one sentence about what it should be."""
    text = str(typed).strip()
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    if not is_number or not least <= int(text) <= most:
        raise CommandError(f"--{name} is a whole number from {least} to {most:,}.")
    return int(text)
