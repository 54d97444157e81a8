"""The program that makes one document, or draws one chart: a short-lived process each.

Typst keeps more memory with each document, and a chart needs a JavaScript engine: neither belongs into a server. So
`reports.documents` starts this program in a folder of its own, with a job on standard input. It limits its memory,
time and files, and answers with one line of JSON on standard output:

    {"made": "out.pdf", "missing": false, "peak_mib": 118}   `missing`: some characters have no shape in our fonts
    {"cannot": "fonts"}                                       a reason that `documents` puts into words

It runs by path with `-I`, with nothing of Django.
"""

# ruff: noqa: PLC0415  (what is heavy is imported after the limits stand, and only for the job that needs it)

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))

from esw.core import fonts
from work_samples.decoder import fasten, is_disk_full, peak_mib

MIB = 1024 * 1024
# The engine of the charts reserves a large cage of addresses that it never fills.
ROOM_FOR_ADDRESSES = 256 * 1024 * MIB
OUT_PDF, OUT_SVG = "out.pdf", "out.svg"
TRIES = 3
UNSHOWN = re.compile(r'the (?:text|text contains the disallowed codepoint) `"((?:[^"\\]|\\.)*)"`')
UNNAMED = "missing codepoints"
PIXELS, PIXELS_A_POINT = "data:image/png;base64,", 3
BASE = "ESW noto-sans latin"


class Refusal(Exception):
    """It cannot be made; `code` is one of `documents.SENTENCES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def make_pdf(job: dict[str, Any]) -> dict[str, Any]:
    """Write `out.pdf` from `job["template"]`; every string in `job["data"]` is words and never markup."""
    import typst

    index = fonts.load_index(Path(job["sources"]), Path(job["built"]))
    fitting = fonts.Fitting(index)
    data = _each_string(job["data"], fitting.fit)
    drawings = sorted(Path("pictures").glob("*.svg"))
    for drawing in drawings:
        fitting.fit(drawing.read_text(encoding="utf-8"))
    for _ in range(TRIES):
        chain = _chain(index, fitting.needed)
        folder = Path("fonts")
        fonts.place(fitting.needed, index, Path(job["built"]), folder)
        shelf = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        inputs = {
            "data": json.dumps(data | {"missing": fitting.missing}, ensure_ascii=False),
            "fonts": json.dumps(chain),
            "paper": job["paper"],
        }
        try:
            typst.compile(
                str(Path(job["template"]).resolve()),
                output=OUT_PDF,
                root=str(Path.cwd()),
                font_paths=shelf,
                ignore_system_fonts=True,
                sys_inputs=inputs,
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=job["made_at"],
            )
        except typst.TypstError as problem:
            # A text that was fit and still cannot be shown: give it a stand-in, rather than nobody anything.
            unshown = {_unescaped(found) for found in UNSHOWN.findall(f"{problem.message}\n{problem.diagnostic}")}
            _debug(problem.message)
            if (unshown or UNNAMED in problem.message) and _draw_as_pixels(drawings):
                continue
            if not unshown:
                break
            data = _each_string(data, lambda text, unshown=unshown: _stand_in(text, unshown))  # type: ignore[misc]
            fitting.missing = True
        else:
            return {"made": OUT_PDF, "missing": fitting.missing}
    raise Refusal("broken")


def _debug(message: str) -> None:
    """What an engine says may quote somebody's words: only who asks for it on their own machine sees it."""
    if os.environ.get("ESW_PRESS_DEBUG"):
        sys.stderr.write(f"{message}\n")


def _draw_as_pixels(drawings: Iterable[Path]) -> bool:
    """Put pixels in place of the words and lines of each drawing; False where there is none left to change.

    In a drawing typst knows no character for some glyphs, as of Arabic letters that are put together from parts, and
    PDF/UA forbids that. Its words are in the alternative text and the table beside it.
    """
    import vl_convert

    found = [drawing for drawing in drawings if PIXELS not in drawing.read_text(encoding="utf-8")]
    if found:
        vl_convert.register_font_directory(str(Path("fonts").resolve()))
    for drawing in found:
        svg = drawing.read_text(encoding="utf-8")
        png = base64.b64encode(vl_convert.svg_to_png(svg, scale=PIXELS_A_POINT)).decode()
        head = svg[: svg.index(">") + 1]
        picture = f'<image width="100%" height="100%" href="{PIXELS}{png}"/>'
        drawing.write_text(f"{head}{picture}</svg>", encoding="utf-8")
    return bool(found)


def _chain(index: fonts.Index, needed: set[str]) -> dict[str, list[str]]:
    """The families to look into, for running text and for headings."""
    sans = [part.name for part in index.sans if part.name in needed]
    serif = [part.name for part in index.slices if part.is_serif and part.name in needed]
    return {"sans": sans, "serif": serif + sans}


def _each_string(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_string(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [_each_string(each, change) for each in value]
    return value


def _unescaped(quoted: str) -> str:
    """What typst quoted, as it was: it writes some characters by their number."""
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), quoted)
    return re.sub(r"\\(.)", r"\1", plain)


def _stand_in(text: str, unshown: set[str]) -> str:
    for each in sorted(unshown, key=len, reverse=True):
        if each and each not in {" ", "\n"}:
            text = text.replace(each, fonts.STAND_IN)
    return text


def make_chart(job: dict[str, Any]) -> dict[str, Any]:
    """Write `out.svg` from a Vega-Lite specification; nothing is fetched from anywhere."""
    import vl_convert

    index = fonts.load_index(Path(job["sources"]), Path(job["built"]))
    fitting = fonts.Fitting(index)
    spec = _each_string(job["spec"], fitting.fit)
    fonts.place(fitting.needed, index, Path(job["built"]), Path("fonts"))
    vl_convert.register_font_directory(str(Path("fonts").resolve()))
    spec["config"] = spec.get("config", {}) | {"font": BASE}
    try:
        svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    except ValueError as problem:
        _debug(str(problem))
        raise Refusal("broken") from problem
    Path(OUT_SVG).write_text(svg, encoding="utf-8")
    return {"made": OUT_SVG, "missing": fitting.missing}


def _limit_data(limit: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def main() -> int:
    """Read the job, do it, and always say how it ended."""
    job: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    limits = job["limits"]
    is_chart = job["do"] == "chart"
    fasten(job | {"limits": limits | {"memory_bytes": ROOM_FOR_ADDRESSES if is_chart else limits["memory_bytes"]}})
    if is_chart:
        _limit_data(limits["memory_bytes"])
    # The engines print what they please: only this program's own line may reach the parent.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    try:
        said = make_chart(job) if is_chart else make_pdf(job)
        said["peak_mib"] = peak_mib()
    except Refusal as refused:
        said = {"cannot": refused.code}
    except fonts.NoFonts:
        said = {"cannot": "fonts"}
    except MemoryError:
        said = {"cannot": "memory"}
    except OSError as problem:
        said = {"cannot": "disk" if is_disk_full(problem) else "broken", "error": type(problem).__name__}
    except BaseException as problem:  # noqa: BLE001 (whatever an engine does, the parent hears of it)
        said = {"cannot": "broken", "error": type(problem).__name__}
    answers.write(json.dumps(said) + "\n")
    answers.flush()
    return 0


if __name__ == "__main__":
    # Leave at once: an engine's own tear-down can hang, and the answer has been given.
    status = main()
    sys.stderr.flush()
    os._exit(status)
