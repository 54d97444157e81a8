"""From a flat sheet to a picture of it: a phone held over a desk, or a scanner.

``Warp`` maps between the photograph and the sheet; the sheet bends a little, as paper does.
"""

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from home.demo.surface import Colour, Spot, noise

PHOTO = (1500, 2000)
SCAN = (1500, 1941)
_CELLS = (5, 8)
DESKS: dict[str, tuple[Colour, Colour]] = {
    "oak": ((150, 112, 74), (188, 148, 104)),
    "maple": ((190, 160, 124), (216, 190, 156)),
    "grey": ((128, 130, 134), (150, 152, 156)),
    "walnut": ((74, 54, 42), (104, 78, 60)),
    "blue": ((66, 84, 104), (82, 102, 122)),
}


@dataclass(frozen=True)
class Warp:
    """Photograph to sheet: a projective map and a gentle bend.

    ``bend`` is in pixels of the sheet: how far the middle of the page rises, across and along.
    """

    size: tuple[int, int]
    sheet: tuple[int, int]
    back: tuple[float, ...]
    forth: tuple[float, ...]
    bend: tuple[float, float]

    def to_sheet(self, x: float, y: float) -> Spot:
        """Where on the sheet a pixel of the photograph comes from."""
        u, v = _project(self.back, x, y)
        s, t = u / self.sheet[0], v / self.sheet[1]
        return u + self.bend[0] * math.sin(math.pi * t), v + self.bend[1] * math.sin(math.pi * s * 0.9 + 0.3)

    def to_photo(self, u: float, v: float) -> Spot:
        """Where a spot of the sheet lands in the photograph (found by a few corrections)."""
        x, y = _project(self.forth, u, v)
        for _ in range(4):
            got_u, got_v = self.to_sheet(x, y)
            near_x, near_y = _project(self.forth, 2 * u - got_u, 2 * v - got_v)
            base_x, base_y = _project(self.forth, u, v)
            x, y = x + near_x - base_x, y + near_y - base_y
        return x, y

    def apply(self, sheet: Image.Image) -> Image.Image:
        """The sheet as the camera sees it, black around it."""
        columns, rows = _CELLS
        width, height = self.size
        xs = [round(width * i / columns) for i in range(columns + 1)]
        ys = [round(height * i / rows) for i in range(rows + 1)]
        corner = {(x, y): self.to_sheet(x, y) for x in xs for y in ys}
        mesh = []
        for left, right in itertools.pairwise(xs):
            for top, bottom in itertools.pairwise(ys):
                quad = (*corner[left, top], *corner[left, bottom], *corner[right, bottom], *corner[right, top])
                mesh.append(((left, top, right, bottom), quad))
        return sheet.transform(self.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)

    def outline(self, inset: float = 1.5) -> list[Spot]:
        """The edge of the sheet in the photograph."""
        width, height = self.sheet
        steps = 12
        shares = [i / steps for i in range(steps)]
        left, top, right, bottom = inset, inset, width - inset, height - inset
        edge = [(left + (right - left) * t, top) for t in shares]
        edge += [(right, top + (bottom - top) * t) for t in shares]
        edge += [(right - (right - left) * t, bottom) for t in shares]
        edge += [(left, bottom - (bottom - top) * t) for t in shares]
        return [self.to_photo(u, v) for u, v in edge]


def _project(c: Sequence[float], x: float, y: float) -> Spot:
    w = c[6] * x + c[7] * y + 1
    return (c[0] * x + c[1] * y + c[2]) / w, (c[3] * x + c[4] * y + c[5]) / w


def _homography(source: Sequence[Spot], target: Sequence[Spot]) -> tuple[float, ...]:
    """The projective map that takes four corners to four corners, by elimination."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for i in range(8):
        pivot = max(range(i, 8), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(8):
            if r != i and rows[r][i]:
                factor = rows[r][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return tuple(row[8] for row in rows)


def _place(look: str, rng: random.Random) -> tuple[tuple[int, int], list[Spot], tuple[float, float]]:
    """Picture size, the sheet's corners in it (clockwise from top left) and the bend, for a look."""
    if look == "scan":
        width, height = SCAN
        turn, margin, spread, bend = rng.uniform(-0.006, 0.006), 4.0, 0.0, 0.0
    else:
        width, height = PHOTO
        turn = rng.uniform(-0.012, 0.012)
        margin, spread, bend = 46.0, 14.0, 7.0
        if look == "tilted":
            turn = rng.choice((-1, 1)) * rng.uniform(0.02, 0.036)
            margin, spread = 74.0, 20.0
        elif look == "close":
            margin, spread = 8.0, 9.0
    room_w, room_h = width - 2 * margin, height - 2 * margin
    ratio = 1440 / 1864
    sheet_w = min(room_w, room_h * ratio * 1.02)
    sheet_h = min(room_h, sheet_w / ratio * 1.02)
    cx = width / 2 + rng.uniform(-0.25, 0.25) * (width - sheet_w)
    cy = height / 2 + rng.uniform(-0.3, 0.3) * (height - sheet_h)
    corners = []
    for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = sx * sheet_w / 2, sy * sheet_h / 2
        corners.append(
            (
                cx + x * math.cos(turn) - y * math.sin(turn) + rng.uniform(-spread, spread),
                cy + x * math.sin(turn) + y * math.cos(turn) + rng.uniform(-spread, spread),
            )
        )
    return (width, height), corners, (rng.uniform(-bend, bend), rng.uniform(-bend, bend))


