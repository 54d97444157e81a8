"""Damage files of every kind and put them through the whole pipeline: `python -m tests.work_samples.fuzz 20000 [SEED]`.

Whatever a file is, it must end in page images of ours, a recording of ours or a sentence, within its limits, and leave
nothing behind; of some a page is covered as well, as confirming does. A task's pages are made by the same function.
Stops at the first that does not, and keeps it. An office document that is still one starts LibreOffice: with many of
them it takes hours; `--no-office` leaves them out.
"""

# ruff: noqa: T201  (a program of its own)

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.work_samples import files, office_files, recording_files
from work_samples import imaging, recorder
from work_samples.kinds import recording, typed

HERE = Path(__file__).resolve().parents[2]

FONTS = {"sources": str(HERE / "node_modules" / "@fontsource"), "built": str(HERE / "fonts-built")}
PRESS = imaging.Press(fonts=FONTS)
LIMITS = imaging.Limits(seconds=60)
RECORDING_LIMITS = replace(recorder.LIMITS, seconds=60)
OURS = {"recording": {"m4a", "mp4"}}
SHARE_COVERED = 0.05
SLACK = 30  # seconds for two children and a busy machine


def seeds(folder: Path, *, office: bool) -> dict[str, bytes]:
    """One small file of each kind."""
    small = files.paper(160, 120)
    makers: dict[str, Callable[[], Path]] = {
        "jpeg": lambda: files.jpeg(folder, image=small),
        "png": lambda: files.telling_png(folder),
        "webp": lambda: files.telling_webp(folder),
        "heic": lambda: files.heic(folder, image=small),
        "tiff": lambda: files.tiff(folder, pages=2, size=(160, 120), compression="tiff_lzw"),
        "pdf": lambda: files.pdf(folder, 2, size=(120, 160)),
        "typed": lambda: files.write(folder, "text", typed.written("Hello\nشكرا\n")),
    }
    if not recording.missing():
        makers |= {name: partial(make, folder, seconds=1) for name, make in recording_files.WHOLE.items()}
    if office:
        makers |= {name: partial(make, folder) for name, make in office_files.WHOLE.items()}
    return {name: make().read_bytes() for name, make in makers.items()}


def made_of(path: Path, out: Path) -> tuple[str, list[Path]]:
    """What became of a file that can be read, and its files. Raises CannotRead."""
    if recorder.is_recording(path):
        made = recorder.make_recording(path, out, limits=RECORDING_LIMITS)
        return "recording", [part for part in (made.file, made.poster, made.thumbnail) if part]
    pages = imaging.make_pages(path, out, press=PRESS, limits=LIMITS)
    return "pages", [part for page in pages for part in (page.image, page.thumbnail)]


def cover_one(page: Path, out: Path) -> None:
    """Cover a place on a page that was made. Raises AssertionError when that does not end in a page."""
    made = imaging.burn([(page, [imaging.Box(0.1, 0.1, 0.5, 0.1)])], out)
    if len(made) != 1 or imaging.sniff(made[0].image.read_bytes()[:64]) != "jpeg":
        raise AssertionError("covering made no page of it")


def outcome(path: Path, out: Path) -> str:
    """`pages`, `recording` or the code of the refusal. Raises AssertionError when a rule is broken."""
    started = time.monotonic()
    try:
        ended, found = made_of(path, out)
    except imaging.CannotRead as refusal:
        ended, found = refusal.code, []
    if time.monotonic() - started > 2 * LIMITS.seconds + SLACK:
        raise AssertionError("it took longer than its limits")
    if sorted(found) != sorted(out.iterdir() if out.exists() else []):
        raise AssertionError("something was left behind")
    if {imaging.sniff(part.read_bytes()[:64]) for part in found} - ({"jpeg", "webp"} | OURS.get(ended, set())):
        raise AssertionError("a file is not one of ours")
    return ended


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("count", type=int)
    ask.add_argument("seed", type=int, nargs="?", default=1)
    ask.add_argument("--no-office", action="store_true")
    said = ask.parse_args()
    chance, ended = random.Random(said.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = seeds(folder, office=not said.no_office)
        for number in range(said.count):
            kind = chance.choice(list(whole))
            path = files.write(folder, "damaged", files.mutated(whole[kind], chance))
            out = folder / "pages"
            try:
                became = outcome(path, out)
                ended[became] += 1
                if became == "pages" and chance.random() < SHARE_COVERED:
                    cover_one(out / "page-001.jpg", out / "covered")
            except BaseException:
                kept = shutil.copy(path, Path(tempfile.gettempdir()) / f"fuzz-{said.seed}-{number}.{kind}")
                print(f"broken by {kept}", file=sys.stderr)
                raise
            shutil.rmtree(out, ignore_errors=True)
            if (number + 1) % 500 == 0 or number + 1 == said.count:
                told = ", ".join(f"{count} {what}" for what, count in ended.most_common())
                print(f"{number + 1} files of {len(whole)} kinds: {told}", flush=True)


if __name__ == "__main__":
    main()
