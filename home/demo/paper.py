"""Sheets of paper, drawn once and copied: ruled, squared, plain and worksheets."""

import random
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from home.demo.surface import Colour, noise

SHEET = (1440, 1864)  # a letter sheet
MARGIN = 190
FIRST_LINE = 250
LINE = 80
SQUARE = 40
HOLES = (190, 932, 1674)


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its colour and what is printed on it."""

    colour: Colour
    ruling: str = "plain"
    line: Colour = (168, 196, 218)
    holes: bool = False
    margin: Colour | None = None


PAPERS: dict[str, Paper] = {
    "ruled": Paper((252, 251, 246), "ruled", holes=True, margin=(226, 138, 140)),
    "ruled-cream": Paper((250, 246, 232), "ruled", (176, 198, 210), holes=True, margin=(222, 150, 146)),
    "spiral": Paper((251, 251, 249), "ruled", (178, 190, 214), margin=(214, 140, 160)),
    "legal": Paper((250, 240, 176), "ruled", (150, 178, 190), margin=(208, 120, 110)),
    "squared": Paper((251, 252, 249), "squared", (196, 214, 222)),
    "squared-green": Paper((247, 251, 244), "squared", (186, 212, 190), holes=True),
    "plain": Paper((250, 250, 248)),
    "recycled": Paper((240, 236, 226)),
    "pale-blue": Paper((226, 236, 244)),
    "pale-yellow": Paper((252, 246, 208)),
}


@lru_cache(maxsize=16)
def _sheet(name: str) -> Image.Image:
    paper = PAPERS[name]
    rng = random.Random(f"paper {name}")
    sheet = Image.new("RGB", SHEET, paper.colour)
    draw = ImageDraw.Draw(sheet)
    if paper.ruling == "ruled":
        for y in range(FIRST_LINE, SHEET[1], LINE):
            draw.line([(0, y), (SHEET[0], y)], fill=paper.line, width=3)
    if paper.ruling == "squared":
        for y in range(30, SHEET[1], SQUARE):
            draw.line([(0, y), (SHEET[0], y)], fill=paper.line, width=2)
        for x in range(20, SHEET[0], SQUARE):
            draw.line([(x, 0), (x, SHEET[1])], fill=paper.line, width=2)
    if paper.margin:
        draw.line([(MARGIN, 0), (MARGIN, SHEET[1])], fill=paper.margin, width=3)
        if name == "legal":
            draw.line([(MARGIN - 12, 0), (MARGIN - 12, SHEET[1])], fill=paper.margin, width=3)
    fine = (
        noise((720, 932), rng)
        .resize(SHEET, Image.Resampling.BILINEAR)
        .point([247 + value // 32 for value in range(256)])
    )
    cloud = (
        noise((9, 12), rng).resize(SHEET, Image.Resampling.BICUBIC).point([248 + value // 36 for value in range(256)])
    )
    texture = ImageChops.multiply(fine, cloud)
    return ImageChops.multiply(sheet, Image.merge("RGB", (texture, texture, texture)))


def fresh_sheet(name: str) -> Image.Image:
    """A new sheet of the named paper (RGB, ``SHEET`` pixels)."""
    return _sheet(name).copy()


def hole_boxes(name: str) -> list[tuple[int, int, int, int]]:
    """Where the holes are punched, as boxes on the sheet."""
    if not PAPERS[name].holes:
        return []
    return [(40, y - 24, 88, y + 24) for y in HOLES]
