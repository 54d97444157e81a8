"""The program that opens what a person uploaded: one short-lived process a file.

A file from outside is the most dangerous thing that ESW touches, and a decoder in a thread can be
neither limited nor stopped. So `imaging` starts this program with a job on standard input. It first
fastens its own seat belt (memory, time, files; on Linux no writing outside its folder and no reading
of other people's work), only then loads the decoder that the kind of file needs, and answers in
lines of JSON on standard output:

    {"done": 2, "of": 6}                                          after each page
    {"pages": [{"width": 1414, "height": 2000}], "peak_mib": 61}  at the end, or
    {"cannot": "locked", "facts": {}}                             a reason that `imaging` puts into words

Of a recording the end says `"recording": {"seconds": 12.5, "has_video": true}` as well, and its pages are its poster.

It runs by path with `-I`, so it imports nothing of ESW and no Django, and what is heavy is imported
where it is needed: a JPEG pays for no PDF engine.
"""

# ruff: noqa: PLC0415  (each kind imports its own decoder, after the limits stand: see above)

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib.util
import json
import math
import os
import struct
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PIL import Image

# 4:4:4, because with halved colour a red pen smears, and because only then does every 8 × 8 block
# stand alone: that is what lets `cover` promise that nothing under a box is left beside it.
JPEG_QUALITY = 85
JPEG_BLOCK = 8
# How far the ink under a box can reach beyond it: the window of the Lanczos filter that made the
# page (3 pixels) and one for rounding.
BLEED = 4
COVER = (24, 24, 24)


def _registry_by_path() -> Any:
    """The registry of kinds under a name of its own: this program finds nothing of ESW by name."""
    folder = Path(__file__).resolve().with_name("kinds")
    return _by_path("kinds", folder / "__init__.py", [str(folder)])


def _by_path(name: str, path: Path, folders: list[str] | None = None) -> Any:
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if __package__:
    from work_samples import kinds
else:
    kinds = _registry_by_path()

Refusal = kinds.Refusal
to_page = kinds.drawing.to_page

# --- the seat belt ----------------------------------------------------------------------------


def fasten(job: dict[str, Any]) -> None:
    """Limit this process before anything of the file is read. Skips what the system lacks."""
    _set_limits(job["limits"])
    if sys.platform == "linux":
        _die_with_parent(job["parent"])
        # When memory runs out, the kernel should take this process and not the server.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("800")
    with contextlib.suppress(OSError):
        os.nice(10)


def _set_limits(limits: dict[str, int]) -> None:
    try:
        import resource
    except ImportError:  # not a Unix
        return
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_AS": limits["memory_bytes"],
        "RLIMIT_DATA": limits["memory_bytes"],
        "RLIMIT_CPU": limits["cpu_seconds"],
        "RLIMIT_FSIZE": limits["output_bytes"],
        "RLIMIT_NOFILE": limits["open_files"],
    }
    for name, value in wanted.items():
        which = getattr(resource, name, None)
        if which is None:
            continue
        hard = resource.getrlimit(which)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # The soft limit of time ends with a signal of its own, so the parent can tell why; the hard one kills.
        ceiling = bound + 2 if name == "RLIMIT_CPU" and hard == resource.RLIM_INFINITY else bound
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (bound, ceiling))


