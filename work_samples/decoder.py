"""The program that opens what a person uploaded: one short-lived process a file.

A file from outside is the most dangerous thing that ESW touches, and a decoder in a thread can be
neither limited nor stopped. So `imaging` starts this program with a job on standard input. It first
fastens its own seat belt (memory, time, files; on Linux no writing outside its folder and no reading
of other people's work), only then loads the decoder that the kind of file needs, and answers in
lines of JSON on standard output:

    {"done": 2, "of": 6}                                          after each page
    {"pages": [{"width": 1414, "height": 2000}], "peak_mib": 61}  at the end, or
    {"cannot": "locked", "facts": {}}                             a reason that `imaging` puts into words

It runs by path with `-I`, so it imports nothing of ESW and no Django, and what is heavy is imported
where it is needed: a JPEG pays for no PDF engine.
"""

# ruff: noqa: PLC0415  (each kind imports its own decoder, after the limits stand: see above)

from __future__ import annotations

import contextlib
import ctypes
import errno
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
WHITE = (255, 255, 255)
ORIENTATION_TAG = 0x0112
NEW_SUBFILE_TYPE_TAG = 254
# Bits of NewSubfileType: a smaller copy of another image, or a mask for one. Neither is a page.
NOT_A_PAGE = 0b101


class Refusal(Exception):
    """The file cannot become pages. `code` is one of `imaging.SENTENCES`; `facts` fill it in."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


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


def confine(writable: str, readable: Sequence[str]) -> None:
    """Close the file system and TCP to this process (Landlock, Linux 5.13 and later, no root needed).

    Called once the decoder is loaded: from then on it may write in `writable` alone and read nothing
    but the system's libraries and fonts, Python's own folders and `readable`.
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
    system = ["/usr", "/lib", "/lib64", "/etc", "/dev", sys.prefix, sys.base_prefix, *sys.path]
    rules = [(path, reading) for path in [*system, *readable]]
    rules.append((writable, every & ~execute))
    rules.append((os.devnull, read_file | write_file))
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


# --- from any picture to a page ---------------------------------------------------------------


