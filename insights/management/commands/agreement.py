"""`manage.py agreement FILE.csv`: how far the raters in a file agree. Needs no database and no setting."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from insights.agreement import Agreement, BadRatings, Report, report
from insights.agreement_json import report_json
from insights.ratings_csv import parse_levels, read_ratings


class Command(BaseCommand):
    help = "Agreement between raters, from a CSV file with the columns sample, criterion, rater, level."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file: sample,criterion,rater,level (and perhaps consensus)")
        parser.add_argument("--json", action="store_true", help="every figure as JSON")
        parser.add_argument("--levels", metavar="LOW..HIGH", help="the rubric's levels, for example 1..4")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            levels = parse_levels(options["levels"]) if options["levels"] else None
            figures = report(read_ratings(Path(options["file"]), levels=levels))
        except BadRatings as problem:
            self.stderr.write(str(problem))
            sys.exit(2)
        if options["json"]:
            self.stdout.write(json.dumps(report_json(figures), indent=2, allow_nan=False))
        else:
            self.stdout.write(_table(figures))


def _table(figures: Report) -> str:
    names = {"all criteria": figures.overall, **figures.criteria}
    width = max(len(name) for name in names)
    head = f"{'':{width}}  exact  (chance)  adjacent  (chance)  pairs  samples  raters"
    return "\n".join([head, *(f"{name:{width}}  {_line(row)}" for name, row in names.items())])


def _line(row: Agreement) -> str:
    return (
        f"{_percent(row.exact):>5}  {_percent(row.exact_chance):>8}  {_percent(row.adjacent):>8}  "
        f"{_percent(row.adjacent_chance):>8}  {row.n_pairs:>5}  {row.n_samples:>7}  {row.n_raters:>6}"
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
