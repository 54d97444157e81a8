"""PDF documents by typst and charts by Vega, each made in a short-lived process of its own (`press/child.py`).

    chart = chart_svg(spec)                                  Vega-Lite as data → SVG
    pdf = render_pdf(
        template="record.typ",                               a file in reports/typst/
        data={"title": "…", …},                              JSON; every string in it is words, never markup
        pictures={"chart.svg": chart, "page-1.jpg": …},      a template shows them by `/pictures/chart.svg`
    )

The document is PDF/UA-1: typst refuses a picture without `alt:`, a skipped level of heading, and a document without
`#set document(title: …)`. A template begins with `#import "look.typ": *` and `#show: look.with(data, …)`, which bring
the fonts, the paper, the running title and the page numbers; `look.typ` says what else there is. Texts may be in any
script: `words(…)` in the template sets the direction, and what no font can show has become a white square before the
template sees it (`data.missing` is true then). Both functions raise CannotMake with one sentence for whoever waits,
take a second or so, and belong into a job.
"""

import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from esw.core.disk import is_full
from esw.core.secrets import private_folder

log = logging.getLogger(__name__)

CHILD = Path(__file__).parent / "press" / "child.py"
TEMPLATES = Path(__file__).parent / "typst"
SCRATCH = "making"
SCRATCH_PREFIX = "document-"
FORGET_AFTER = 3600.0  # seconds
MIB = 1024 * 1024
SENTENCES = {
    "fonts": "The fonts that a PDF needs are not set up on this server. Tell the person who looks after ESW.",
    "time": "Making this file took too long, so ESW stopped. Try again in a moment.",
    "memory": "This file needs more memory to make than ESW may use. The page and the spreadsheet have it all.",
    "disk": "There is no room left on the server for this file. Tell the person who looks after ESW; nothing is lost.",
    "broken": "This file could not be made. The page and the spreadsheet have it all.",
}
#: What killed a child that could not say so itself.
ENDINGS = {
    getattr(signal, name, 0): code
    for name, code in (("SIGXCPU", "time"), ("SIGKILL", "memory"), ("SIGABRT", "memory"), ("SIGILL", "memory"))
}
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "ESW_PRESS_DEBUG")
AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
_turns = threading.BoundedSemaphore(AT_ONCE)


class CannotMake(Exception):
    """The document cannot be made; `sentence` says why to whoever waits, `code` is its key in `SENTENCES`."""

    def __init__(self, code: str) -> None:
        self.code = code if code in SENTENCES else "broken"
        self.sentence = SENTENCES[self.code]
        super().__init__(self.sentence)


@dataclass(frozen=True)
class Limits:
    """What one document may cost. Memory is address space for a document, and what is used for a chart."""

    seconds: float = 90.0
    cpu_seconds: int = 80
    memory_bytes: int = 1536 * MIB
    output_bytes: int = 96 * MIB
    open_files: int = 512


def render_pdf(
    *, template: str, data: dict[str, Any], pictures: Mapping[str, bytes], limits: Limits | None = None
) -> bytes:
    """The document as PDF/UA-1. `pictures`: file name (letters, digits, dots, dashes) → JPEG, PNG or SVG."""
    with _scratch() as folder:
        shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)
        (folder / "pictures").mkdir()
        for name, picture in pictures.items():
            (folder / "pictures" / Path(name).name).write_bytes(picture)
        job = {"do": "pdf", "template": template, "data": data, "made_at": int(time.time()), "paper": settings.PAPER}
        return _in_child(job, folder, limits or Limits())


def chart_svg(spec: Mapping[str, Any], *, limits: Limits | None = None) -> bytes:
    """The chart as SVG in the fonts of our documents. `spec` is Vega-Lite with its data inside."""
    with _scratch() as folder:
        return _in_child({"do": "chart", "spec": dict(spec)}, folder, limits or Limits())


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A private folder, gone afterwards; what a server that was killed left in one goes with the next."""
    root = private_folder(settings.DATA_DIR / SCRATCH)
    forget_leftovers(older_than=FORGET_AFTER)
    try:
        folder = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=root))
    except OSError as problem:
        raise CannotMake("disk" if is_full(problem) else "broken") from problem
    try:
        yield folder
    except OSError as problem:
        raise CannotMake("disk" if is_full(problem) else "broken") from problem
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget_leftovers(*, older_than: float) -> None:
    """Remove folders that nobody has worked in for `older_than` seconds: there are pages in them."""
    for folder in (settings.DATA_DIR / SCRATCH).glob(f"{SCRATCH_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > older_than:
                shutil.rmtree(folder, ignore_errors=True)


def _in_child(job: dict[str, Any], folder: Path, limits: Limits) -> bytes:
    job |= {
        "limits": asdict(limits),
        "parent": os.getpid(),
        "sources": str(settings.FONT_SOURCES),
        "built": str(settings.FONTS_ROOT),
    }
    with _turns:
        said = _answer(_run(json.dumps(job).encode(), folder, limits))
    if "cannot" in said:
        log.warning("a document could not be made: %s (%s)", said["cannot"], said.get("error", "-"))
        raise CannotMake(str(said["cannot"]))
    log.info("made %s with %s MiB at its peak", job.get("template", "a chart"), said.get("peak_mib"))
    return (folder / Path(str(said["made"])).name).read_bytes()


def _run(job: bytes, folder: Path, limits: Limits) -> bytes:
    """What the child said. Whatever happens, it is gone when this ends."""
    child = subprocess.Popen(  # noqa: S603  (our own program, no shell)
        [sys.executable, "-I", "-B", str(CHILD)],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("ESW_PRESS_DEBUG") else subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(job, timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        raise CannotMake("time") from None
    finally:
        _end(child)
    if child.returncode:
        log.warning("making a document ended with status %s", child.returncode)
        raise CannotMake(ENDINGS.get(-child.returncode, "broken"))
    return said


def _answer(said: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(said)
    except ValueError:
        return {"cannot": "broken"}
    return answer if isinstance(answer, dict) and ("made" in answer or "cannot" in answer) else {"cannot": "broken"}


def _environment() -> dict[str, str]:
    """No secret of the server reaches the child."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "RAYON_NUM_THREADS": "2"}


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it started, and reap it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
