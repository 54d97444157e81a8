"""The ink on a sheet: one mask for each colour and tool, put on the paper at the end.

Keeping ink apart from paper makes pencil grain, pen pressure and rubbed-out words one operation a layer.
"""

import math
import random
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Spot = tuple[float, float]
_SHARP = 3  # strokes are drawn this many times larger, for smooth edges


class Surface:
    """Collects letters and strokes; ``ink_onto`` puts them on paper."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._layers: dict[tuple[Colour, str], Image.Image] = {}

    def _layer(self, colour: Colour, tool: str) -> Image.Image:
        key = (colour, tool)
        if key not in self._layers:
            self._layers[key] = Image.new("L", self.size, 0)
        return self._layers[key]

    def stamp(self, mask: Image.Image, x: int, y: int, colour: Colour, tool: str) -> None:
        """Press ``mask`` on the sheet with its corner at (x, y)."""
        self._layer(colour, tool).paste(255, (x, y), mask)

    def stroke(self, lines: Sequence[Sequence[Spot]], colour: Colour, tool: str, width: float) -> None:
        """Draw polylines, all in one tile."""
        points = [point for line in lines for point in line]
        pad = width + 2
        left, top = int(min(p[0] for p in points) - pad), int(min(p[1] for p in points) - pad)
        right, bottom = int(max(p[0] for p in points) + pad), int(max(p[1] for p in points) + pad)
        tile = Image.new("L", ((right - left) * _SHARP, (bottom - top) * _SHARP), 0)
        draw = ImageDraw.Draw(tile)
        for line in lines:
            moved = [((x - left) * _SHARP, (y - top) * _SHARP) for x, y in line]
            draw.line(moved, fill=255, width=round(width * _SHARP), joint="curve")
            for x, y in (moved[0], moved[-1]):
                half = width * _SHARP / 2
                draw.ellipse((x - half, y - half, x + half, y + half), fill=255)
        self.stamp(tile.reduce(_SHARP), left, top, colour, tool)

    def hatch(self, corners: Sequence[Spot], colour: Colour, rng: random.Random) -> None:
        """Fill a polygon with one slanting zigzag of a coloured pencil, kept inside its edge."""
        left, top = int(min(p[0] for p in corners)), int(min(p[1] for p in corners))
        right, bottom = int(max(p[0] for p in corners)) + 1, int(max(p[1] for p in corners)) + 1
        width, height = (right - left) * _SHARP, (bottom - top) * _SHARP
        inside = Image.new("L", (width, height), 0)
        moved = [((x - left) * _SHARP, (y - top) * _SHARP) for x, y in corners]
        ImageDraw.Draw(inside).polygon(moved, fill=255)
        lean, gap = height * rng.uniform(0.45, 0.6), 13 * _SHARP
        count = int((width + lean) / gap) + 2
        zigzag: list[Spot] = []
        for i in range(count):
            x = i * gap + rng.uniform(-3, 3) * _SHARP
            zigzag += [(x, 0), (x - lean + gap / 2, height)]
        tile = Image.new("L", (width, height), 0)
        ImageDraw.Draw(tile).line(zigzag, fill=255, width=8 * _SHARP, joint="curve")
        self.stamp(ImageChops.multiply(tile, inside).reduce(_SHARP), left, top, colour, "crayon")

    def smudge(self, x: float, y: float, length: float, colour: Colour, rng: random.Random) -> None:
        """A grey smear, as the side of a hand leaves it."""
        tile = Image.new("L", (int(length), int(length * 0.35)), 0)
        draw = ImageDraw.Draw(tile)
        for _ in range(5):
            at = rng.uniform(0.2, 0.6) * length
            top = rng.uniform(0.25, 0.55) * tile.height
            draw.line([(at, top), (at + length * 0.25, top - 8)], fill=rng.randint(60, 150), width=rng.randint(8, 22))
        self.stamp(tile.filter(ImageFilter.GaussianBlur(9)), int(x), int(y), colour, "smudge")

    def ink_onto(self, paper: Image.Image, rng: random.Random) -> None:
        """Put every layer on ``paper`` (RGB, changed in place)."""
        order = {"ghost": 0, "smudge": 1, "crayon": 2}
        for (colour, tool), mask in sorted(self._layers.items(), key=lambda item: order.get(item[0][1], 9)):
            box = mask.getbbox()
            if box:
                paper.paste(colour, box, _as_tool(mask.crop(box), tool, rng))


def _as_tool(mask: Image.Image, tool: str, rng: random.Random) -> Image.Image:
    """What the tool makes of a clean mask."""
    if tool == "ghost":
        return mask.filter(ImageFilter.BoxBlur(2)).point(_scale(0.13))
    if tool == "smudge":
        return mask.point(_scale(0.22))
    name = tool if tool in {"pencil", "crayon"} else "pen"
    texture = _texture(name)
    x = rng.randrange(texture.width - mask.width + 1)
    y = rng.randrange(texture.height - mask.height + 1)
    return ImageChops.multiply(mask, texture.crop((x, y, x + mask.width, y + mask.height)))


@lru_cache(maxsize=16)
def _scale(share: float) -> list[int]:
    return [round(value * share) for value in range(256)]


@lru_cache(maxsize=4)
def _texture(tool: str) -> Image.Image:
    """How strongly a tool marks, place by place: pressure comes and goes, pencil skips the paper's valleys."""
    size = (1500, 1920)
    rng = random.Random(f"texture {tool}")
    pressure = noise((10, 90), rng).resize(size, Image.Resampling.BICUBIC)
    if tool == "pen":
        return pressure.point([min(255, 205 + value // 5) for value in range(256)])
    grain = noise((750, 960), rng).resize(size, Image.Resampling.BILINEAR)
    if tool == "pencil":
        grain = grain.point([min(255, 125 + round(value * 0.85)) for value in range(256)])
        pressure = pressure.point([min(255, 185 + value // 3) for value in range(256)])
    else:
        grain = grain.point([min(255, 60 + round(value * 0.9)) for value in range(256)])
        pressure = pressure.point([min(215, 150 + value // 4) for value in range(256)])
    return ImageChops.multiply(grain, pressure)


def noise(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """White noise as a grey picture (Pillow's own cannot be seeded)."""
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def wobbly(start: Spot, end: Spot, rng: random.Random, amount: float) -> list[Spot]:
    """A line as a hand draws it: it bends once or twice by about ``amount`` pixels."""
    length = math.dist(start, end)
    steps = max(2, int(length / 22))
    across = ((end[1] - start[1]) / max(1, length), -(end[0] - start[0]) / max(1, length))
    bow, wave, phase = rng.gauss(0, amount * 0.5), rng.gauss(0, amount * 0.35), rng.uniform(0, 6.28)
    line = []
    for i in range(steps + 1):
        t = i / steps
        off = bow * math.sin(math.pi * t) + wave * math.sin(7 * t + phase) + rng.gauss(0, 0.35)
        line.append(
            (start[0] + (end[0] - start[0]) * t + across[0] * off, start[1] + (end[1] - start[1]) * t + across[1] * off)
        )
    return line
