"""`python manage.py demo_school`: the demo school of `make run`, made once and kept."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from esw.core import clock
from home.demo.hand import FontsMissingError
from home.demo.load import HalfThere, make_demo


class Command(BaseCommand):
    help = "Make the demo school, unless it is there already, and write DATA_DIR/demo.json."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            make_demo(now=clock.now())
        except (HalfThere, FontsMissingError) as problem:
            raise CommandError(str(problem)) from problem