def to_page(image: Image.Image, long_side: int) -> Image.Image:
    """Turn a loaded picture of any mode into an upright sRGB one of at most `long_side` pixels.

    Never enlarges. Transparency becomes white paper. The result carries no metadata at all.
    """
    turn = _turn(image)
    profile = image.info.get("icc_profile")
    if image.mode in {"I", "F"}:
        image = _levels(image)
    # Leaves at least twice the wanted size, where Lanczos still has all it can use.
    factor = max(1, max(image.size) // (2 * long_side))
    small = _shrink(image, factor, keep_cmyk=bool(profile))
    size = _fit(image.size, long_side)
    if small.size != size:
        # The box leaves out what rounding added at the right and the bottom.
        exact = (0, 0, image.width / factor, image.height / factor)
        small = small.resize(size, _lanczos(), box=exact)
    small = _to_srgb(small, profile)
    if turn is not None:
        small = small.transpose(turn)
    small.info = {}
    return small


def _lanczos() -> Any:
    from PIL import Image

    return Image.Resampling.LANCZOS


def _fit(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    share = min(1.0, long_side / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _turn(image: Image.Image) -> Any:
    """How to turn the picture so that it stands upright, by its EXIF; None when it does."""
    from PIL import Image

    if image.format == "HEIF":  # turned by its own container; its EXIF must be ignored
        return None
    try:
        orientation = image.getexif().get(ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001  (any damage in metadata that we drop anyway)
        return None
    turns = Image.Transpose
    return {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_270,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_90,
    }.get(orientation)


def _shrink(image: Image.Image, factor: int, *, keep_cmyk: bool) -> Image.Image:
    """Reduce by a whole factor, a strip at a time, into a plain mode.

    So a picture of 100 megapixels is never in memory twice, whatever its mode.
    """
    from PIL import Image

    width, height = image.size
    rows = factor * max(1, 4_000_000 // max(1, width * factor))
    canvas: Image.Image | None = None
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        strip = _plain(strip, keep_cmyk=keep_cmyk)
        if factor > 1:
            strip = strip.reduce(factor)
        if canvas is None:
            canvas = Image.new(strip.mode, (strip.width, -(-height // factor)))
        canvas.paste(strip, (0, top // factor))
    if canvas is None:
        raise Refusal("damaged")
    return canvas


def _plain(image: Image.Image, *, keep_cmyk: bool) -> Image.Image:
    """One of L, RGB or (where a colour profile will read it) CMYK, without transparency."""
    from PIL import Image

    mode = image.mode
    if mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", image.size, WHITE)
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    if mode in {"L", "RGB"} or (mode == "CMYK" and keep_cmyk):
        return image
    if mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if mode == "LAB":
        return _lab_to_rgb(image)
    return image.convert("L" if mode == "1" else "RGB")


def _levels(image: Image.Image) -> Image.Image:
    """32-bit grey: its range is not written anywhere, so take 1, 8, 16 bits or what there is."""
    extrema: Any = image.getextrema()
    top = float(extrema[1])
    full = next((full for full in (1.0, 255.0, 65535.0) if top <= full), top)
    if image.mode == "I" and full == 1.0:
        full = 255.0
    return image.point(lambda value: value * (255.0 / full)).convert("L")


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    from PIL import ImageCms

    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    if converted is None:
        raise Refusal("damaged")
    return converted


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Apply the colour profile, so that it can be dropped. A broken one is as good as none."""
    if profile:
        import io

        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                srgb = ImageCms.createProfile("sRGB")
                converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


# --- the kinds --------------------------------------------------------------------------------


def pages_of(kind: str, source: str, job: dict[str, Any]) -> tuple[int, Iterator[Image.Image]]:
    """How many pages the file has, and the pages one at a time, ready to be written.

    Raises Refusal, and whatever the decoder raises on damage (see `reason_for`).
    """
    if kind == "pdf":
        return _pdf(source, job)
    if kind == "tiff":
        return _tiff(source, job)
    return 1, iter([_single(kind, source, job)])


def _open_image(kind: str, source: str) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # `_check_pixels` knows better, and says why
    name = "HEIF" if kind == "heic" else kind.upper()
    return Image.open(source, formats=[name])


def load_tools(kind: str) -> None:
    """Import what the kind needs while the file system is still open (see `confine`)."""
    from PIL import Image, JpegImagePlugin, WebPImagePlugin  # noqa: F401

    if kind == "jpeg":
        from PIL import MpoImagePlugin  # noqa: F401  (a phone's JPEG with a depth picture in it)
    if kind == "png":
        from PIL import PngImagePlugin  # noqa: F401
    if kind == "tiff":
        from PIL import TiffImagePlugin  # noqa: F401
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
    if kind == "pdf":
        import pypdfium2  # noqa: F401


def _check_pixels(size: tuple[int, int], most: int) -> None:
    if size[0] < 1 or size[1] < 1:
        raise Refusal("damaged")
    if size[0] * size[1] > most:
        raise Refusal("too_many_pixels", width=size[0], height=size[1])


def _check_jpeg_end(source: str) -> None:
    """A download that broke off may be filled up with zeros, which decode to an empty half page."""
    data = Path(source).read_bytes()
    if data.endswith(bytes(16)) and data.find(b"\xff\xd9", _jpeg_picture(data)) < 0:
        raise Refusal("cut_off")


def _jpeg_picture(data: bytes) -> int:
    """Where the picture's own data begins, past the headers (and the thumbnail in them)."""
    at = 2
    while at + 4 <= len(data) and data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] != b"\xda":
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return at


def _single(kind: str, source: str, job: dict[str, Any]) -> Image.Image:
    limits, long_side = job["limits"], job["page_long_side"]
    if kind == "jpeg":
        _check_jpeg_end(source)
    with _open_image(kind, source) as image:
        _check_pixels(image.size, limits["jpeg_pixels"] if kind == "jpeg" else limits["pixels"])
        if kind == "jpeg":  # libjpeg can decode straight to a half, a quarter or an eighth
            image.draft(None, _fit(image.size, long_side))
            _check_pixels(image.size, limits["pixels"])
        image.load()
        return to_page(image, long_side)


def _tiff(source: str, job: dict[str, Any]) -> tuple[int, Iterator[Image.Image]]:
    image = _open_image("tiff", source)
    most = job["limits"]["pages"]
    frames: list[int] = []
    for frame in range(4 * most + 1):
        if not _seek(image, frame):
            break
        if not int(image.tag_v2.get(NEW_SUBFILE_TYPE_TAG, 0)) & NOT_A_PAGE:
            frames.append(frame)
    else:
        raise Refusal("too_many_pages", limit=most)
    if len(frames) > most:
        raise Refusal("too_many_pages", limit=most)
    if not frames:
        raise Refusal("no_pages")

    def each() -> Iterator[Image.Image]:
        with image:
            for frame in frames:
                image.seek(frame)
                _check_pixels(image.size, job["limits"]["pixels"])
                image.load()
                yield to_page(image, job["page_long_side"])

    return len(frames), each()


def _seek(image: Any, frame: int) -> bool:
    """Go to a page of a TIFF; False after the last one."""
    with warnings.catch_warnings():
        # Pillow only warns when the list of pages breaks off, and the rest would be missing.
        warnings.filterwarnings("error", message="Corrupt EXIF data")
        try:
            image.seek(frame)
        except EOFError:
            return False
        except UserWarning as error:
            raise Refusal("cut_off") from error
    return True


def _pdf(source: str, job: dict[str, Any]) -> tuple[int, Iterator[Image.Image]]:
    import pypdfium2

    _check_pdf_end(source)
    try:
        pdf: Any = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        password, security = 4, 5
        if getattr(error, "err_code", None) in {password, security}:
            raise Refusal("locked") from error
        raise
    with contextlib.suppress(pypdfium2.PdfiumError):
        pdf.init_forms()  # a form that a student filled in is their work: draw its fields
    count = len(pdf)
    most = job["limits"]["pages"]
    if count > most:
        raise Refusal("too_many_pages", limit=most, pages=count)
    if count < 1:
        raise Refusal("no_pages")
    return count, (_pdf_page(pdf, index, job["page_long_side"]) for index in range(count))


def _check_pdf_end(source: str) -> None:
    """A PDF ends with its marker; the engine would repair one cut short and lose pages silently."""
    with Path(source).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 65536))
        tail = file.read().rstrip(b"\0\r\n\t ")
    if b"%%EOF" not in tail[-8192:]:
        raise Refusal("cut_off")


def _pdf_page(pdf: Any, index: int, long_side: int) -> Image.Image:
    from PIL import Image

    page = pdf[index]
    try:
        width, height = page.get_size()
        if not (math.isfinite(width) and math.isfinite(height)) or min(width, height) <= 0:
            raise Refusal("odd_page", page=index + 1)
        # The engine rounds up; a hair less keeps the long side at the limit.
        bitmap = page.render(scale=(long_side - 0.01) / max(width, height), rev_byteorder=True)
        try:
            drawn: Image.Image = bitmap.to_pil()
            flat = Image.new("RGB", drawn.size, WHITE)
            flat.paste(drawn)
        finally:
            bitmap.close()
        if max(flat.size) > long_side:
            flat = flat.resize(_fit(flat.size, long_side), _lanczos())
        return flat
    finally:
        page.close()


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


def cover(image: Image.Image, boxes: Sequence[Sequence[float]]) -> None:
    """Paint the boxes over the pixels, in place and opaque, before anything is encoded."""
    for box in boxes:
        area = covered_pixels(box, image.width, image.height)
        if area is not None:
            image.paste(COVER, area)


def _burned(job: dict[str, Any]) -> Iterator[Image.Image]:
    for page in job["pages"]:
        with _open_image("jpeg", page["image"]) as image:
            _check_pixels(image.size, job["limits"]["pixels"])
            image.load()
            plain = image.convert("RGB") if image.mode != "RGB" else image.copy()
        plain.info = {}
        cover(plain, page["boxes"])
        yield plain


# --- the job ----------------------------------------------------------------------------------


def write_page(image: Image.Image, number: int, thumb_long_side: int) -> dict[str, int]:
    """Write `page-NNN.jpg` and `thumb-NNN.webp` into the current folder."""
    _write(f"page-{number:03}.jpg", image, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    small = image.resize(_fit(image.size, thumb_long_side), _lanczos(), reducing_gap=3.0)
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
    if job["do"] == "burn":
        total, images = len(job["pages"]), _burned(job)
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
        readable = [job["source"]] if "source" in job else [page["image"] for page in job["pages"]]
        confine(str(Path.cwd()), [*readable, "/proc/self/status"])
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
