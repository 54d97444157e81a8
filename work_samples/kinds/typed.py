"""A text that was typed or pasted into ESW. It becomes pages like any other work, so that names in it can be covered.

It is kept as a file that begins with a mark of ours (`written`) and goes the way of every upload: for its uploader
alone, and gone once the sample is confirmed. typst sets it, for any script, with its lines numbered.
"""

# ruff: noqa: PLC0415  (its engine is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

import importlib.util
import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

from .base import CONVERTED, Kind, Refusal

MARK = b"\x89ESW text 1\r\n"
#: Some twenty-five pages of an essay.
MAX_CHARACTERS = 60_000
HERE = Path(__file__).resolve().parent
FONTS = HERE.parents[1] / "esw" / "core" / "fonts.py"
SCRIPTS = (
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0900-\u097f]"), "hi"),
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
)
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
MEMORY = 1536 * 1024 * 1024

_loaded: dict[str, Any] = {}


def written(text: str) -> bytes:
    """The text as it is kept until the sample is confirmed."""
    return MARK + text.encode("utf-8", "replace")


def _load() -> None:
    import typst

    _loaded["typst"] = typst
    _loaded["template"] = (HERE / "typed.typ").read_bytes()
    spec = importlib.util.spec_from_file_location("esw_fonts", FONTS)
    if spec is None or spec.loader is None:
        raise ImportError(str(FONTS))
    fonts = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = _loaded["fonts"] = fonts  # by name as well: dataclasses look there
    spec.loader.exec_module(fonts)
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: F401  (for a slice not made yet)


def _convert(job: dict[str, Any]) -> None:
    """Write the text's pages as a PDF into the current folder. Raises Refusal."""
    fonts = _loaded["fonts"]
    text = Path(job["source"]).read_bytes().removeprefix(MARK).decode("utf-8", "replace")
    sources, built = (Path(job["fonts"][which]) for which in ("sources", "built"))
    try:
        index = fonts.load_index(sources, built)
        fitting = fonts.Fitting(index)
        lines = [_line(fitting.fit(_indented(line))) for line in fonts.clean(text.replace("\t", "    ")).split("\n")]
        if not any(line["words"].strip() for line in lines):
            raise Refusal("no_words")
        shelf = Path("fonts")
        fonts.place(fitting.needed, index, built, shelf)
    except fonts.NoFonts as missing:
        raise Refusal("fonts") from missing
    needed = [part for part in index.slices if part.name in fitting.needed]
    chain = [part.name for part in sorted(needed, key=lambda part: not part.is_serif)]
    Path("typed.typ").write_bytes(_loaded["template"])
    inputs = {"said": json.dumps(lines, ensure_ascii=False), "fonts": json.dumps(chain), "paper": job["paper"]}
    _loaded["typst"].compile(
        str(Path("typed.typ").resolve()),
        output=CONVERTED,
        root=str(Path.cwd()),
        font_paths=_loaded["typst"].Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(shelf)]
        ),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format="pdf",
    )


def _indented(line: str) -> str:
    """Spaces at the start of a line, and several in a row, are somebody's: keep them."""
    return re.sub(r"^ +| {2,}", lambda found: NO_BREAK_SPACE * len(found[0]), line.rstrip())


def _line(words: str) -> dict[str, Any]:
    turns = (unicodedata.bidirectional(character) for character in words)
    first = next((turn for turn in turns if turn in {"L", "R", "AL"}), "L")
    lang = next((lang for letters, lang in SCRIPTS if letters.search(words)), "en")
    return {"words": words, "rtl": first != "L", "lang": lang}


KIND = Kind(
    name="typed",
    label="",
    extensions=(),
    media_types=(),
    is_it=lambda head: head.startswith(MARK),
    load=_load,
    convert=_convert,
    memory_bytes=MEMORY,
)
