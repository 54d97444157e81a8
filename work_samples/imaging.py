"""From an upload to page images, and from page images to redacted ones. No Django in here.

What a teacher brings (a phone's photo, a scan, a PDF) becomes upright JPEG pages of at most
`PAGE_LONG_SIDE` pixels and WebP thumbnails, with nothing of the original in them but what can be
seen. The decoding happens in a process of its own (`decoder.py`), limited in memory, time and files,
which is killed when it takes too long. Everything that can go wrong ends in `CannotRead` with one
sentence for the person who brought the file.

    check_upload(path)                      cheap, right after the upload
    make_pages(path, folder)                slow, in a job
    burn([(page, [Box(...)])], folder)      slow, when redactions are confirmed

Safe in a worker thread and in a Celery prefork worker: it uses `subprocess`, no signal and no fork
of its own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import json
import logging
import mmap
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from work_samples import kinds
from work_samples.decoder import covered_pixels, kept_pixels
from work_samples.kinds.pdf import after_blanks

__all__ = [
    "ACCEPTED",
    "MAX_PAGES",
    "MAX_PIXELS",
    "MAX_UPLOAD_BYTES",
    "PAGE_LONG_SIDE",
    "THUMB_LONG_SIDE",
    "Box",
    "CannotRead",
    "Cut",
    "Limits",
    "PageImage",
    "Press",
    "accepted_hint",
    "burn",
    "check_upload",
    "covered_pixels",
    "cut",
    "kept_pixels",
    "make_pages",
    "sniff",
]

logger = logging.getLogger(__name__)

PAGE_LONG_SIDE = 2000
THUMB_LONG_SIDE = 320
MAX_PAGES = 60
MIB = 1024 * 1024
MAX_UPLOAD_BYTES = 50 * MIB
# A phone's 108-megapixel photo is welcome in any format; a JPEG, which is decoded straight to a
# fraction of its size, may be as large as the largest phone sensor makes it (200).
MAX_PIXELS = 120_000_000
MAX_JPEG_PIXELS = 220_000_000

ACCEPTED = {kind.name: kind.label for kind in kinds.KINDS if kind.label}


def _listed(labels: Sequence[str]) -> str:
    return " or ".join([", ".join(labels[:-1]), labels[-1]])


#: What every server can read, whatever is installed on it.
ACCEPTED_KINDS = _listed([kind.label for kind in kinds.KINDS if kind.label and not kind.convert and not kind.record])


def accepted_hint(*, recordings: bool = False) -> str:
    """What may be brought to this server, for the upload page; recordings where the district takes them."""
    labels = _listed([kind.label for kind in kinds.available()])
    taken = f"{labels}, up to {MAX_PAGES} pages and {MAX_UPLOAD_BYTES // MIB} MB a file"
    recorded = [kind.label for kind in kinds.available(recordings=recordings) if kind.record]
    if not recorded:
        return taken
    most = f"{kinds.recording.MAX_MINUTES} minutes and {kinds.recording.MAX_BYTES // MIB} MB a recording"
    return f"{taken}; {_listed(recorded)}, up to {most}"


SENTENCES = {
    "empty": "This file is empty. Take or save it again and bring the new copy.",
    "missing": "The file is no longer here. Please bring it again.",
    "unknown": f"ESW cannot read this kind of file. Save it as {ACCEPTED_KINDS} and bring that.",
    "web_page": (
        "This is a web page or a drawing made of code (HTML or SVG), not a picture. "
        "Take a screenshot or save it as a PDF and bring that."
    ),
    "document": "This is an office document of a kind that ESW cannot read. Save it as a PDF and bring that.",
    "no_office": (
        "This server cannot open office documents: LibreOffice is not installed on it. Save the document as a PDF and "
        "bring that."
    ),
    "locked_document": (
        "This office document is locked with a password. Save a copy without the password and bring that."
    ),
    "macros": (
        "This office document has macros (small programs) in it, which ESW does not open. "
        "Save it without them, or as a PDF, and bring that."
    ),
    "unfolds": (
        "This office document unfolds to much more than a document should. Save it anew or as a PDF and bring that."
    ),
    "wrapped_pdf": ("This PDF has something else in front of it. Open it, save it as a PDF again and bring that."),
    "too_big": (
        "This file has {megabytes} MB and ESW takes up to {limit} MB. Save it smaller or in parts and bring those."
    ),
    "locked": "This PDF is locked with a password. Save a copy without the password and bring that.",
    "cut_off": (
        "This file seems to be cut off, so part of the work would be missing. "
        "Copy or scan it again and bring the new file."
    ),
    "damaged": ("This file seems to be damaged and cannot be opened. Save or scan it again and bring the new file."),
    "too_many_pages": (
        "This file has more than {limit} pages, the most that ESW takes in one file. Split it and bring the parts."
    ),
    "counted_pages": (
        "This file has {pages:,} pages and ESW takes up to {limit} in one file. Split it and bring the parts."
    ),
    "too_many_pixels": (
        "This picture is {width:,} × {height:,} pixels, more than ESW can open. Save it smaller and bring that."
    ),
    "odd_page": "Page {page} of this PDF has no size. Print it to a new PDF and bring that.",
    "no_pages": "This file has no pages in it. Save it again and bring the new file.",
    "memory": (
        "This file needs more memory to open than ESW may use. Save it smaller, for example as a JPEG, and bring that."
    ),
    "time": (
        "This file took too long to open, so ESW stopped. Save it as a simpler PDF or as pictures and bring those."
    ),
    "disk": "There is no room left on the server for this file. Tell the person who looks after ESW; nothing is lost.",
    "no_ffmpeg": (
        "This server cannot open recordings: ffmpeg is not installed on it. Tell the person who looks after ESW. Until "
        "then write down what is said and bring that as a text."
    ),
    "nothing_recorded": (
        "There is neither sound nor film in this file. Record it again, or save it as MP3 or MP4, and bring that."
    ),
    "too_long": (
        "This recording is {minutes} minutes long and ESW takes up to {limit}. Cut out the part that you will talk "
        "about and bring that."
    ),
    "too_large_made": (
        "This recording becomes too large for ESW. Save it shorter or in a lower quality and bring that."
    ),
    "no_words": "There are no words in this text. Type or paste it again.",
    "fonts": (
        "The fonts for typed text are not set up on this server. Tell the person who looks after ESW; until then save "
        "the text as a PDF and bring that."
    ),
    "broken_page": "A page image could not be opened again. Please bring the work once more.",
}


class CannotRead(Exception):
    """The file cannot become pages.

    `sentence` says to a teacher what is wrong and what to do; `code` is its key in `SENTENCES`.
    """

    def __init__(self, code: str, **facts: int) -> None:
        if code == "too_many_pages" and facts.get("pages"):
            code = "counted_pages"
        self.code = code
        self.sentence = SENTENCES[code].format(**facts)
        super().__init__(self.sentence)


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


#: A conversion's output is a PDF, larger than one page image.
MOST_CONVERTED_BYTES = 128 * MIB
MOST_CONVERTING_FILES = 512


@dataclass(frozen=True)
class Press:
    """What typed text is set with: folders of fonts (as packages, and as made of them), and the paper."""

    fonts: dict[str, str] = dataclasses.field(default_factory=dict)
    paper: str = "a4"


@dataclass(frozen=True)
class PageImage:
    """One finished page: where its files are and its size in pixels."""

    number: int
    image: Path
    thumbnail: Path
    width: int
    height: int


@dataclass(frozen=True)
class Box:
    """A redaction: left, top, width and height in shares of the page (0 to 1), y downward."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Cut:
    """A page image to be cut to `crop` (left, top, right, bottom in pixels; None: whole), then turned `turn` quarters
    clockwise.
    """

    image: Path
    crop: tuple[int, int, int, int] | None
    turn: int


