"""Draws a sample's pages: sheet, printing, handwriting, then the picture somebody took of it.

``draw`` is the only door. The same sample, seed and fonts give the same bytes.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from home.demo.content import (
    Arrow,
    Bar,
    Element,
    NumberLine,
    Page,
    Pan,
    Pie,
    Printed,
    Ring,
    SampleContent,
    Scribble,
    Write,
)
from home.demo.hand import HANDS, Fonts, Writer, plain_text
from home.demo.paper import MARGIN, SHEET, fresh_sheet, hole_boxes
from home.demo.photo import DESKS, Warp, take, warp_for
from home.demo.sketch import CRAYONS, Sketcher
from home.demo.surface import Colour, Spot, Surface

PRINT: Colour = (44, 44, 48)
BURNED: Colour = (0, 0, 0)
WRITABLE = 1370  # no line of writing goes further right
Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle in shares of the picture, 0 to 1: its corner (x, y), width and height."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class DrawnPage:
    """A page as a picture (RGB), where the name stands (or stood) and where each line and drawing is.

    ``places`` maps a line's number (``"1"``, counted over the sheet's handwriting) or a drawing's tag to (x, y)
    in shares of the picture. ``text`` holds the handwriting line by line as it reads.
    """

    image: Image.Image
    names: tuple[Box, ...]
    places: Mapping[str, Spot]
    text: tuple[str, ...]


def default_fonts(base_dir: Path) -> Fonts:
    """The fonts that ``npm ci`` put beside ``manage.py``."""
    return Fonts(base_dir / "node_modules" / "@fontsource")


def draw(sample: SampleContent, *, seed: int, fonts: Fonts) -> list[DrawnPage]:
    """Every page of ``sample`` as a picture of about 1500 × 2000 pixels.

    The student's name is under a solid black box, unless ``sample.name`` holds an invented one: then it is written
    out and ``names`` says where the box belongs. Raises ``FontsMissingError`` when a font is not there.
    """
    return [_draw_page(sample, number, seed, fonts) for number in range(1, len(sample.pages) + 1)]


def _draw_page(sample: SampleContent, number: int, seed: int, fonts: Fonts) -> DrawnPage:
    page = sample.pages[number - 1]
    rng = random.Random(f"{seed} {sample.label} {sample.hand} {number}")
    student = random.Random(f"{seed} {sample.label} {sample.hand}")
    sheet = _Sheet(sample, page, fonts, rng, student.choice(CRAYONS))
    sheet.fill()
    warp = warp_for(page.look, SHEET, rng)
    picture = take(sheet.paper, page.look, warp, student.choice(sorted(DESKS)), rng)
    names = tuple(_in_picture(rect, warp) for rect in sheet.names)
    if not sample.name:
        _burn(picture, names)
    places = {key: _share(spot, warp) for key, spot in sheet.places.items()}
    return DrawnPage(picture, names, places, tuple(sheet.text))


class _Sheet:
    """One sheet while it is being filled."""

    def __init__(self, sample: SampleContent, page: Page, fonts: Fonts, rng: random.Random, crayon: Colour) -> None:
        self.paper = fresh_sheet(page.paper)
        self.names: list[Rect] = []
        self.places: dict[str, Spot] = {}
        self.text: list[str] = []
        self._sample, self._page, self._fonts, self._rng = sample, page, fonts, rng
        self._surface = Surface(SHEET)
        self._writer = Writer(HANDS[sample.hand], fonts, self._surface, rng)
        self._sketcher = Sketcher(self._writer, self._surface, rng, crayon)

    def fill(self) -> None:
        """Print, write, draw, smudge, and put the ink on the paper."""
        self._punch()
        self._head()
        for element in self._page.elements:
            self._put(element)
        for _ in range(self._page.smudges):
            x, y = self._rng.uniform(300, 1000), self._rng.uniform(500, 1600)
            self._surface.smudge(x, y, self._rng.uniform(160, 320), (70, 70, 76), self._rng)
        self._surface.ink_onto(self.paper, self._rng)

    def _punch(self) -> None:
        pen = ImageDraw.Draw(self.paper)
        for left, top, right, bottom in hole_boxes(self._page.paper):
            pen.ellipse((left, top, right, bottom), fill=(96, 82, 70), outline=(196, 192, 184), width=3)

    def _put(self, element: Element) -> None:
        match element:
            case Write():
                self._write(element)
            case Printed():
                self._print(element)
            case Arrow() | Scribble() | Ring():
                self._sketcher.mark(element)
            case Bar() | Pie() | Pan() | NumberLine():
                middle = self._sketcher.picture(element)
                if element.tag:
                    self.places[element.tag] = middle

    def _write(self, block: Write) -> None:
        room = block.room or WRITABLE - block.x
        scale = self._writer.fit(block.lines, room, block.scale, grow=1.14 if block.room else 1.0)
        for index, line in enumerate(block.lines):
            if not line:
                continue
            y = block.y + index * block.step
            x = block.x + self._rng.uniform(-6, 12)
            end = self._writer.write_line(line, x, y - 4, scale=scale)
            if not plain_text(line).strip():
                continue
            self.text.append(plain_text(line))
            self.places[str(len(self.text))] = (min(end, (x + end) / 2 + 200), y - 20)

    def _print(self, block: Printed) -> None:
        pen = ImageDraw.Draw(self.paper)
        font = self._fonts.load("literata", 700 if block.bold else 400, block.size)
        small = self._fonts.load("literata", 400, round(block.size * 0.72))
        for index, line in enumerate(block.lines):
            x: float = block.x
            y = block.y + round(index * block.size * 1.45)
            for at, piece in enumerate(line.replace("}", "{").split("{")):
                if at % 2 == 0:
                    pen.text((x, y), piece, font=font, fill=PRINT, anchor="ls")
                    x += font.getlength(piece)
                    continue
                top, bottom = piece.split("/")
                middle = x + block.size * 0.34
                pen.text((middle, y - block.size * 0.44), top, font=small, fill=PRINT, anchor="ms")
                pen.text((middle, y + block.size * 0.34), bottom, font=small, fill=PRINT, anchor="ms")
                bar = y - block.size * 0.3
                pen.line([(middle - block.size * 0.28, bar), (middle + block.size * 0.28, bar)], fill=PRINT, width=3)
                x += block.size * 0.68

    # --- the top of the sheet: where a name stands

    def _head(self) -> None:
        if self._page.head == "worksheet":
            self._worksheet_head()
        elif self._page.head == "corner":
            self._corner_head()
        elif self._page.head == "name":
            self._name_head()

    def _worksheet_head(self) -> None:
        pen = ImageDraw.Draw(self.paper)
        font = self._fonts.load("literata", 400, 34)
        for x, label, until in ((120, "Name:", 720), (760, "Date:", 1050), (1090, "Period:", 1330)):
            pen.text((x, 130), label, font=font, fill=PRINT, anchor="ls")
            begin = x + font.getlength(label) + 12
            pen.line([(begin, 134), (until, 134)], fill=PRINT, width=2)
        self._name(262, 122, 0.9)
        self._writer.write_line(self._page.date, 862, 124, scale=0.75)
        self._writer.write_line(str(self._rng.randint(1, 6)), 1240, 124, scale=0.8)

    def _corner_head(self) -> None:
        x = 930 + self._rng.uniform(-30, 40)
        self._name(x, 92, 0.85)
        self._writer.write_line(self._page.date, x + 10, 172, scale=0.72)
        self._writer.write_line(f"Period {self._rng.randint(1, 6)}", x + 4, 236, scale=0.72)

    def _name_head(self) -> None:
        end = self._writer.write_line("Name:", MARGIN + 25, 150, scale=0.9)
        self._name(end + 14, 150, 0.95)
        if self._page.date:
            self._writer.write_line(self._page.date, 1130, 150, scale=0.72)

    def _name(self, x: float, y: float, scale: float) -> None:
        """The name itself, if it is still there, and the box that hides it."""
        width = self._rng.uniform(300, 420)
        if self._sample.name:
            width = self._writer.write_line(self._sample.name, x, y, scale=scale) - x
        self.names.append((x - 12, y - 60, x + width + 14, y + 32))


def _share(spot: Spot, warp: Warp) -> Spot:
    x, y = warp.to_photo(*spot)
    return min(0.98, max(0.02, x / warp.size[0])), min(0.98, max(0.02, y / warp.size[1]))


def _in_picture(rect: Rect, warp: Warp) -> Box:
    """The upright box, in shares of the picture, that covers a rectangle of the sheet."""
    left, top, right, bottom = rect
    corners = [warp.to_photo(u, v) for u in (left, right) for v in (top, bottom)]
    width, height = warp.size
    x0, x1 = min(c[0] for c in corners), max(c[0] for c in corners)
    y0, y1 = min(c[1] for c in corners), max(c[1] for c in corners)
    x0, y0, x1, y1 = max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1)
    return Box(x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height)


def _burn(picture: Image.Image, boxes: tuple[Box, ...]) -> None:
    """Black out the boxes in the picture itself."""
    pen = ImageDraw.Draw(picture)
    width, height = picture.size
    for box in boxes:
        pen.rectangle(
            (
                round(box.x * width),
                round(box.y * height),
                round((box.x + box.w) * width),
                round((box.y + box.h) * height),
            ),
            fill=BURNED,
        )
