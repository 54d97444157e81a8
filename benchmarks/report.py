"""Where figures go: each benchmark prints its lines and replaces its own section of docs/performance.md.

`write_section("images", "Photos, scans and PDFs", [*table(["what", "time"], rows), "", "A sentence."])`
"""

import math
import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

PERFORMANCE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
HEAD = """# Performance

Figures that were measured, each with the machine it was measured on. `make bench` measures them anew and replaces
the sections below; `make bench ONLY=images` one of them. Nothing here is asserted in a test: a busy machine is slow
and not wrong.
"""


def _busy() -> str:
    """What else the machine does: figures from a busy one are no worse than they look, and no better."""
    try:
        return f"load average {os.getloadavg()[0]:.1f} before the start"
    except (OSError, AttributeError):
        return "load unknown"


_BUSY = _busy()


def write_section(name: str, title: str, lines: Iterable[str]) -> None:
    """Print the lines, and put them (Markdown) under `title` in place of what `name` wrote the last time.

    The day, the machine and how busy it was are added. A section that is new comes last.
    """
    body = "\n".join(lines).strip()
    where = f"{machine()}; {_BUSY}"
    print(f"{title}\n\n{body}\n\n{where}", flush=True)
    measured = f"*{datetime.now(UTC):%d %B %Y}: {where}.*"
    section = f"<!-- {name} -->\n## {title}\n\n{body}\n\n{measured}\n<!-- /{name} -->\n"
    PERFORMANCE.write_text(_with_section(_so_far(), name, section), encoding="utf-8")


def _so_far() -> str:
    return PERFORMANCE.read_text(encoding="utf-8") if PERFORMANCE.exists() else HEAD


def _with_section(text: str, name: str, section: str) -> str:
    old = re.compile(rf"<!-- {re.escape(name)} -->\n.*?<!-- /{re.escape(name)} -->\n", re.DOTALL)
    if old.search(text):
        return old.sub(lambda _: section, text, count=1)
    return f"{text.rstrip()}\n\n{section}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table; every column but the first is set to the right."""
    marks = ["---", *["---:"] * (len(head) - 1)]
    return [_row(head), _row(marks), *(_row(row) for row in rows)]


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def machine() -> str:
    """'2 cores (AMD EPYC 7B13), 16 GB, Debian GNU/Linux 12, Python 3.11.2'."""
    processor = _processor()
    cores = f"{cpus()} cores{f' ({processor})' if processor else ''}"
    return f"{cores}, {_memory()}{_system()}, Python {platform.python_version()}"


def cpus() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names and names[0] != "unknown" else ""


def _memory() -> str:
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return ""
    return f"{pages / 1024**3:.0f} GB, "


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError, AttributeError):
        return f"{platform.system()} {platform.release()}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed, by the nearest rank. Raises ValueError for none."""
    if not values:
        raise ValueError("There is nothing to take a percentile of.")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(seconds: float) -> str:
    """0.0123 → '12 ms'; 0.00123 → '1.2 ms'."""
    value = seconds * 1000
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"  # noqa: PLR2004 (two figures)
