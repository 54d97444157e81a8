"""`manage.py import_standards FILE --district NAME`: a framework of standards from CASE JSON or CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from esw.core import clock
from teams.models import District
from work_samples import standards
from work_samples.domain.standards import import_framework


class Command(BaseCommand):
    help = "Import a framework of standards from a CASE package (JSON) or a table (CSV); again to update it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--district", required=True, help="its name or its id")
        parser.add_argument("--title", default="", help="what a table is called (otherwise as its file)")
        parser.add_argument("--keep-rest", action="store_true", help="leave out rows that cannot be read")

    def handle(self, *, file: Path | str, district: str, title: str = "", keep_rest: bool = False, **_: Any) -> None:
        into, path = _district(district), Path(file)
        try:
            with path.open("rb") as data:
                found = data.read(standards.MAX_BYTES + 1)
        except OSError as problem:
            raise CommandError(f"{path} cannot be read: {problem.strerror}.") from problem
        try:
            read = standards.read(found, title=title or path.stem, keep_rest=keep_rest)
        except standards.CannotRead as refused:
            raise CommandError("\n".join([refused.sentence, *map(str, refused.rows)])) from refused
        done = import_framework(district=into, read=read, by=None, now=clock.now())
        for sentence in done.repairs:
            self.stdout.write(sentence)
        self.stdout.write(
            f"{done.framework.title}: {done.added} added, {done.changed} changed, {done.retired} retired, "
            f"{done.same} as before."
        )


def _district(given: str) -> District:
    try:
        found = list(District.objects.filter(pk=UUID(given)))
    except ValueError:
        found = list(District.objects.filter(name=given)[:2])
    if not found:
        raise CommandError(f"There is no district called “{given}”.")
    if len(found) > 1:
        raise CommandError(f"Several districts are called “{given}”; give the id of one.")
    return found[0]
