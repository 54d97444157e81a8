"""What `make run` serves: a database that is up to date, the demo school in it, and a word when it is ready."""

import argparse
import contextlib
import os
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 120  # seconds

WELCOME = """
  ESW is ready:  {url}

  Log in as one of these; the password of each is  {password}

    facilitator@demo.example      leads a team, and facilitates the session that waits in the lobby
    teacher1@demo.example         … to teacher6: the rest of that team
    admin@demo.example            the principal
    district@demo.example         the district's office: its rules for student work, its standards
    stranger@elsewhere.example    another district: nothing of this exists for them

  Letters, such as the codes to log in with, are files in {data_dir}/mail.
  Everything is kept in {data_dir}. Stop with Ctrl+C.
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", default=8000, type=int)
    chosen = options.parse_args()
    url = f"http://{'127.0.0.1' if chosen.host in {'0.0.0.0', '::'} else chosen.host}:{chosen.port}"  # noqa: S104

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esw.settings")
    os.environ.setdefault("SITE_URL", url)
    import django  # noqa: PLC0415 (the settings come first)
    from django.core.management import CommandError, call_command  # noqa: PLC0415

    django.setup()
    try:
        call_command("migrate", verbosity=0)
        call_command("demo_school")
        threading.Thread(target=welcome, args=(url,), daemon=True).start()
        call_command("serve", host=chosen.host, port=chosen.port)
    except CommandError as problem:
        sys.exit(f"\n  {problem}\n")


def welcome(url: str) -> None:
    """Print the address and the accounts once the server answers."""
    from django.conf import settings  # noqa: PLC0415

    from home.demo.people import PASSWORD  # noqa: PLC0415

    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310
            print(WELCOME.format(url=url, password=PASSWORD, data_dir=settings.DATA_DIR), flush=True)
            return
        time.sleep(0.1)


if __name__ == "__main__":
    main()
