"""Serve the demo school as it is at a given hour: a folder of its own, a clock that was set, all else as in `make run`.

    python scripts/demo_at.py 2026-11-24T15:30+00:00 --port 8123 --data DIR

The clock goes on from that hour. Nothing outside DIR is touched.
"""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("hour", type=datetime.fromisoformat)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--data", type=Path, required=True)
    chosen = options.parse_args()

    sys.path.insert(0, str(ROOT))
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    os.environ.clear()
    os.environ.update(
        kept,
        DJANGO_SETTINGS_MODULE="esw.settings",
        DATA_DIR=str(chosen.data),
        STATIC_ROOT=str(chosen.data / "static"),
        COMPRESS_STATIC="0",
        SITE_URL=f"http://127.0.0.1:{chosen.port}",
    )
    set_clock(chosen.hour)
    import django  # noqa: PLC0415 (the environment and the clock come first)
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    for command in ("collectstatic", "migrate"):
        call_command(command, interactive=False, verbosity=0)
    call_command("demo_school")
    call_command("serve", port=chosen.port)


def set_clock(hour: datetime) -> None:
    """From now on it is `hour` and later, for everyone who asks Django what time it is."""
    from django.utils import timezone  # noqa: PLC0415 (see above)

    real = timezone.now
    ahead = hour - real()
    timezone.now = lambda: real() + ahead


if __name__ == "__main__":
    main()
