"""Reading the words on page images, in a limited child process (`reader.py`). No Django in here.

    is_installed()                  whether this machine can
    read_words([page, …], folder)   slow, in a job

What was read is a student's writing and may name anybody: it is handed to the caller and kept nowhere.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib.util
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from work_samples import confinement, names
from work_samples.confinement import Limits
from work_samples.refusals import MIB, CannotRead

#: A page takes some two seconds of two cores and half a gigabyte; most of the address space is only reserved.
LIMITS = Limits(seconds=240.0, cpu_seconds=240, memory_bytes=4096 * MIB, output_bytes=4 * MIB, open_files=256)
#: So many pages share one start of the engine.
PAGES_AT_ONCE = 12
MOST_BYTES = 2 * MIB


@functools.cache
def is_installed() -> bool:
    """Whether what reads words is there (requirements-ocr.txt)."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def read_words(
    pages: Sequence[Path],
    out_dir: Path,
    *,
    on_page: Callable[[int, list[names.Line]], None],
    limits: Limits = LIMITS,
) -> None:
    """Read page images that `imaging.make_pages` made; `on_page(index, lines)` is called after each.

    What `on_page` raises ends the child and is passed on. `out_dir` is a folder for what the child writes, which
    is gone afterwards. Raises CannotRead.
    """
    job: dict[str, Any] = {"do": "read", "pages": [{"image": str(Path(page).resolve())} for page in pages]}
    job["limits"] = dataclasses.asdict(limits)
    with (
        confinement.scratch_in(Path(out_dir), limits) as scratch,
        contextlib.closing(confinement.answers_of(job, scratch, limits)) as answers,
    ):
        heard = 0
        for answer in answers:
            if answer.cannot:
                raise answer.cannot
            while heard < min(answer.done, len(pages)):
                heard += 1
                on_page(heard - 1, _lines(scratch / f"words-{heard:03}.json"))
    if heard < len(pages):
        raise CannotRead("damaged")


def _lines(path: Path) -> list[names.Line]:
    """What the child wrote. A picture that has taken it over may make it write anything: trust nothing."""
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            raise CannotRead("damaged")
        return names.lines_from(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError) as problem:
        raise CannotRead("damaged") from problem