def _die_with_parent(parent: int) -> None:
    set_death_signal, set_no_new_privileges, sigkill = 1, 38, 9
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(set_death_signal, sigkill, 0, 0, 0)
    libc.prctl(set_no_new_privileges, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def leave_network() -> None:
    """Go on without any network, in a namespace of this process's own, where the system lets it (Linux)."""
    if sys.platform != "linux":
        return
    own_user, own_network = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(own_network) != 0:
        libc.unshare(own_user | own_network)


def confine(
    writable: str, readable: Sequence[str], *, settings: Sequence[str] = ("/etc",), sockets: Sequence[str] = ()
) -> None:
    """Close the file system and TCP to this process (Landlock, Linux 5.13 and later, no root needed).

    Called once the decoder is loaded: from then on it may write in `writable` alone and read nothing
    but the system's libraries and fonts, its `settings`, Python's own folders and `readable`. In `sockets`
    it may make a socket and no more. What it starts is held by the same.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    create, add_rule, restrict_self = 444, 445, 446
    version = libc.syscall(create, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    execute, write_file, read_file, read_dir = 1, 2, 4, 8
    # Each right came with a version of Landlock, and an older kernel refuses what it does not know.
    renaming, truncating, tcp, signals = 2, 3, 4, 6
    every = (1 << 13) - 1
    every |= 1 << 13 if version >= renaming else 0
    every |= 1 << 14 if version >= truncating else 0
    attributes = struct.pack("Q", every)
    attributes += struct.pack("Q", 0b11) if version >= tcp else b""
    attributes += struct.pack("Q", 0b11) if version >= signals else b""
    ruleset = libc.syscall(create, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return
    reading = execute | read_file | read_dir
    system = ["/usr", "/lib", "/lib64", *settings, "/dev", sys.prefix, sys.base_prefix, *sys.path]
    rules = [(path, reading) for path in [*system, *readable]]
    rules.append((writable, every & ~execute))
    rules.append((os.devnull, read_file | write_file))
    make_socket = 1 << 9
    rules += [(path, make_socket) for path in sockets]
    for path, access in rules:
        _allow(libc, add_rule, ruleset, path, access)
    libc.syscall(restrict_self, ruleset, 0)
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, add_rule: int, ruleset: int, path: str, access: int) -> None:
    execute, write_file, read_file, truncate, path_beneath = 1, 2, 4, 1 << 14, 1
    try:
        handle = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not Path(path).is_dir():
            access &= execute | write_file | read_file | truncate
        libc.syscall(add_rule, ruleset, path_beneath, struct.pack("=Qi", access, handle), 0)
    finally:
        os.close(handle)


# --- the kinds --------------------------------------------------------------------------------


def pages_of(kind: str, source: str, job: dict[str, Any]) -> tuple[int, Iterator[Image.Image]]:
    """How many pages the file has, and the pages one at a time, ready to be written.

    Raises Refusal, and whatever the decoder raises on damage (see `reason_for`).
    """
    opens = kinds.named(kind).pages
    if opens is None:
        raise Refusal("damaged")
    return opens(source, job)


def convert_of(kind: str) -> Callable[[dict[str, Any]], None]:
    """What makes a PDF of a file of this kind in the current folder. Raises Refusal when there is no such thing."""
    convert = kinds.named(kind).convert
    if convert is None:
        raise Refusal("damaged")
    return convert


def record_of(kind: str) -> Callable[[dict[str, Any], Callable[[int, int], None]], dict[str, Any]]:
    """What makes a recording of this kind anew in the current folder. Raises Refusal when there is no such thing."""
    record = kinds.named(kind).record
    if record is None:
        raise Refusal("damaged")
    return record


def read_words(job: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
    """Read the words on page images, with no network and no file system but its folder (see `reader.py`)."""
    reader = _by_path("reader", Path(__file__).resolve().with_name("reader.py"))
    leave_network()
    engine = reader.load()
    confine(str(Path.cwd()), ["/proc/self", "/proc/cpuinfo", "/sys", *(page["image"] for page in job["pages"])])
    sizes = reader.read(engine, job, say, lambda image: kinds.drawing.open_image("JPEG", image))
    say({"pages": sizes, "peak_mib": peak_mib()})


def load_tools(kind: str) -> None:
    """Import what the kind needs while the file system is still open (see `confine`)."""
    kinds.named(kind).load()


# --- covering names ---------------------------------------------------------------------------


def covered_pixels(box: Sequence[float], width: int, height: int) -> tuple[int, int, int, int] | None:
    """What a box of shares (x, y, w, h) hides on a page: (left, top, right, bottom) in pixels.

    It grows by `BLEED` and then outward to whole JPEG blocks, at most 11 pixels a side, because ink
    under a box leaves a faint echo in the blocks that the box's edge cuts. None when the box lies
    off the page.
    """
    x, y, w, h = (float(part) for part in box)
    if not all(math.isfinite(part) for part in (x, y, w, h)):
        raise ValueError("a box needs four finite numbers")
    left, right = sorted((x, x + w))
    top, bottom = sorted((y, y + h))
    if right < 0 or bottom < 0 or left > 1 or top > 1:
        return None
    return (
        _grid(max(0.0, left) * width - BLEED, math.floor, width),
        _grid(max(0.0, top) * height - BLEED, math.floor, height),
        _grid(min(1.0, right) * width + BLEED, math.ceil, width),
        _grid(min(1.0, bottom) * height + BLEED, math.ceil, height),
    )


def _grid(place: float, rounded: Callable[[float], int], most: int) -> int:
    return min(most, max(0, rounded(place / JPEG_BLOCK) * JPEG_BLOCK))


def kept_pixels(edges: Sequence[float], kept: Sequence[int], width: int, height: int) -> tuple[int, int, int, int]:
    """What a cut keeps of a page: (left, top, right, bottom) in pixels, as are `edges` and what is `kept` until now.

    It shrinks as a box grows in `covered_pixels`, for the same reason; an edge that stays where it is does not.
    """
    left, top, right, bottom = edges
    same = 0.5
    return (
        kept[0] if left - kept[0] < same else _grid(left + BLEED, math.ceil, width),
        kept[1] if top - kept[1] < same else _grid(top + BLEED, math.ceil, height),
        kept[2] if kept[2] - right < same else _grid(right - BLEED, math.floor, width),
        kept[3] if kept[3] - bottom < same else _grid(bottom - BLEED, math.floor, height),
    )


def cover(image: Image.Image, boxes: Sequence[Sequence[float]]) -> None:
    """Paint the boxes over the pixels, in place and opaque, before anything is encoded."""
    for box in boxes:
        area = covered_pixels(box, image.width, image.height)
        if area is not None:
            image.paste(COVER, area)


def _burned(job: dict[str, Any]) -> Iterator[Image.Image]:
    for page in job["pages"]:
        plain = _plain(page["image"], job)
        cover(plain, page["boxes"])
        yield plain


def _cut(job: dict[str, Any]) -> Iterator[Image.Image]:
    """Pages cut to a part of them, then turned by quarters clockwise."""
    from PIL import Image

    turns = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
    for page in job["pages"]:
        plain = _plain(page["image"], job)
        if page["crop"]:
            plain = plain.crop(tuple(page["crop"]))
        yield plain.transpose(turns[page["turn"]]) if page["turn"] else plain


def _plain(source: str, job: dict[str, Any]) -> Image.Image:
    """A page image of ours, loaded, in plain colour, without anything but its pixels."""
    with kinds.drawing.open_image("JPEG", source) as image:
        kinds.drawing.check_pixels(image.size, job["limits"]["pixels"])
        image.load()
        plain: Image.Image = image.convert("RGB") if image.mode != "RGB" else image.copy()
    plain.info = {}
    return plain


# --- the job ----------------------------------------------------------------------------------


def write_page(image: Image.Image, number: int, thumb_long_side: int) -> dict[str, int]:
    """Write `page-NNN.jpg` and `thumb-NNN.webp` into the current folder."""
    _write(f"page-{number:03}.jpg", image, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    small = image.resize(kinds.drawing.fit(image.size, thumb_long_side), kinds.drawing.lanczos(), reducing_gap=3.0)
    small.info = {}
    _write(f"thumb-{number:03}.webp", small, "WEBP", quality=75, method=4)
    return {"width": image.width, "height": image.height}


def _write(name: str, image: Image.Image, kind: str, **how: int) -> None:
    """Encode first, then write: on a disk that fills up, Pillow may write half of a JPEG and say nothing."""
    import io

    encoded = io.BytesIO()
    image.save(encoded, kind, **how)
    Path(name).write_bytes(encoded.getbuffer())


def run(job: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
    """Do the job in the current folder, telling `say` of each page and of the end."""
    if job["do"] == "convert":
        convert_of(job["kind"])(job)
        say({"pages": [], "peak_mib": max(peak_mib(), peak_mib_of_others())})
        return
    if job["do"] == "record":
        made = record_of(job["kind"])(job, lambda done, of: say({"done": done, "of": of}))
        poster = made.pop("poster")
        pages = [write_page(poster, 1, job["thumb_long_side"])] if poster else []
        say({"pages": pages, "recording": made, "peak_mib": max(peak_mib(), peak_mib_of_others())})
        return
    if job["do"] in {"burn", "cut"}:
        total, images = len(job["pages"]), _burned(job) if job["do"] == "burn" else _cut(job)
    else:
        total, images = pages_of(job["kind"], job["source"], job)
    say({"done": 0, "of": total})
    pages = []
    for number, image in enumerate(images, 1):
        pages.append(write_page(image, number, job["thumb_long_side"]))
        say({"done": number, "of": total})
    say({"pages": pages, "peak_mib": peak_mib()})


def peak_mib() -> int:
    """The most memory that this process has held, in MiB; 0 where the system does not tell."""
    # Not getrusage: on Linux that starts from what the parent held.
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return 0


def peak_mib_of_others() -> int:
    """The most memory that one program which this one started has held, in MiB."""
    with contextlib.suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return 0


CUT_OFF_WORDS = ("truncated", "end of file", "unexpected end", "premature", "not enough", "eof")
MEMORY_WORDS = ("memory", "bad_alloc", "bad alloc", "security limit", "exceeds the maximum")


def is_disk_full(error: BaseException) -> bool:
    """By its number, or by its words: an engine that is written in Rust passes on only those."""
    full = {errno.ENOSPC, errno.EDQUOT}
    said = str(error)
    return isinstance(error, OSError) and (error.errno in full or any(f"(os error {each})" in said for each in full))


def reason_for(error: BaseException) -> tuple[str, dict[str, int]]:
    """The code and facts that explain an error of a decoder."""
    if isinstance(error, Refusal):
        return error.code, error.facts
    if is_disk_full(error):
        return "disk", {}
    words = str(error).lower()
    if isinstance(error, MemoryError) or any(word in words for word in MEMORY_WORDS):
        return "memory", {}
    if isinstance(error, EOFError) or any(word in words for word in CUT_OFF_WORDS):
        return "cut_off", {}
    return "damaged", {}


def main() -> int:
    """Read the job, run it, and always say how it ended."""
    job: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    fasten(job)
    # Decoders print what they please: only this program's own lines may reach the parent.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(line: dict[str, Any]) -> None:
        answers.write(json.dumps(line) + "\n")
        answers.flush()

    warnings.simplefilter("ignore")
    try:
        kind = job.get("kind", "jpeg")
        load_tools(kind)
        if job["do"] == "read":
            read_words(job, say)
            return 0
        readable = [job["source"]] if "source" in job else [page["image"] for page in job["pages"]]
        readable += ["/proc/self/status", *job.get("fonts", {}).values()]
        if job["do"] in {"convert", "record"}:
            leave_network()
            how = kinds.named(kind)
            confine(str(Path.cwd()), [*readable, *how.readable()], settings=(), sockets=how.sockets)
        else:
            confine(str(Path.cwd()), readable)
        run(job, say)
    except BrokenPipeError:
        return 1
    except BaseException as error:  # noqa: BLE001  (whatever a decoder does, the parent hears of it)
        code, facts = reason_for(error)
        say({"cannot": code, "facts": facts, "error": type(error).__name__})
    return 0


if __name__ == "__main__":
    # Leave at once: a decoder's own tear-down can crash, and the answer has been given.
    status = main()
    sys.stderr.flush()
    os._exit(status)
