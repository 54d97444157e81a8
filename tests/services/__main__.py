"""Run a command beside real services: `python -m tests.services COMMAND…`.

It finds `DATABASE_URL` and `REDIS_URL` in its environment: those that were set, else throw-away servers that end with
it. Ends with the command's exit code, or with 69 (and a sentence) when a server is not installed here.
"""

import contextlib
import os
import subprocess
import sys

from tests.services import Missing, start_postgres, start_redis

NOT_INSTALLED = 69


def main(command: list[str]) -> int:
    environment = dict(os.environ)
    with contextlib.ExitStack() as running:
        try:
            for name, start in (("DATABASE_URL", start_postgres), ("REDIS_URL", start_redis)):
                if not environment.get(name):
                    environment[name] = running.enter_context(start()).url
        except Missing as missing:
            print(missing, file=sys.stderr)  # noqa: T201
            return NOT_INSTALLED
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
