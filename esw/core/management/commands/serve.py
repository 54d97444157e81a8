"""`manage.py serve`: ESW in one process."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from esw.core import server

LOCK_PATIENCE = 5.0  # seconds for a server that is just ending


class Command(BaseCommand):
    help = "Serve ESW, with the worker inside unless REDIS_URL names another place for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, **options: Any) -> None:
        self._check_migrated()
        host, port = options["host"], options["port"]
        until = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                return server.serve(host=host, port=port)
            except server.AlreadyServed as other:
                if time.monotonic() > until:
                    raise CommandError("ESW is already running on this folder. Stop it, or set DATA_DIR.") from other
                time.sleep(0.1)
            except OSError as taken:
                raise CommandError(f"Cannot listen on {host}, port {port}: {taken.strerror}. Set PORT=.") from taken

    @staticmethod
    def _check_migrated() -> None:
        executor = MigrationExecutor(connections["default"])
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        connections.close_all()
        if missing:
            raise CommandError("The database is not up to date. Run: python manage.py migrate")
