"""Handwriting: fonts made uneven, one writer at a time.

A typeface repeats itself and a child does not: each letter is drawn from a handful of variants (sheared, turned,
stretched a little differently), and words sit on a baseline that wanders.
"""

import itertools
import math
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from home.demo.surface import Surface, wobbly

VARIANTS = 5
Baseline = Callable[[float], float]
_MARKS = re.compile(r"~~(.+?)~~|\^\^(.+?)\^\^|__(.+?)__|%%(.+?)%%|\[\[(.+?)\]\]")
_FRACTION = re.compile(r"\{(\d+)/(\d+)\}")
_KINDS = ("crossed", "inserted", "underlined", "ghost", "boxed")


class FontsMissingError(FileNotFoundError):
    """The handwriting fonts are not where they should be."""


@dataclass(frozen=True)
class Fonts:
    """Where the handwriting fonts are: the folder of the npm scope ``@fontsource``."""

    fonts_dir: Path

    def load(self, family: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
        """One face at ``size`` pixels.

        Raises ``FontsMissingError`` with a sentence that says what to run.
        """
        return _load(self.fonts_dir, family, weight, size)


@lru_cache(maxsize=256)
def _load(fonts_dir: Path, family: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    path = fonts_dir / family / "files" / f"{family}-latin-{weight}-normal.woff"
    if not path.is_file():
        message = f"The demo pages need the font {path.name}. Run 'npm ci' first; it was looked for in {path.parent}."
        raise FontsMissingError(message)
    return ImageFont.truetype(str(path), size)


@dataclass(frozen=True)
class Hand:
    """How one student writes: face, size in pixels, slant (shear), width, unevenness and what they write with."""

    family: str
    weight: int
    size: int
    ink: tuple[int, int, int]
    tool: str = "pen"
    slant: float = 0.0
    width: float = 1.0
    jitter: float = 1.0
    wander: float = 4.0
    spacing: float = 0.0
    lean_lines: float = 0.0


PENCIL = (72, 72, 78)
BLUE = (34, 48, 122)
BLACK = (28, 28, 34)

HANDS: dict[str, Hand] = {
    "quick": Hand("caveat", 500, 84, BLUE, slant=0.06, wander=4, jitter=0.9),
    "quick-pencil": Hand("caveat", 600, 82, PENCIL, "pencil", slant=-0.06, width=1.06, wander=6, jitter=1.3),
    "sharp": Hand("caveat", 700, 78, BLACK, slant=0.2, width=0.96, wander=3, jitter=0.8),
    "neat": Hand("patrick-hand", 400, 66, BLACK, slant=0.0, wander=2, jitter=0.5, spacing=1),
    "neat-pencil": Hand("patrick-hand", 400, 68, PENCIL, "pencil", slant=0.05, width=1.02, wander=4, jitter=1.2),
    "narrow": Hand("patrick-hand", 400, 72, BLUE, slant=-0.1, width=0.86, wander=4, jitter=1.0),
    "flowing": Hand("kalam", 300, 58, (42, 40, 110), slant=0.0, wander=3, jitter=0.7),
    "heavy": Hand("kalam", 400, 58, BLACK, slant=-0.12, width=0.96, wander=5, jitter=1.1, lean_lines=-0.006),
    "soft-pencil": Hand("kalam", 300, 60, PENCIL, "pencil", slant=-0.16, width=0.98, wander=5, jitter=1.2),
    "round": Hand("indie-flower", 400, 62, (92, 40, 128), slant=0.0, spacing=1.5, wander=3, jitter=0.8),
    "round-pencil": Hand("indie-flower", 400, 64, PENCIL, "pencil", slant=0.1, width=1.02, wander=6, jitter=1.4),
    "round-blue": Hand("indie-flower", 400, 60, (30, 70, 130), slant=-0.04, width=0.97, wander=4, spacing=2.5),
    "thin": Hand("shadows-into-light", 400, 66, (36, 44, 92), slant=0.04, width=1.04, wander=3, jitter=0.9),
    "thin-pencil": Hand(
        "shadows-into-light", 400, 70, PENCIL, "pencil", slant=-0.08, width=1.06, wander=6, jitter=1.3, spacing=2.5
    ),
    "young": Hand("gochi-hand", 400, 66, PENCIL, "pencil", slant=0.0, wander=8, jitter=1.9, lean_lines=0.008),
    "young-pen": Hand("gochi-hand", 400, 64, (30, 60, 140), slant=0.1, width=0.98, wander=6, jitter=1.5),
    "young-wide": Hand("gochi-hand", 400, 60, PENCIL, "pencil", slant=-0.1, width=1.1, wander=7, jitter=1.6),
}


@dataclass(frozen=True)
class _Glyph:
    mask: Image.Image
    left: int
    top: int


class Writer:
    """Writes with one hand on one surface. Reproducible: all chance comes from ``rng``."""

    def __init__(self, hand: Hand, fonts: Fonts, surface: Surface, rng: random.Random) -> None:
        self.hand = hand
        self.surface = surface
        self._rng = rng
        self._fonts = fonts
        self._glyphs: dict[tuple[str, int, int], _Glyph] = {}
        self._size = hand.size

    def write_line(self, text: str, x: float, y: float, *, scale: float = 1.0) -> float:
        """Write ``text`` from ``x`` on the baseline ``y``. Returns where it ends."""
        self._size = round(self.hand.size * scale)
        phase = self._rng.uniform(0, 6.28)
        slope = self.hand.lean_lines + self._rng.uniform(-0.0015, 0.0015) * self.hand.wander
        start = x

        def baseline(at: float) -> float:
            return y + slope * (at - start) + math.sin(at / 190 + phase) * self.hand.wander * 0.5

        for kind, piece in _pieces(text):
            x = self._write_piece(kind, piece, x, baseline)
        return x

    def fit(self, lines: Sequence[str], room: float, scale: float, *, grow: float = 1.0) -> float:
        """The scale, at most ``grow`` times ``scale``, at which the longest line is no wider than ``room`` pixels."""
        self._size = round(self.hand.size * scale)
        widest = max(self.measure(line) for line in lines)
        return scale * min(grow, max(0.7, room / max(1.0, widest)))

    def measure(self, text: str) -> float:
        """About how wide ``text`` will be, in pixels, at the current size."""
        width = 0.0
        for kind, piece in _pieces(text):
            if kind != "inserted":
                width += sum(self._advance(atom) for atom in _atoms(piece))
                width += piece.count(" ") * self._space() - piece.count(" ") * self._advance(" ")
        return width

    def _write_piece(self, kind: str, piece: str, x: float, baseline: Baseline) -> float:
        if kind == "inserted":
            self._insert(piece, x, baseline(x))
            return x
        if kind == "boxed":
            x += self._size * 0.22
        begin = x
        layer = "ghost" if kind == "ghost" else self.hand.tool
        for atom in _atoms(piece):
            x = self._write_atom(atom, x, baseline(x), layer)
        if kind == "crossed":
            self._cross_out(begin, x, baseline)
        elif kind == "underlined":
            low = self._size * 0.14
            line = wobbly((begin, baseline(begin) + low), (x, baseline(x) + low), self._rng, 3)
            self.surface.stroke([line], self.hand.ink, self.hand.tool, 4)
        elif kind == "boxed":
            self._box(begin, x, baseline((begin + x) / 2), tall="{" in piece)
            x += self._size * 0.3
        return x

    def _write_atom(self, atom: str, x: float, y: float, tool: str) -> float:
        fraction = _FRACTION.fullmatch(atom)
        if fraction:
            return self._write_fraction(fraction[1], fraction[2], x, y, tool)
        advance = self._advance(atom)
        if atom != " ":
            self._stamp(atom, x, y + self._rng.gauss(0, 0.9) * self.hand.jitter, self._size, tool)
            advance += self._rng.gauss(0, 0.8) * self.hand.jitter
        else:
            advance = self._space() * self._rng.uniform(0.85, 1.2)
        return x + advance

    def _write_fraction(self, top: str, bottom: str, x: float, y: float, tool: str) -> float:
        full, small = self._size, round(self._size * 0.74)
        self._size = small
        widths = [sum(self._advance(letter) for letter in number) for number in (top, bottom)]
        room = max(widths) + full * 0.16
        x += full * 0.08
        for number, width, base in ((top, widths[0], y - full * 0.38), (bottom, widths[1], y + full * 0.34)):
            at = x + (room - width) / 2
            for letter in number:
                self._stamp(letter, at, base, small, tool)
                at += self._advance(letter)
        self._size = full
        bar = y - full * 0.25
        line = wobbly((x, bar + self._rng.uniform(-2, 2)), (x + room, bar + self._rng.uniform(-3, 2)), self._rng, 1.5)
        self.surface.stroke([line], self.hand.ink, tool, 4)
        return x + room + full * 0.1

    def _insert(self, text: str, x: float, y: float) -> None:
        full = self._size
        self._size = round(full * 0.72)
        width = sum(self._advance(atom) for atom in _atoms(text))
        at = x - width * 0.55
        for atom in _atoms(text):
            at = self._write_atom(atom, at, y - full * 0.62, self.hand.tool)
        self._size = full
        tip = (x - 4, y - full * 0.30)
        caret = [(x - 18, y + 6), tip, (x + 9, y + 8)]
        self.surface.stroke([caret], self.hand.ink, self.hand.tool, 4)

    def _cross_out(self, begin: float, end: float, baseline: Baseline) -> None:
        end -= self._size * 0.05
        middle = self._size * 0.22
        lines = [
            wobbly(
                (begin - 6, baseline(begin) - middle + self._rng.uniform(-7, 7)),
                (end + 6, baseline(end) - middle + self._rng.uniform(-7, 7)),
                self._rng,
                4,
            )
            for _ in range(self._rng.choice((1, 2, 2)))
        ]
        if self._rng.random() < 0.35:  # some children do not cross a word out, they bury it
            count = max(4, int((end - begin) / 13))
            zigzag = [
                (begin + (end - begin) * i / count, baseline(begin) - middle + (18 if i % 2 else -18))
                for i in range(count + 1)
            ]
            lines.append(zigzag)
        self.surface.stroke(lines, self.hand.ink, self.hand.tool, 4)

    def _box(self, begin: float, end: float, y: float, *, tall: bool) -> None:
        up, down = (1.05, 0.5) if tall else (0.75, 0.3)
        pad = self._size * 0.2
        self.outline(begin - pad, y - self._size * up, end + pad, y + self._size * down)

    def outline(self, left: float, top: float, right: float, bottom: float) -> None:
        """A box in one go, as a hand draws it: corners that miss a little."""
        miss = self._rng.uniform(-7, 9)
        corners = [
            (left, top),
            (right, top + miss / 2),
            (right - miss / 3, bottom),
            (left + 4, bottom + miss / 3),
            (left, top - miss),
        ]
        lines = [wobbly(a, b, self._rng, 3) for a, b in itertools.pairwise(corners)]
        self.surface.stroke(lines, self.hand.ink, self.hand.tool, 5)

    def _space(self) -> float:
        return 1.12 * max(self._advance(" "), self._size * 0.24)

    def _advance(self, atom: str) -> float:
        fraction = _FRACTION.fullmatch(atom)
        if fraction:
            digits = max(len(fraction[1]), len(fraction[2]))
            return self._length("0", round(self._size * 0.74)) * digits + self._size * 0.34
        return self._length(atom, self._size) + self.hand.spacing

    def _length(self, letter: str, size: int) -> float:
        font = self._fonts.load(self.hand.family, self.hand.weight, size)
        return font.getlength(letter) * self.hand.width

    def _stamp(self, letter: str, x: float, y: float, size: int, tool: str) -> None:
        glyph = self._glyph(letter, size, self._rng.randrange(VARIANTS))
        colour = self.hand.ink
        self.surface.stamp(glyph.mask, round(x) + glyph.left, round(y) + glyph.top, colour, tool)

    def _glyph(self, letter: str, size: int, variant: int) -> _Glyph:
        key = (letter, size, variant)
        if key not in self._glyphs:
            self._glyphs[key] = self._draw_glyph(letter, size)
        return self._glyphs[key]

    def _draw_glyph(self, letter: str, size: int) -> _Glyph:
        font = self._fonts.load(self.hand.family, self.hand.weight, size)
        left, top, right, bottom = font.getbbox(letter, anchor="ls")
        pad = size // 4
        width, height = int(right - left) + 2 * pad, int(bottom - top) + 2 * pad
        plain = Image.new("L", (width, height), 0)
        origin = (pad - left, pad - top)
        ImageDraw.Draw(plain).text(origin, letter, fill=255, font=font, anchor="ls")
        matrix = self._unevenness(origin)
        mask = plain.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        return _Glyph(mask, -round(origin[0]), -round(origin[1]))

    def _unevenness(self, origin: tuple[float, float]) -> tuple[float, ...]:
        """An inverse affine about the letter's origin: slant, a turn, a stretch."""
        jitter, rng = self.hand.jitter, self._rng
        shear = self.hand.slant + rng.gauss(0, 0.022) * jitter
        turn = rng.gauss(0, 0.02) * jitter
        wide = self.hand.width * (1 + rng.gauss(0, 0.025) * jitter)
        tall = 1 + rng.gauss(0, 0.035) * jitter
        a, b = 1 / wide, (shear + turn) / wide
        d, e = -turn / tall, 1 / tall
        x, y = origin
        return (a, b, x - a * x - b * y, d, e, y - d * x - e * y)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Split a line into (kind, text): plain text and marked text."""
    at = 0
    for match in _MARKS.finditer(text):
        if match.start() > at:
            yield "plain", text[at : match.start()]
        index = next(i for i, group in enumerate(match.groups()) if group is not None)
        yield _KINDS[index], match.group(index + 1)
        at = match.end()
    if at < len(text):
        yield "plain", text[at:]


def _atoms(text: str) -> Iterator[str]:
    """Letters one by one, a stacked fraction as one atom."""
    at = 0
    while at < len(text):
        match = _FRACTION.match(text, at)
        yield match[0] if match else text[at]
        at = match.end() if match else at + 1


def plain_text(line: str) -> str:
    """The line as it reads: rubbed-out and crossed-out words gone, marks gone, fractions as ``3/4``."""
    line = re.sub(r"~~.+?~~|%%.+?%%", "", line)
    line = re.sub(r"\^\^|__|\[\[|\]\]", "", line)
    line = re.sub(r"(?<=\d)\{", " {", line)
    return re.sub(r"\{(\d+/\d+)\}", r"\1", line)
