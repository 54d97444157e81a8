"""Where a name may stand on a page, from what was read on it. No Django in here, and nothing is kept.

Two things are looked for: what stands beside a printed label (Name, Fecha, Klasse …), read or not, because
handwriting often cannot be read; and names that the uploader types, however they are written or misread. What comes
out are places alone, never words.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from work_samples.name_labels import EVERYDAY, KIND_OF, LONGEST

MOST_NAMES = 200
LONGEST_NAME = 80
MOST_PLACES = 60  # on a page; who is offered more looks at none

#: What a label ends with, or what is printed to write on.
_ENDS = (":", "：", "_", "＿", "…", "..")


@dataclass(frozen=True)
class Place:
    """A box in shares of the page (0 to 1), y downward, with why it is offered: a kind of `KIND_OF`, or "typed"."""

    x: float
    y: float
    w: float
    h: float
    why: str

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h


@dataclass(frozen=True)
class Word:
    text: str
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def middle(self) -> float:
        return self.y + self.h / 2


@dataclass(frozen=True)
class Line:
    words: tuple[Word, ...]


# --- what was read, kept and read again ---------------------------------------------------------------------


def lines_from(said: Any) -> list[Line]:
    """Lines of words from `[[[text, x, y, w, h], …], …]`, as a reader says it. Raises ValueError."""
    try:
        lines = [Line(tuple(_word(*word) for word in line)) for line in said]
    except (TypeError, ValueError, OverflowError) as problem:
        raise ValueError("these are not lines of words") from problem
    return [line for line in lines if line.words]


def _word(text: Any, *box: Any) -> Word:
    if not isinstance(text, str):
        raise TypeError(type(text).__name__)
    x, y, w, h = (min(1.0, max(0.0, float(side))) for side in box)
    return Word(text[:200], x, y, min(w, 1 - x), min(h, 1 - y))


# --- beside a label -----------------------------------------------------------------------------------------


def beside_labels(lines: Sequence[Line], *, ratio: float) -> list[Place]:
    """A place for each printed label: what was read after it, or the empty stretch where a hand may have written.

    `ratio` is the page's width over its height: shares of the two differ by it.
    """
    words = [word for line in lines for word in line.words]
    labels = [found for line in lines for found in _labels_in(line)]
    places = []
    for label in labels:
        beside = _beside(label, words, labels, ratio)
        if beside is not None:
            places.append(beside)
    return _apart(places)[:MOST_PLACES]


@dataclass(frozen=True)
class _Label:
    kind: str
    words: tuple[Word, ...]

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def x(self) -> float:
        return min(word.x for word in self.words)

    @property
    def last(self) -> Word:
        return self.words[-1]


def _labels_in(line: Line) -> Iterator[_Label]:
    at = 0
    while at < len(line.words):
        found = _label_at(line, at)
        if found is not None:
            yield found
            at += len(found.words)
        else:
            at += 1


def _label_at(line: Line, at: int) -> _Label | None:
    """The longest label that begins with this word."""
    for length in range(min(LONGEST, len(line.words) - at), 0, -1):
        words = line.words[at : at + length]
        text = " ".join(word.text for word in words)
        # A mark ends the label: what is read after it, in the same word, is the name.
        marked = [at for at, word in enumerate(words) if ":" in word.text or "：" in word.text]
        if marked and marked[0] < length - 1:
            continue
        kind = KIND_OF.get(plain(re.split("[:：]", text)[0]))
        if kind and _is_printed_label(line, at, length, text):
            return _Label(kind, words)
    return None


def _is_printed_label(line: Line, at: int, length: int, text: str) -> bool:
    """Whether it is a label and no word of a sentence: by what ends it, or because it stands alone."""
    after = line.words[at + length].text if at + length < len(line.words) else ""
    if any(mark in text for mark in _ENDS[:2]) or text.endswith(_ENDS) or after.startswith(_ENDS):
        return True
    is_alone = at == 0 and length == len(line.words)
    return is_alone or (at == 0 and plain(text) not in EVERYDAY and len(line.words) - length <= 4)  # noqa: PLR2004


def _beside(label: _Label, words: Sequence[Word], labels: Sequence[_Label], ratio: float) -> Place | None:
    """From the label to the next one, or to where what was read on its line ends."""
    height = max(word.h for word in label.words)
    ours = set(label.words)
    others = {word for each in labels if each is not label for word in each.words}
    row = [word for word in words if _on_a_row(label.last, word) and word not in ours and word.x >= label.x]
    stop = min((word.x for word in row if word in others and word.x >= label.right - height / 2), default=1.0)
    start = _after_the_mark(label)
    read = [word for word in row if word not in others and start - height / 2 <= word.x < stop]
    read = _without_gap(sorted(read, key=lambda word: word.x), start, gap=6 * height / ratio)
    # A hand needs more room than print, and goes over the line; ten letters' width where nothing was read.
    usual = {"name": 9, "teacher": 8, "school": 9, "date": 5, "class": 3}[label.kind] * height / ratio
    end = min(max((word.right for word in read), default=start + usual), stop, 1.0)
    if end - start < height / ratio / 2:
        return None
    top = min([label.last.y, *(word.y for word in read)]) - 0.25 * height
    bottom = max([label.last.y + label.last.h, *(word.y + word.h for word in read)]) + 0.25 * height
    margin = 0.2 * height / ratio
    return _placed(start, top, min(end + margin, stop) if stop < 1 else end + margin, bottom, label.kind)


def _after_the_mark(label: _Label) -> float:
    """Where the label ends: a reader may take label and name for one word, as in `Name:Ada`."""
    text, last = label.last.text, label.last
    mark = max(text.rfind(":"), text.rfind("："))
    if 0 <= mark < len(text) - 1:
        return last.x + last.w * (mark + 1) / len(text)
    return last.right


def _on_a_row(one: Word, other: Word) -> bool:
    overlap = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return overlap > 0.3 * min(one.h, other.h)


def _without_gap(words: Sequence[Word], start: float, *, gap: float) -> list[Word]:
    """The words up to the first wide gap."""
    kept: list[Word] = []
    at = start
    for word in words:
        if word.x - at > gap:
            break
        kept.append(word)
        at = max(at, word.right)
    return kept


def _placed(left: float, top: float, right: float, bottom: float, why: str) -> Place:
    left, top, right, bottom = max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom)
    return Place(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4), why)


def _apart(places: Sequence[Place]) -> list[Place]:
    """The places without those that another one covers already."""
    kept: list[Place] = []
    for place in places:
        if not any(share_inside(place, other) > 0.8 for other in kept):  # noqa: PLR2004
            kept.append(place)
    return kept


def share_inside(one: Place, other: Place) -> float:
    """How much of `one` lies in `other`, 0 to 1."""
    width = min(one.right, other.right) - max(one.x, other.x)
    height = min(one.bottom, other.bottom) - max(one.y, other.y)
    area = one.w * one.h
    return max(0.0, width) * max(0.0, height) / area if area else 0.0


# --- names that somebody types ------------------------------------------------------------------------------


def typed_names(text: str) -> list[str]:
    """The names in what was typed: one a line, or parted by commas. Of many the first ones."""
    names = [" ".join(part.split())[:LONGEST_NAME] for part in re.split(r"[\n\r,;，、]", text)]
    return [name for name in dict.fromkeys(names) if any(letter.isalnum() for letter in name)][:MOST_NAMES]


def of_names(lines: Sequence[Line], names: Sequence[str]) -> list[Place]:
    """Where one of these names seems to stand: every part of it counts, in any order, a letter or two misread."""
    parts = {part for name in names for part in _parts(name)}
    places = []
    for line in lines:
        hits = [word for word in line.words if _is_like(word.text, parts)]
        hits += [word for word in _joined(line.words) if word not in hits and _is_like(word.text, parts, joined=True)]
        places += [_around(run) for run in _runs(hits)]
    return _apart(sorted(places, key=lambda place: -place.w * place.h))[:MOST_PLACES]


def _parts(name: str) -> set[str]:
    """What is looked for of a name: its words, of initials none; a name of one letter, or in Chinese, as a whole."""
    words = [part for part in re.split(r"[\s\-'’.]+", plain(name)) if part]
    whole = plain(name).replace(" ", "")
    long = {word for word in words if len(word) > 1}
    return (long or {whole}) | ({whole} if len(words) > 1 else set())


def _is_like(text: str, parts: set[str], *, joined: bool = False) -> bool:
    pieces = [plain(text).replace(" ", "")]
    if not joined:
        pieces += [piece for piece in re.split(r"[^\w]+", plain(text)) if piece]
        pieces += [piece.removesuffix("s") for piece in pieces if len(piece) > 3 and piece.endswith("s")]  # noqa: PLR2004
    return any(_is_near(piece, part) for piece in pieces for part in parts if piece)


def _is_near(read: str, part: str) -> bool:
    """Equal, or a letter off in four to seven, two in more; what cannot be a different short word."""
    if read == part:
        return True
    if not part.isascii() and len(part) <= 4 and part in read:  # noqa: PLR2004 (scripts without spaces)
        return True
    allowed = 0 if len(part) < 4 else 1 if len(part) < 8 else 2  # noqa: PLR2004
    return abs(len(read) - len(part)) <= allowed and distance(read, part, most=allowed) <= allowed


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters are to be changed, put in, taken out or swapped; `most` + 1 when it is more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _joined(words: Sequence[Word]) -> list[Word]:
    """Neighbours as one word each: a reader may cut a name in two."""
    pairs = itertools.pairwise(words)
    return [
        Word(one.text + two.text, one.x, min(one.y, two.y), two.right - one.x, max(one.h, two.h)) for one, two in pairs
    ]


def _runs(hits: Sequence[Word]) -> Iterator[list[Word]]:
    """Hits that stand beside one another are one place: first name and last name."""
    run: list[Word] = []
    ordered = sorted(hits, key=lambda word: word.x)
    for word in ordered:
        if run and word.x - max(each.right for each in run) > 1.5 * word.h:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _around(words: Sequence[Word]) -> Place:
    height = max(word.h for word in words)
    left, right = min(word.x for word in words), max(word.right for word in words)
    top, bottom = min(word.y for word in words), max(word.y + word.h for word in words)
    pad = 0.12 * height
    return _placed(left - pad, top - pad, right + pad, bottom + pad, "typed")


def plain(text: str) -> str:
    """Without accents, capitals, brackets and what is not a letter or a figure: 'Sélène (A.):' → 'selene a'."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text)
    letters = unicodedata.normalize("NFKD", bare.casefold().replace("ß", "ss").replace("ł", "l").replace("ø", "o"))
    kept = unicodedata.normalize("NFC", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    return " ".join(re.sub(r"[^\w\s\-'’.]|_", " ", kept).replace("’", "").replace("'", "").replace(".", " ").split())
