"""The child process that opens a file: `decoder.py`, limited in memory, time and files. No Django in here.

    with scratch_in(folder, limits) as scratch:
        with contextlib.closing(answers_of(job, scratch, limits)) as answers:
            for answer in answers: …

It is killed when it takes too long and gone when the answers end, whatever happens. It sees no secret of the server,
and what it says is not trusted: an evil file may have taken it over. Safe in a worker thread and in a Celery prefork
worker: it uses `subprocess`, no signal and no fork of its own.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from work_samples import kinds
from work_samples.refusals import MAX_PAGES, MIB, CannotRead

logger = logging.getLogger(__name__)

PAGE_LONG_SIDE = 2000
THUMB_LONG_SIDE = 320
# A phone's 108-megapixel photo is welcome in any format; a JPEG, which is decoded straight to a
# fraction of its size, may be as large as the largest phone sensor makes it (200).
MAX_PIXELS = 120_000_000
MAX_JPEG_PIXELS = 220_000_000

DECODER = Path(__file__).with_name("decoder.py").resolve()
SCRATCH_PREFIX = ".making-"
ANSWER_BYTES = MIB
# What killed a child that could not say so itself: the limit of processor time, the kernel when memory
# was short, and the PDF engine, which traps when its own allocation fails.
ENDINGS = {
    getattr(signal, name, 0): code
    for name, code in (("SIGXCPU", "time"), ("SIGKILL", "memory"), ("SIGILL", "memory"), ("SIGTRAP", "memory"))
}
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True)
class Limits:
    """What opening one file may cost. Memory is address space, so the true use stays below it."""

    seconds: float = 120.0
    cpu_seconds: int = 90
    memory_bytes: int = 900 * MIB
    output_bytes: int = 32 * MIB
    open_files: int = 64
    pages: int = MAX_PAGES
    pixels: int = MAX_PIXELS
    jpeg_pixels: int = MAX_JPEG_PIXELS


@dataclass(frozen=True)
class Answer:
    """What one line of the child says: progress, the sizes of the finished pages, or why not.

    `recorded`: how many seconds a finished recording has, and whether there is film in it.
    """

    done: int = 0
    of: int = 0
    sizes: tuple[tuple[int, int], ...] = ()
    recorded: tuple[float, bool] | None = None
    cannot: CannotRead | None = None


@contextlib.contextmanager
def scratch_in(out_dir: Path, limits: Limits) -> Iterator[Path]:
    """A folder of its own for a child, gone afterwards."""
    with disk_full_in_words():
        out_dir.mkdir(parents=True, exist_ok=True)
        _forget_leftovers(out_dir, older_than=2 * limits.seconds + 3600)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=out_dir))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def disk_full_in_words() -> Iterator[None]:
    """A full disk is told as a refusal (CannotRead "disk")."""
    try:
        yield
    except OSError as problem:
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CannotRead("disk") from problem
        raise


def _forget_leftovers(out_dir: Path, *, older_than: float) -> None:
    """Remove what a server that was killed in the middle of a job left: pages with names on them."""
    for folder in out_dir.glob(f"{SCRATCH_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > older_than:
                shutil.rmtree(folder, ignore_errors=True)


def answers_of(job: dict[str, Any], scratch: Path, limits: Limits) -> Generator[Answer, None, None]:
    """Run the child and yield its lines. Whatever happens, it is gone when this ends."""
    deadline = time.monotonic() + limits.seconds
    child = subprocess.Popen(  # noqa: S603  (our own program, no shell, nothing from the upload)
        [sys.executable, "-I", "-B", str(DECODER)],
        cwd=scratch,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _hand_over(child, job | {"parent": os.getpid()})
        yield from _read_lines(child, deadline)
        _check_end(child, deadline)
    finally:
        _end(child)


def _check_end(child: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        status = child.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise CannotRead("time") from None
    if status:
        logger.warning("decoder ended with status %s", status)
        raise CannotRead(ENDINGS.get(-status, "damaged"))


def _environment() -> dict[str, str]:
    """No secret of the server reaches a decoder."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    # An arena a thread would reserve 64 MiB of the address space that we limit.
    return kept | {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}


def _hand_over(child: subprocess.Popen[bytes], job: dict[str, Any]) -> None:
    if child.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError):  # it died at once; its status will say so
        child.stdin.write(json.dumps(job).encode())
        child.stdin.close()


def _read_lines(child: subprocess.Popen[bytes], deadline: float) -> Iterator[Answer]:
    if child.stdout is None:
        return
    handle = child.stdout.fileno()
    waiting, heard = b"", 0
    with selectors.DefaultSelector() as selector:
        selector.register(handle, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise CannotRead("time")
            chunk = os.read(handle, 65536)
            if not chunk:
                return
            heard += len(chunk)
            *lines, waiting = (waiting + chunk).split(b"\n")
            if heard > ANSWER_BYTES:
                raise CannotRead("damaged")
            for line in lines:
                yield _parse(line)


def _parse(line: bytes) -> Answer:
    """One line of the child. A decoder that an evil file has taken over may say anything: trust nothing."""
    try:
        said = json.loads(line)
        if "cannot" in said:
            logger.info("decoder refused a file: %s (%s)", said["cannot"], said.get("error"))
            return Answer(cannot=CannotRead(said["cannot"], **said["facts"]))
        if "pages" in said:
            logger.info("decoder made %d pages with %d MiB at its peak", len(said["pages"]), said["peak_mib"])
            sizes = tuple(_size(page) for page in said["pages"])
            return Answer(sizes=sizes, recorded=_recorded(said["recording"]) if "recording" in said else None)
        return Answer(done=int(said["done"]), of=int(said["of"]))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return Answer(cannot=CannotRead("damaged"))


def _size(page: dict[str, int]) -> tuple[int, int]:
    width, height = int(page["width"]), int(page["height"])
    return min(max(width, 1), PAGE_LONG_SIDE), min(max(height, 1), PAGE_LONG_SIDE)


def _recorded(said: dict[str, Any]) -> tuple[float, bool]:
    seconds = float(said["seconds"])
    if not 0 < seconds <= kinds.recording.MAX_SECONDS + 2:  # no NaN either
        raise ValueError("no length of a recording")
    return seconds, bool(said["has_video"])


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it started, and reap it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if child.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