# --- cheap checks -----------------------------------------------------------------------------

HEAD_BYTES = 4096
MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body", b"<!--")
CONTAINER = b"\xd0\xcf\x11\xe0"
OFFICE_MAGIC = (b"PK\x03\x04", CONTAINER, b"{\\rtf")


def sniff(head: bytes) -> str | None:
    """The kind of a file by its first bytes (a few hundred are enough), else None. Names do not count."""
    kind = kinds.by_head(head)
    return kind.name if kind else None


def check_upload(path: Path | str) -> str:
    """The kind of an uploaded file, by cheap checks that decode nothing.

    Raises CannotRead when it is empty, too big or not of a kind that ESW takes.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(HEAD_BYTES)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise CannotRead("missing") from error
    if not size:
        raise CannotRead("empty")
    kind = kinds.by_content(head, Path(path))
    if kind is None:
        raise CannotRead(_why_unknown(head, Path(path)))
    most = kind.max_bytes or MAX_UPLOAD_BYTES
    if size > most:
        raise CannotRead("too_big", megabytes=-(-size // MIB), limit=most // MIB)
    if missing := kind.missing():
        raise CannotRead(missing)
    return kind.name


def _is_locked(head: bytes, path: Path) -> bool:
    """Office programs put a document with a password into a container of the old kind."""
    if not head.startswith(CONTAINER):
        return False
    with (
        contextlib.suppress(OSError, ValueError),
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        return data.find("EncryptedPackage".encode("utf-16-le"), 0, MAX_UPLOAD_BYTES) >= 0
    return False


def _why_unknown(head: bytes, path: Path) -> str:
    start = head
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        if head.startswith(mark):
            start = head[2:].decode(encoding, "ignore").encode("utf-8", "ignore")
    start = after_blanks(start).lower()
    if start.startswith(MARKUP) or any(word in start for word in (b"<html", b"<svg", b"<script")):
        return "web_page"
    if _is_locked(head, path):
        return "locked_document"
    if head.startswith(OFFICE_MAGIC):
        return "document"
    if b"%PDF-" in head[:1024]:
        return "wrapped_pdf"
    return "unknown"


# --- the two jobs -----------------------------------------------------------------------------


def make_pages(
    source: Path,
    out_dir: Path,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
    press: Press | None = None,
) -> list[PageImage]:
    """Turn one uploaded file into page images and thumbnails in `out_dir`.

    Writes `page-001.jpg`, `thumb-001.webp` and so on, all of them or none. `on_progress(done, of)`
    is called at the start and after each page, in the caller's thread. `press` is needed for typed text alone.
    Raises CannotRead.
    """
    kind, limits = kinds.named(check_upload(source)), limits or Limits()
    job = {"do": "pages", "kind": kind.name, "source": str(Path(source).resolve())}
    if not kind.convert:
        return _in_child(job, Path(out_dir), on_progress, limits)
    with scratch_in(Path(out_dir), limits) as bench:
        job |= {"kind": "pdf", "source": str(_converted(kind, job["source"], bench, limits, press))}
        return _in_child(job, Path(out_dir), on_progress, limits)


def _converted(kind: kinds.Kind, source: str, bench: Path, limits: Limits, press: Press | None) -> Path:
    """A PDF of the file, made in `bench` by a child of its own."""
    roomier = dataclasses.replace(
        limits,
        memory_bytes=max(limits.memory_bytes, kind.memory_bytes),
        output_bytes=max(limits.output_bytes, MOST_CONVERTED_BYTES),
        open_files=max(limits.open_files, MOST_CONVERTING_FILES),
    )
    job = {"do": "convert", "kind": kind.name, "source": source, "limits": dataclasses.asdict(roomier)}
    job |= dataclasses.asdict(press or Press())
    try:
        with _turns, contextlib.closing(answers_of(job, bench, roomier)) as answers:
            for answer in answers:
                if answer.cannot:
                    raise answer.cannot
    finally:
        for left in kind.leaves(bench):
            left.unlink(missing_ok=True)
    made = bench / kinds.CONVERTED
    if not starts_as(made, "pdf"):
        raise CannotRead("damaged")
    return made.resolve()


def burn(
    pages: Sequence[tuple[Path, Sequence[Box]]],
    out_dir: Path,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
) -> list[PageImage]:
    """Write each page image anew with its boxes painted over, and its thumbnail, into `out_dir`.

    `pages` are images that `make_pages` made, in order. A box hides what `covered_pixels` says: never
    less than was drawn, up to 11 pixels more. Two pages that differ only under a box come out equal
    byte for byte. Files are named as by `make_pages`. Raises CannotRead; ValueError on a box that is
    not four finite numbers.
    """
    for _, boxes in pages:
        for box in boxes:
            covered_pixels(dataclasses.astuple(box), 1, 1)
    listed = [
        {
            "image": str(Path(image).resolve()),
            "boxes": [list(dataclasses.astuple(box)) for box in boxes],
        }
        for image, boxes in pages
    ]
    return _of_pages({"do": "burn", "pages": listed}, out_dir, on_progress, limits)


def cut(pages: Sequence[Cut], out_dir: Path, *, limits: Limits | None = None) -> list[PageImage]:
    """Write page images anew, cut and turned, and their thumbnails, into `out_dir`; files are named as by `make_pages`.

    Raises CannotRead.
    """
    listed = [
        {
            "image": str(Path(page.image).resolve()),
            "crop": list(page.crop) if page.crop else None,
            "turn": page.turn % 4,
        }
        for page in pages
    ]
    return _of_pages({"do": "cut", "pages": listed}, out_dir, None, limits)


def _of_pages(
    job: dict[str, Any], out_dir: Path, on_progress: Callable[[int, int], None] | None, limits: Limits | None
) -> list[PageImage]:
    try:
        return _in_child(job, Path(out_dir), on_progress, limits or Limits())
    except CannotRead as error:
        if error.code in {"damaged", "cut_off"}:
            raise CannotRead("broken_page") from error
        raise


# --- the child --------------------------------------------------------------------------------

DECODER = Path(__file__).with_name("decoder.py").resolve()
#: So many files are open at once in this process, because each may cost what `Limits` says; others wait their turn.
AT_ONCE = max(2, os.cpu_count() or 2)
_turns = threading.BoundedSemaphore(AT_ONCE)
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
class Answer:
    """What one line of the child says: progress, the sizes of the finished pages, or why not.

    `recorded`: how many seconds a finished recording has, and whether there is film in it.
    """

    done: int = 0
    of: int = 0
    sizes: tuple[tuple[int, int], ...] = ()
    recorded: tuple[float, bool] | None = None
    cannot: CannotRead | None = None


def _in_child(
    job: dict[str, Any],
    out_dir: Path,
    on_progress: Callable[[int, int], None] | None,
    limits: Limits,
) -> list[PageImage]:
    job |= {
        "limits": dataclasses.asdict(limits),
        "page_long_side": PAGE_LONG_SIDE,
        "thumb_long_side": THUMB_LONG_SIDE,
    }
    with scratch_in(out_dir, limits) as scratch:
        made: tuple[tuple[int, int], ...] = ()
        with _turns, contextlib.closing(answers_of(job, scratch, limits)) as answers:
            for answer in answers:
                if answer.cannot:
                    raise answer.cannot
                if answer.of and on_progress:
                    on_progress(answer.done, answer.of)
                made = answer.sizes or made
        if not 0 < len(made) <= limits.pages:
            raise CannotRead("damaged")
        with _disk_full_in_words():
            return [keep_page(number, size, scratch, out_dir) for number, size in enumerate(made, 1)]


@contextlib.contextmanager
def scratch_in(out_dir: Path, limits: Limits) -> Iterator[Path]:
    """A folder of its own for a child, gone afterwards."""
    with _disk_full_in_words():
        out_dir.mkdir(parents=True, exist_ok=True)
        _forget_leftovers(out_dir, older_than=2 * limits.seconds + 3600)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=out_dir))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def _disk_full_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CannotRead("disk") from problem
        raise


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


def keep_page(number: int, size: tuple[int, int], scratch: Path, out_dir: Path) -> PageImage:
    image, thumbnail = f"page-{number:03}.jpg", f"thumb-{number:03}.webp"
    if not (starts_as(scratch / image, "jpeg") and starts_as(scratch / thumbnail, "webp")):
        raise CannotRead("damaged")
    for name in (image, thumbnail):
        (scratch / name).replace(out_dir / name)
    return PageImage(number, out_dir / image, out_dir / thumbnail, *size)


def starts_as(path: Path, kind: str) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return sniff(file.read(64)) == kind


def _forget_leftovers(out_dir: Path, *, older_than: float) -> None:
    """Remove what a server that was killed in the middle of a job left: pages with names on them."""
    for folder in out_dir.glob(f"{SCRATCH_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > older_than:
                shutil.rmtree(folder, ignore_errors=True)
