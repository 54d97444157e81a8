"""`manage.py serve`: ESW in one process, or with Redis in several."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from esw.core import server

LOCK_PATIENCE = 5.0  # seconds for a server that is just ending
DATABASE_PATIENCE = 30.0  # seconds for a database that starts at the same time


class Command(BaseCommand):
    help = "Serve ESW, with the worker inside unless REDIS_URL names another place for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=1, help="more than one needs REDIS_URL (default: 1)")

    def handle(self, **options: Any) -> None:
        host, port, processes = options["host"], options["port"], options["processes"]
        self._check_processes(processes)
        self._check_migrated()
        until = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                return server.serve(host=host, port=port, processes=processes)
            except server.AlreadyServed as other:
                if time.monotonic() > until:
                    raise CommandError("ESW is already running on this folder. Stop it, or set DATA_DIR.") from other
                time.sleep(0.1)
            except OSError as taken:
                raise CommandError(f"Cannot listen on {host}, port {port}: {taken.strerror}. Set PORT=.") from taken

    @staticmethod
    def _check_processes(processes: int) -> None:
        if processes < 1:
            raise CommandError("At least one process has to serve.")
        if processes > 1 and (settings.EMBEDDED_WORKER or not settings.REDIS_URL):
            raise CommandError(
                "Several processes hear of each other through Redis and leave the jobs to workers of their own: "
                "set REDIS_URL, and leave EMBEDDED_WORKER off."
            )

    @classmethod
    def _check_migrated(cls) -> None:
        until = time.monotonic() + DATABASE_PATIENCE
        while True:
            try:
                missing = cls._missing_migrations()
            except OperationalError as away:
                if time.monotonic() > until:
                    raise CommandError("The database does not answer. Look at DATABASE_URL, and start it.") from away
                time.sleep(0.5)
            else:
                break
        if missing:
            raise CommandError("The database is not up to date. Run: python manage.py migrate")

    @staticmethod
    def _missing_migrations() -> bool:
        try:
            executor = MigrationExecutor(connections["default"])
            return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        finally:
            connections.close_all()
