"""Fonts for documents: which of them a text needs, and what no font can show. No Django in here.

The packages of @fontsource hold each family in slices (`noto-sans-sc-119-400-normal.woff2`), a format that typst does
not read. A slice is turned into TrueType the first time that a text needs it, under a family name of its own, because
typst picks one face a family and weight and would never look into the other slices. What was made is kept in a folder
(`fonts-built/`), so that only the first document with Chinese in it waits for Chinese.

    index = load_index(sources, built)
    shown, needed = fit(text, index)        what can be shown, and the slices for it
    place(needed, index, built, folder)     the files, in a folder that typst reads

`python -m esw.core.fonts SOURCES BUILT` turns everything beforehand, for a machine without the packages.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

INDEX = "index.json"
SHAPE = 2  # of the index and of the files; raise it when either changes
#: What stands for characters that no font has. The chain's fonts must have it.
STAND_IN = "\N{WHITE SQUARE}"

_LATIN = ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
#: package, slices (`None`: the numbered ones and the rest), weights. The order is the order of preference.
SERIF = (("literata", _LATIN, (400, 600)),)
SANS = (
    ("noto-sans", _LATIN, (400, 700)),
    ("noto-sans-arabic", ("arabic", "symbols", "math"), (400, 700)),
    ("noto-sans-hebrew", ("hebrew",), (400, 700)),
    ("noto-sans-devanagari", ("devanagari",), (400, 700)),
    ("noto-emoji", ("emoji",), (400,)),
    ("noto-sans-math", ("latin",), (400,)),
    ("noto-sans-symbols-2", ("symbols", "math", "latin", "latin-ext", "braille"), (400,)),
    ("noto-sans-sc", None, (400,)),
    ("noto-sans-kr", None, (400,)),
)


class NoFonts(Exception):
    """Neither the packages nor what was made of them is there."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a family: the characters that it covers, as sorted ranges, and its files by weight."""

    name: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    files: dict[int, str]
    is_serif: bool

    def has(self, code: int) -> bool:
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code <= self.ends[at]


@dataclass(frozen=True)
class Index:
    """All slices, in the order of preference."""

    slices: tuple[Slice, ...]
    sources: Path

    @cached_property
    def sans(self) -> tuple[Slice, ...]:
        return tuple(part for part in self.slices if not part.is_serif)


# --- what a text needs ------------------------------------------------------------------------


