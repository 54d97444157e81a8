"""What students draw in mathematics: bars, circles, pans and number lines, by hand and not always even."""

import itertools
import math
import random

from home.demo.content import Arrow, Bar, NumberLine, Pan, Pie, Ring, Scribble
from home.demo.hand import Writer
from home.demo.surface import Colour, Spot, Surface, wobbly

CRAYONS: tuple[Colour, ...] = (
    (72, 72, 78),
    (40, 92, 160),
    (186, 62, 52),
    (58, 130, 84),
    (206, 120, 32),
    (120, 72, 150),
)


class Sketcher:
    """Draws with the writer's own pen, and shades with one colour a page."""

    def __init__(self, writer: Writer, surface: Surface, rng: random.Random, crayon: Colour) -> None:
        self._writer = writer
        self._surface = surface
        self._rng = rng
        self._crayon = crayon

    def picture(self, element: Bar | Pie | Pan | NumberLine) -> Spot:
        """Draw a model of fractions; returns its middle."""
        match element:
            case Bar():
                return self._bar(element)
            case Pie():
                return self._pie(element)
            case Pan():
                return self._pan(element)
            case NumberLine():
                return self._number_line(element)

    def mark(self, element: Arrow | Scribble | Ring) -> None:
        """Draw what points at, hides or surrounds something."""
        match element:
            case Arrow():
                self._arrow(element)
            case Scribble():
                self._scribble(element)
            case Ring():
                self._ring(element)

    def _line(self, start: Spot, end: Spot, wobble: float = 4, width: float = 5) -> None:
        ink, tool = self._writer.hand.ink, self._writer.hand.tool
        self._surface.stroke([wobbly(start, end, self._rng, wobble)], ink, tool, width)

    def _hatch(self, corners: tuple[Spot, Spot, Spot, Spot]) -> None:
        """Zigzag shading between the left edge (top, bottom) and the right edge (bottom, top) of a quadrilateral."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
        rows = max(5, int(max(math.dist((x0, y0), (x1, y1)), math.dist((x3, y3), (x2, y2))) / 9))
        zigzag: list[Spot] = []
        for i in range(rows):
            t = min(1.0, max(0.0, (i + 0.5) / rows + self._rng.uniform(-0.02, 0.02)))
            a = (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t)
            b = (x3 + (x2 - x3) * t, y3 + (y2 - y3) * t)
            share = self._rng.uniform(0.92, 1.06) if i % 2 else self._rng.uniform(-0.06, 0.09)
            zigzag.append((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share - 5 * share))
        self._surface.stroke([zigzag], self._crayon, "crayon", 8)

    def _cuts(self, parts: int, uneven: float) -> list[float]:
        """Shares at which something is cut, with a hand's error."""
        error = 0.006 + uneven
        inner = [(i / parts) + self._rng.uniform(-error, error) for i in range(1, parts)]
        return [0.0, *sorted(inner), 1.0]

    def _bar(self, bar: Bar) -> Spot:
        """A fraction bar; returns its middle."""
        self._writer.outline(bar.x, bar.y, bar.x + bar.w, bar.y + bar.h)
        cuts = [bar.x + share * bar.w for share in self._cuts(bar.parts, bar.uneven)]
        for x in cuts[1:-1]:
            lean = self._rng.uniform(-4, 4)
            self._line((x - lean, bar.y - 3), (x + lean, bar.y + bar.h + self._rng.uniform(-3, 6)), 2)
        for left, right in list(itertools.pairwise(cuts))[: bar.shaded]:
            top, low = bar.y + 8, bar.y + bar.h - 6
            self._hatch(((left + 7, top), (left + 7, low), (right - 7, low), (right - 7, top)))
        if bar.label:
            self._writer.write_line(bar.label, bar.x + bar.w + 26, bar.y + bar.h * 0.62)
        return bar.x + bar.w / 2, bar.y + bar.h / 2

    def _pie(self, pie: Pie) -> Spot:
        """A circle cut from its centre (or by parallel lines); returns its middle."""
        squash, turn = self._rng.uniform(0.94, 1.0), self._rng.uniform(-0.05, 0.05)
        edge = self._circle(pie, squash)
        self._surface.stroke([edge], self._writer.hand.ink, self._writer.hand.tool, 5)
        if pie.stacked:
            self._stack(pie, squash)
        else:
            self._wedges(pie, squash, turn)
        if pie.label:
            self._writer.write_line(pie.label, pie.x - 26, pie.y + pie.r + 84)
        return float(pie.x), float(pie.y)

    def _circle(self, pie: Pie, squash: float) -> list[Spot]:
        begin, drift = self._rng.uniform(-2, -1), self._rng.uniform(-0.03, 0.03)
        edge = []
        for i in range(61):
            angle = begin + i * (2 * math.pi + 0.12) / 60
            radius = pie.r * (1 + drift * i / 60 + 0.012 * math.sin(3 * angle + begin))
            edge.append((pie.x + radius * math.cos(angle), pie.y + squash * radius * math.sin(angle)))
        return edge

    def _wedges(self, pie: Pie, squash: float, turn: float) -> None:
        angles = [turn - math.pi / 2 + 2 * math.pi * share for share in self._cuts(pie.parts, pie.uneven)]
        centre = (pie.x + self._rng.uniform(-5, 5), pie.y + self._rng.uniform(-5, 5))

        def rim(angle: float, share: float = 1.0) -> Spot:
            return centre[0] + share * pie.r * math.cos(angle), centre[1] + share * squash * pie.r * math.sin(angle)

        for angle in angles[:-1]:
            self._line(centre, rim(angle, self._rng.uniform(0.96, 1.03)), 3)
        for start, stop in list(itertools.pairwise(angles))[: pie.shaded]:
            steps = 8
            arc = [rim(start + (stop - start) * i / steps, 0.99) for i in range(steps + 1)]
            self._surface.hatch([centre, *arc], self._crayon, self._rng)

    def _stack(self, pie: Pie, squash: float) -> None:
        cuts = self._cuts(pie.parts, pie.uneven)
        bounds = [pie.x - pie.r + 2 * pie.r * share for share in cuts]

        def half(x: float) -> float:
            return squash * math.sqrt(max(0.0, pie.r**2 - (x - pie.x) ** 2))

        for x in bounds[1:-1]:
            self._line((x, pie.y - half(x)), (x + 3, pie.y + half(x)), 3)
        for left, right in list(itertools.pairwise(bounds))[: pie.shaded]:
            zigzag = []
            count = max(3, int((right - left) / 12))
            for i in range(count):
                x = left + (right - left) * (i + 0.6) / (count + 0.2)
                tall = half(x) * 0.92
                zigzag += [(x, pie.y - tall), (x + 4, pie.y + tall)]
            self._surface.stroke([zigzag], self._crayon, "crayon", 8)

    def _pan(self, pan: Pan) -> Spot:
        """A pan cut both ways; returns its middle."""
        self._writer.outline(pan.x, pan.y, pan.x + pan.w, pan.y + pan.h)
        xs = [pan.x + share * pan.w for share in self._cuts(pan.columns, 0.004)]
        ys = [pan.y + share * pan.h for share in self._cuts(pan.rows, 0.004)]
        for x in xs[1:-1]:
            self._line((x, pan.y - 2), (x + self._rng.uniform(-4, 4), pan.y + pan.h + 4), 2)
        for y in ys[1:-1]:
            self._line((pan.x - 2, y), (pan.x + pan.w + 4, y + self._rng.uniform(-4, 4)), 2)
        for n in range(pan.shaded):
            column, row = divmod(n, pan.rows)
            left, right, top, low = xs[column] + 6, xs[column + 1] - 6, ys[row] + 7, ys[row + 1] - 6
            self._hatch(((left, top), (left, low), (right, low), (right, top)))
        if pan.label:
            self._writer.write_line(pan.label, pan.x + pan.w + 24, pan.y + pan.h * 0.6)
        return pan.x + pan.w / 2, pan.y + pan.h / 2

    def _number_line(self, line: NumberLine) -> Spot:
        """A number line with ticks, marks and hops; returns its middle."""
        self._line((line.x - 30, line.y), (line.x + line.w + 40, line.y + self._rng.uniform(-5, 5)), 4)
        self._arrow_head(line.x + line.w + 44, line.y, 0.0)
        for share, label in line.ticks:
            x = line.x + share * line.w + self._rng.uniform(-3, 3)
            tall = 24 if label else 15
            self._line((x, line.y - tall), (x + self._rng.uniform(-3, 3), line.y + tall), 1.5)
            if label:
                wide = self._writer.measure(label) * 0.8
                self._writer.write_line(label, x - wide / 2, line.y + 92, scale=0.8)
        for share in line.dots:
            self._dot(line.x + share * line.w, line.y)
        for start, stop, label in line.hops:
            self._hop(line, start, stop, label)
        return line.x + line.w / 2, float(line.y)

    def _dot(self, x: float, y: float) -> None:
        turns = [(x + (10 - i * 0.3) * math.cos(i * 0.9), y + (10 - i * 0.3) * math.sin(i * 0.9)) for i in range(26)]
        self._surface.stroke([turns], self._writer.hand.ink, self._writer.hand.tool, 6)

    def _hop(self, line: NumberLine, start: float, stop: float, label: str) -> None:
        x0, x1 = line.x + start * line.w, line.x + stop * line.w
        tall = 50 + abs(x1 - x0) * 0.13
        arc = [
            (x0 + (x1 - x0) * i / 20, line.y - 24 - tall * math.sin(math.pi * i / 20) + self._rng.gauss(0, 0.8))
            for i in range(21)
        ]
        self._surface.stroke([arc], self._writer.hand.ink, self._writer.hand.tool, 4)
        self._arrow_head(x1, line.y - 24, 1.25)
        if label:
            self._writer.write_line(label, (x0 + x1) / 2 - 30, line.y - 34 - tall * 0.3, scale=0.8)

    def _arrow(self, arrow: Arrow) -> None:
        """A straight arrow."""
        self._line((arrow.x, arrow.y), (arrow.to_x, arrow.to_y), 6)
        self._arrow_head(arrow.to_x, arrow.to_y, math.atan2(arrow.to_y - arrow.y, arrow.to_x - arrow.x))

    def _arrow_head(self, x: float, y: float, angle: float) -> None:
        for side in (-1, 1):
            turn = angle + math.pi + side * 0.5
            self._line((x, y), (x + 26 * math.cos(turn), y + 26 * math.sin(turn)), 1)

    def _scribble(self, area: Scribble) -> None:
        """A false start that was scribbled out."""
        zigzag: list[Spot] = []
        for _ in range(3):
            at = float(area.x)
            while at < area.x + area.w:
                top, low = self._rng.uniform(0, 0.35), self._rng.uniform(0.65, 1)
                zigzag += [(at, area.y + top * area.h), (at + self._rng.uniform(-4, 14), area.y + low * area.h)]
                at += self._rng.uniform(12, 26)
        self._surface.stroke([zigzag], self._writer.hand.ink, self._writer.hand.tool, 4)

    def _ring(self, ring: Ring) -> None:
        """A loop that does not quite close."""
        begin = self._rng.uniform(2.6, 3.6)
        loop = []
        for i in range(49):
            angle = begin + i * 6.6 / 48
            grow = 1 + 0.0016 * i
            loop.append(
                (
                    ring.x + ring.w / 2 + grow * ring.w / 2 * math.cos(angle),
                    ring.y + ring.h / 2 + grow * ring.h / 2 * math.sin(angle),
                )
            )
        self._surface.stroke([loop], self._writer.hand.ink, self._writer.hand.tool, 5)
