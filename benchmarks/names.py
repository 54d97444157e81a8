"""Where names may stand: how many places are found on the demo's work, and what reading a page costs.

    python -m benchmarks.names

Every page of the demo school whose head has a place for a name is drawn anew with an invented name written out, by the
demo's own hands and papers. Printed and typed pages are set by LibreOffice's usual fonts, as a worksheet's head and as
typed text. A place counts as found when four fifths of the name's own box lie in what is offered.
"""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.report import table, write_section
from home.demo.hand import Fonts
from home.demo.names import person
from home.demo.pages import default_fonts, draw
from home.demo.tasks import TASKS
from work_samples import names, reading

ROOT = Path(__file__).resolve().parent.parent
FOUND = 0.8
PRINTED = 24
#: Drawing a page costs more than reading it.
MOST_OF_A_KIND = 8
SHEET = (1545, 2000)
INK = (24, 24, 28)
HEADS = {
    "worksheet": "handwriting after a printed label",
    "name": "handwriting after a handwritten label",
    "corner": "handwriting without a label",
}
WORDS = (
    "Reading a page takes {usual:.1f} s (median of {pages}; {longest:.1f} s with the engine’s start), on two threads "
    "at the lowest priority, in a process of about 0.5 GB. Found: four fifths of the name’s middle lie in a place that "
    "is offered. Nothing in the handwriting is a child’s: it is typefaces made uneven, which are read far more easily "
    "than real hands. A name without a label is offered only when it is typed to look for. So a person looks at every "
    "page, whatever is offered."
)
#: A printed line with a place for a name, and a sentence of the work.
LINES = (
    ("Name:", "Half of the pan is the same as two quarters."),
    ("Student name:", "The character changes when her brother leaves."),
    ("Nombre:", "La mitad es igual a dos cuartos."),
    ("Nom et prénom :", "La moitié est égale à deux quarts."),
    ("Name (first, last):", "Water moves from the ocean to the clouds."),
    ("Teacher:", "I think that lunch should be longer."),
    ("Written by", "Plants need light, water and air."),
    ("Nome:", "A metade é igual a dois quartos."),
)


@dataclass(frozen=True)
class Example:
    """A page on disk, with the name that stands on it and where, in shares of the page."""

    kind: str
    image: Path
    name: str
    box: names.Place
    ratio: float


def handwritten(folder: Path, fonts: Fonts) -> Iterator[Example]:
    """First pages of the demo's samples that have a place for a name, with an invented one written out."""
    rng = random.Random("names")  # noqa: S311
    drawn: Counter[str] = Counter()
    for task in TASKS:
        for sample in task.samples:
            head = sample.pages[0].head
            if head not in HEADS or drawn[head] == MOST_OF_A_KIND:
                continue
            drawn[head] += 1
            name = person(rng)
            page = draw(replace(sample, name=name, pages=sample.pages[:1]), seed=7, fonts=fonts)[0]
            box = page.names[0]
            image = folder / f"{task.key}-{sample.label}.jpg"
            yield _saved(HEADS[head], page.image, image, name, names.Place(box.x, box.y, box.w, box.h, "name"))


def printed(folder: Path, fonts: Fonts) -> Iterator[Example]:
    """Typed pages with a head: eight labels in four languages, two faces, 10 to 14 points, straight and askew."""
    rng = random.Random("printed")  # noqa: S311
    for number in range(PRINTED):
        label, sentence = LINES[number % len(LINES)]
        size = rng.choice((25, 30, 35))
        font = fonts.load(("literata", "noto-sans")[number % 2], 400, size)
        sheet = Image.new("RGB", SHEET, (252, 251, 249))
        pen = ImageDraw.Draw(sheet)
        x, y, name = rng.randint(120, 700), rng.randint(90, 160), person(rng)
        pen.text((x, y), label, font=font, fill=INK)
        begin = x + font.getlength(label) + size * 0.4
        pen.text((begin, y), name, font=font, fill=INK)
        for row in range(24):
            pen.text((120, 300 + row * size * 1.6), sentence, font=font, fill=INK)
        left, top, right, bottom = pen.textbbox((begin, y), name, font=font)
        if number % 3 == 0:  # as a scanner's feeder does
            sheet = sheet.rotate(0.8, resample=Image.Resampling.BICUBIC, fillcolor=(252, 251, 249), center=(left, top))
        width, height = SHEET
        box = names.Place(left / width, top / height, (right - left) / width, (bottom - top) / height, "name")
        yield _saved("printed or typed", sheet, folder / f"printed-{number}.jpg", name, box)


def _saved(kind: str, picture: Image.Image, path: Path, name: str, box: names.Place) -> Example:
    picture.convert("RGB").save(path, "JPEG", quality=85, subsampling=0)
    return Example(kind, path, name, box, picture.width / picture.height)


@dataclass
class Score:
    pages: int = 0
    by_label: int = 0
    by_name: int = 0
    offered: int = 0

    def row(self, kind: str) -> tuple[object, ...]:
        return (
            kind,
            self.pages,
            f"{self.by_label / self.pages:.2f}",
            f"{self.by_name / self.pages:.2f}",
            f"{self.offered / self.pages:.1f}",
        )


def measure(examples: Sequence[Example], bench: Path) -> tuple[dict[str, Score], list[float]]:
    """What was found of each kind, and the seconds of each page; the engine's start is in the first of a batch."""
    scores: dict[str, Score] = {}
    seconds: list[float] = []
    for at in range(0, len(examples), reading.PAGES_AT_ONCE):
        batch = examples[at : at + reading.PAGES_AT_ONCE]
        before = time.monotonic()

        def look(index: int, lines: list[names.Line], batch: Sequence[Example] = batch) -> None:
            nonlocal before
            now = time.monotonic()
            seconds.append(now - before)
            before = now
            example, score = batch[index], scores.setdefault(batch[index].kind, Score())
            beside = names.beside_labels(lines, ratio=example.ratio)
            typed = names.of_names(lines, [example.name])
            score.pages += 1
            score.offered += len(beside)
            score.by_label += _is_covered(example.box, beside)
            score.by_name += _is_covered(example.box, [*beside, *typed])

        reading.read_words([example.image for example in batch], bench, on_page=look)
    return scores, seconds


def _is_covered(box: names.Place, places: Sequence[names.Place]) -> bool:
    """Whether most of the name lies in what is offered; a drawn name's box has air around it, so its middle counts."""
    core = names.Place(box.x + 0.06 * box.w, box.y + 0.3 * box.h, 0.88 * box.w, 0.4 * box.h, "")
    return sum(names.share_inside(core, place) for place in places) >= FOUND


def main() -> None:
    if not reading.is_installed():
        raise SystemExit("What reads words is not installed: pip install -r requirements-ocr.txt")
    fonts = default_fonts(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        examples = [*printed(Path(folder), fonts), *handwritten(Path(folder), fonts)]
        scores, seconds = measure(examples, Path(folder))
    ordered = sorted(seconds)
    lines = [
        *table(
            [
                "how the name stands there",
                "pages",
                "found by label",
                "found with the name typed too",
                "places offered a page",
            ],
            [score.row(kind) for kind, score in scores.items()],
        ),
        "",
        WORDS.format(usual=ordered[len(ordered) // 2], pages=len(ordered), longest=ordered[-1]),
    ]
    write_section("names", "Places where a name may stand", lines)


if __name__ == "__main__":
    main()