class Fitting:
    """Fits texts to the fonts, one after the other, and remembers which slices they need."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._cluster: dict[str, str] = {}
        self.needed: set[str] = set()
        self.missing = False
        self.fit(STAND_IN + " aA0")

    def fit(self, text: str) -> str:
        """`text` with nothing in it that would stop a document.

        In the composed form (NFC); controls and marks that turn the direction are dropped; of a cluster that no one
        font can show its marks are dropped, and what is left over becomes one `STAND_IN` a run.
        """
        if text.isascii() and text.isprintable():
            return text
        shown: list[str] = []
        for cluster in clusters(unicodedata.normalize("NFC", clean(text))):
            found = self._cluster.get(cluster)
            if found is None:
                found = self._cluster[cluster] = self._fit_cluster(cluster)
            if found != STAND_IN or cluster == STAND_IN:
                shown.append(found)
                continue
            self.missing = True
            if not shown or shown[-1] != STAND_IN:
                shown.append(found)
        return "".join(shown)

    def _fit_cluster(self, cluster: str) -> str:
        if cluster in {"\n", " "}:
            return cluster
        wanted = [ord(character) for character in cluster if not is_invisible(character)]
        if not wanted:
            return ""
        if self._find(wanted):
            return cluster
        return cluster[0] if self._find(wanted[:1]) and ord(cluster[0]) == wanted[0] else STAND_IN

    def _find(self, codes: Sequence[int]) -> bool:
        """Whether one slice has all of `codes`; it is needed then, and so is a serif one that has them."""
        sans = next((part for part in self._index.sans if all(part.has(code) for code in codes)), None)
        serif = next(
            (part for part in self._index.slices if part.is_serif and all(part.has(code) for code in codes)), None
        )
        self.needed.update(part.name for part in (sans, serif) if part)
        return sans is not None


#: Embeddings, overrides and isolates: they would turn what stands beside somebody's words.
TURNS = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
BOM = 0xFEFF  # means nothing within a text, and PDF/UA forbids it
JOINER = "\N{ZERO WIDTH JOINER}"
_ARABIC = range(0x600, 0x700)
_TAGS = range(0xE0020, 0xE0080)
_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_SPACES = str.maketrans({"\r": "\n", "\t": " ", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


def clean(text: str) -> str:
    """Without controls, halves of characters and what no character is; its lines end in one way."""
    text = text.replace("\r\n", "\n").translate(_SPACES)
    return "".join(each for each in text if each == "\n" or _is_text(each))


def _is_text(character: str) -> bool:
    code = ord(character)
    if unicodedata.category(character) in {"Cc", "Cs"} or code in TURNS or code == BOM:
        return False
    return code & 0xFFFE != 0xFFFE and not 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 (never characters, says Unicode)


def is_invisible(character: str) -> bool:
    """Whether a font need not have it: joiners, selectors of a variant, formatting."""
    code = ord(character)
    return (
        unicodedata.category(character) == "Cf"
        or 0xFE00 <= code <= 0xFE0F  # noqa: PLR2004
        or 0xE0100 <= code <= 0xE01EF  # noqa: PLR2004
        or code in {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0}
    )


def clusters(text: str) -> Iterator[str]:
    """The pieces that are shaped as one: a letter with its marks, an emoji with all that is joined to it."""
    piece = ""
    for character in text:
        if piece and not _belongs(piece, character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _belongs(piece: str, character: str) -> bool:
    if piece in {"\n", " "} or character in {"\n", " "}:
        return False
    code, before = ord(character), ord(piece[-1])
    if piece[-1] == JOINER or character == JOINER or code in _TONES or code in _TAGS:
        return True
    if code in _FLAGS:
        return before in _FLAGS and len(piece) == 1
    return unicodedata.category(character) in {"Mn", "Mc", "Me"} or is_invisible(character)


# --- the fonts --------------------------------------------------------------------------------


def load_index(sources: Path, built: Path) -> Index:
    """The index that is kept in `built`, made anew when the packages are newer. Raises NoFonts."""
    versions = _versions(sources)
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
        kept = json.loads((built / INDEX).read_text())
        if kept["shape"] == SHAPE and (not versions or kept["versions"] == versions):
            return _index(kept["slices"], sources)
    if not versions:
        raise NoFonts
    slices = [_describe(*each, sources=sources) for each in _listed(sources)]
    with contextlib.suppress(OSError):
        built.mkdir(parents=True, exist_ok=True)
        _write(built / INDEX, json.dumps({"shape": SHAPE, "versions": versions, "slices": slices}).encode())
    return _index(slices, sources)


def _versions(sources: Path) -> dict[str, str]:
    """Package → version; nothing at all unless every package is there."""
    found = {}
    for package, _, _ in SERIF + SANS:
        try:
            found[package] = str(json.loads((sources / package / "package.json").read_text())["version"])
        except (OSError, ValueError, LookupError):
            return {}
    return found


def _listed(sources: Path) -> Iterator[tuple[str, str, tuple[int, ...], bool]]:
    for family in SERIF + SANS:
        package, names, weights = family
        for name in names or _numbered(sources / package, package):
            yield package, name, weights, family in SERIF


def _numbered(folder: Path, package: str) -> list[str]:
    ending = "-400-normal.woff2"
    names = [path.name.removeprefix(f"{package}-").removesuffix(ending) for path in folder.glob(f"files/*{ending}")]
    return sorted((name for name in names if name.isdigit()), key=int, reverse=True)  # the last are the commonest


def _describe(package: str, name: str, weights: Iterable[int], is_serif: bool, *, sources: Path) -> dict[str, Any]:  # noqa: FBT001
    files = {str(weight): f"{package}/files/{package}-{name}-{weight}-normal.woff2" for weight in weights}
    with _opened(sources / next(iter(files.values()))) as font:
        codes = sorted(code for code in font.getBestCmap() if _is_taken(package, code))
    starts = [code for at, code in enumerate(codes) if not at or codes[at - 1] != code - 1]
    ends = [code for at, code in enumerate(codes) if at + 1 == len(codes) or codes[at + 1] != code + 1]
    # Typst cuts words like 'normal' off a family's name, so there is none in ours.
    return {"name": f"ESW {package} {name}", "starts": starts, "ends": ends, "files": files, "is_serif": is_serif}


def _is_taken(package: str, code: int) -> bool:
    """Not the Arabic letters of the mathematical font: they do not join."""
    return package == "noto-sans-arabic" or code not in _ARABIC


def _index(slices: Iterable[dict[str, Any]], sources: Path) -> Index:
    return Index(
        tuple(
            Slice(
                each["name"],
                tuple(each["starts"]),
                tuple(each["ends"]),
                {int(weight): file for weight, file in each["files"].items()},
                each["is_serif"],
            )
            for each in slices
        ),
        sources,
    )


def place(names: Iterable[str], index: Index, built: Path, folder: Path) -> None:
    """Put the files of these slices into `folder`, from `built` or made now (and kept there where that is allowed).

    Raises NoFonts when a slice is neither made nor there to make.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(names)
    for part in index.slices:
        if part.name in wanted:
            for file in part.files.values():
                kept = built / _kept_name(file)
                target = folder / kept.name
                if target.exists():
                    continue
                if not kept.is_file():
                    kept = make(part.name, index.sources / file, kept, target)
                if kept != target:
                    _link(kept, target)


def _opened(source: Path) -> Any:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 (slow, and rarely needed)

    return TTFont(source, lazy=True)


def _kept_name(file: str) -> str:
    return f"{Path(file).stem}.{SHAPE}.ttf"


def _link(kept: Path, target: Path) -> None:
    try:
        target.symlink_to(kept.resolve())
    except OSError:
        shutil.copyfile(kept, target)


def make(family: str, source: Path, kept: Path, target: Path) -> Path:
    """Turn one slice into TrueType under the name `family`; returns where it was put. Raises NoFonts."""
    try:
        with _opened(source) as font:
            font.flavor = None
            for table in font["cmap"].tables:
                for code in [each for each in table.cmap if not _is_taken(source.parent.parent.name, each)]:
                    del table.cmap[code]
            for number in (16, 17, 21, 22):
                font["name"].removeNames(nameID=number)
            font["name"].setName(family, 1, 3, 1, 0x409)
            written = io.BytesIO()
            font.save(written)
    except OSError as problem:
        raise NoFonts from problem
    try:
        _write(kept, written.getvalue())
    except OSError:
        target.write_bytes(written.getvalue())
        return target
    return kept


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing, whoever else writes the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def build_all(sources: Path, built: Path) -> int:
    """Make every file that is not made; returns how many there are."""
    index = load_index(sources, built)
    files = [(part.name, file) for part in index.slices for file in part.files.values()]
    for name, file in files:
        kept = built / _kept_name(file)
        if not kept.is_file():
            make(name, sources / file, kept, kept)
    return len(files)


if __name__ == "__main__":
    sys.exit(0 if build_all(Path(sys.argv[1]), Path(sys.argv[2])) else 1)