def warp_for(look: str, sheet: tuple[int, int], rng: random.Random) -> Warp:
    """How the sheet lies in the picture, for one of ``desk``, ``tilted``, ``close``, ``scan``."""
    size, corners, bend = _place(look, rng)
    flat = [(0.0, 0.0), (float(sheet[0]), 0.0), (float(sheet[0]), float(sheet[1])), (0.0, float(sheet[1]))]
    return Warp(size, sheet, _homography(corners, flat), _homography(flat, corners), bend)


def take(sheet: Image.Image, look: str, warp: Warp, desk: str, rng: random.Random) -> Image.Image:
    """The picture of ``sheet`` (RGB): ``desk`` (a key of ``DESKS``), shadow, uneven light and noise."""
    size = warp.size
    seen = warp.apply(sheet)
    edge = Image.new("L", size, 0)
    ImageDraw.Draw(edge).polygon(warp.outline(), fill=255)
    edge = edge.filter(ImageFilter.BoxBlur(1))
    if look == "scan":
        ground = Image.new("RGB", size, rng.choice(((236, 236, 234), (58, 58, 60), (222, 222, 224))))
    else:
        ground = _desk(desk).crop((0, 0, *size))
        _cast_shadow(ground, edge, rng)
    picture = Image.composite(seen, ground, edge)
    picture = ImageChops.multiply(picture, _light(size, look, rng))
    return _grain(picture, look, rng)


def _cast_shadow(ground: Image.Image, edge: Image.Image, rng: random.Random) -> None:
    """Darken the desk beside the sheet, on the side away from the light."""
    small = edge.reduce(10)
    moved = ImageChops.offset(small, rng.choice((-2, 2)), 2).filter(ImageFilter.GaussianBlur(2))
    shadow = moved.resize(edge.size, Image.Resampling.BILINEAR).point([value // 2 for value in range(256)])
    ground.paste((18, 14, 12), (0, 0), shadow)


def _light(size: tuple[int, int], look: str, rng: random.Random) -> Image.Image:
    """Light over the picture as RGB factors, made small and enlarged."""
    columns, rows = 24, 32
    tint = (255, 255, 255) if look == "scan" else rng.choice(((255, 250, 240), (255, 253, 248), (248, 251, 255)))
    fall = 0.05 if look == "scan" else rng.uniform(0.09, 0.17)
    light_x, light_y = rng.choice((-0.1, 0.3, 0.8, 1.1)), rng.choice((-0.1, 0.15))
    hand_x, hand_y = rng.choice(((0.1, 1.05), (0.95, 1.0), (1.05, 0.55), (0.5, 1.12)))
    hand_dark = 0.0 if look == "scan" else rng.uniform(0.05, 0.13)
    pixels = bytearray()
    for j in range(rows):
        for i in range(columns):
            x, y = i / (columns - 1), j / (rows - 1)
            away = math.hypot(x - light_x, (y - light_y) * 1.2)
            shade = math.exp(-(((x - hand_x) ** 2 + (y - hand_y) ** 2) / 0.09))
            bright = 1.0 - fall * min(1.0, away / 1.5) ** 1.4 - hand_dark * shade
            if look == "scan":
                bright -= 0.22 * math.exp(-((x - 0.0) ** 2) / 0.0006)
            pixels.extend(round(channel * max(0.0, bright)) for channel in tint)
    small = Image.frombytes("RGB", (columns, rows), bytes(pixels))
    return small.resize((size[0] // 10, size[1] // 10), Image.Resampling.BICUBIC).resize(
        size, Image.Resampling.BILINEAR
    )


@lru_cache(maxsize=8)
def _desk(name: str) -> Image.Image:
    """A desk top, larger than any picture."""
    dark, bright = DESKS[name]
    rng = random.Random(f"desk {name}")
    if name in {"grey", "blue"}:
        pattern = noise((750, 1000), rng).resize(PHOTO, Image.Resampling.BILINEAR)
    else:
        along = noise((14, 700), rng).resize(PHOTO, Image.Resampling.BICUBIC)
        broad = noise((4, 46), rng).resize(PHOTO, Image.Resampling.BICUBIC)
        pattern = Image.blend(along, broad, 0.45)
    tables = [[round(d + (b - d) * value / 255) for value in range(256)] for d, b in zip(dark, bright, strict=True)]
    return Image.merge("RGB", [pattern.point(table) for table in tables])


@lru_cache(maxsize=1)
def _camera_noise() -> Image.Image:
    rng = random.Random("camera")
    size = (PHOTO[0] + 64, PHOTO[1] + 64)
    return (
        noise(size, rng)
        .filter(ImageFilter.BoxBlur(1))
        .point([max(0, min(255, 128 + (value - 128) // 8)) for value in range(256)])
    )


def _grain(picture: Image.Image, look: str, rng: random.Random) -> Image.Image:
    """Sensor noise, the same in all channels: what is left after a phone has smoothed it."""
    if look == "scan":
        return picture
    x, y = rng.randrange(64), rng.randrange(64)
    grey = _camera_noise().crop((x, y, x + picture.width, y + picture.height))
    return ImageChops.add(picture, Image.merge("RGB", (grey, grey, grey)), 1.0, -128)
