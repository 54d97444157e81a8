"""Find files that no row names, and rows whose file is not there."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from esw.core import clock, stored
from esw.core.storage import StorageAway

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Counts the files that no row names and the rows that name a file which is not there. "
        "Changes nothing, unless --remove is given: then the former go."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove the files that no row names")
        parser.add_argument(
            "--days", type=float, default=1.0, help="leave alone what was written within so many days (1; at least 0.1)"
        )

    def handle(self, *_: Any, remove: bool, days: float, **__: Any) -> None:
        if not 0.1 <= days <= 3650:  # noqa: PLR2004
            raise CommandError("--days takes 0.1 to 3650: a file lies there for a while before its row is written.")
        try:
            found = stored.look(before=clock.now() - timedelta(days=days), remove=remove)
        except StorageAway as away:
            raise CommandError(away.sentence) from away
        self.say(found, remove=remove)

    def say(self, found: stored.Found, *, remove: bool) -> None:
        lost = sum(file.size for file in found.lost)
        self.stdout.write(f"{found.files} files, {found.bytes / 1e6:.1f} MB.")
        self.stdout.write(f"{len(found.lost)} files without a row, {lost / 1e6:.1f} MB{', removed' * remove}.")
        self.stdout.write(f"{found.half} begun and never finished{', removed' * remove}.")
        self.stdout.write(f"{len(found.missing)} rows without their file.")
        for one in found.missing[:SHOWN]:
            self.stdout.write(f"  {one.row} {one.pk}: {one.name}")
        if (found.lost or found.half) and not remove:
            self.stdout.write("Nothing was changed. With --remove, the files without a row go.")
