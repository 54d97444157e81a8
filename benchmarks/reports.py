"""The record as PDF: twelve pages with the work and a chart, and what the parts of it cost."""

import io
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import pypdfium2
from PIL import Image, ImageDraw

from benchmarks.report import table, write_section

TIMES = 5
SAMPLES, PAGES_EACH, NOTES = 7, 2, 90
CRITERIA = ("Claim", "Evidence", "Reasoning")
CHINESE = "学生在第四行引用了文章，然后解释了引文的含义；这就是证据。"
MIXED = ("¿Dónde está la evidencia?", "في السطر الرابع دليل واضح", CHINESE, "Well done 👍🏽")
NOTE = "Line {n} quotes the article and then says what the quotation shows, in words that are the writer’s own."


def main() -> None:
    """Measure in a folder of its own and write the section."""
    with tempfile.TemporaryDirectory(prefix="esw-benchmark-") as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "esw.settings", "LOG_LEVEL": "ERROR"}
        django.setup()
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    from esw.core import fonts  # noqa: PLC0415
    from reports.documents import chart_svg, render_pdf  # noqa: PLC0415 (Django first)

    pictures = {f"p{n}.jpg": _page(n) for n in range(SAMPLES * PAGES_EACH)}
    chart = chart_svg(_chart())
    told = _record(_notes(NOTES))
    whole = pictures | {"scores.svg": chart}

    def document(**changes: object) -> bytes:
        return render_pdf(template="record.typ", data=told | changes, pictures=whole)

    with _peaks() as peaks:
        rows = [
            _row("the record", document, peaks),
            _row("the same with 500 notes", lambda: document(notes=_notes(500)), peaks),
            _row("the same, notes in four scripts", lambda: document(notes=_notes(NOTES, MIXED)), peaks),
            _row("one chart, Vega-Lite to SVG", lambda: chart_svg(_chart()), peaks),
        ]
    sources = _font_sources()
    began = time.perf_counter()
    index = fonts.load_index(sources, folder / "fonts")
    fitting = fonts.Fitting(index)
    fitting.fit(" ".join(MIXED))
    fonts.place(fitting.needed, index, folder / "fonts", folder / "placed")
    first = time.perf_counter() - began
    said = (
        f"{SAMPLES * PAGES_EACH} pages of work, {NOTES} notes, {len(CRITERIA)} criteria, seven scorers; the median of "
        f"{TIMES}. Each is a process of its own, from its start to its end, and its memory is gone with it. Fonts are "
        f"made once: the {len(fitting.needed)} slices that four scripts need took {first:.1f} s."
    )
    lines = [*table(["what", "time", "peak memory", "pages", "size"], rows), "", said]
    write_section("reports", "The record as PDF", lines)


def _font_sources() -> Path:
    from django.conf import settings  # noqa: PLC0415

    sources: Path = settings.FONT_SOURCES
    return sources


@contextmanager
def _peaks() -> Iterator[list[int]]:
    """The peak of each child in MiB, as the log has it."""
    peaks: list[int] = []

    class Hear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.args, tuple):
                peaks.append(int(str(record.args[-1])))

    log, hear = logging.getLogger("reports.documents"), Hear(logging.INFO)
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(hear)
    try:
        yield peaks
    finally:
        log.removeHandler(hear)


def _row(what: str, make: Callable[[], bytes], peaks: list[int]) -> list[str]:
    make()  # the first one makes the fonts
    peaks.clear()
    times, made = [], b""
    for _ in range(TIMES):
        began = time.perf_counter()
        made = make()
        times.append(time.perf_counter() - began)
    pages = str(_page_count(made)) if made.startswith(b"%PDF") else ""
    return [what, f"{statistics.median(times):.2f} s", f"{max(peaks)} MB", pages, f"{len(made) / 1000:.0f} KB"]


def _page_count(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


# --- what it tells --------------------------------------------------------------------------------------------


def _page(seed: int) -> bytes:
    """Ruled paper with lines of writing, of the size that a record takes."""
    page = Image.effect_noise((900, 1200), 8).convert("RGB")
    draw = ImageDraw.Draw(page)
    for line in range(60, 1150, 42):
        draw.line((60, line, 840, line), fill=(150, 170, 200))
        draw.text(
            (70, line - 26),
            f"{seed} Some people say that we need the time for lessons.",
            fill=(30, 30, 90),
            font_size=26,
        )
    written = io.BytesIO()
    page.save(written, "JPEG", quality=78)
    return written.getvalue()


def _notes(count: int, texts: tuple[str, ...] = (NOTE,)) -> list[dict[str, object]]:
    notes = [
        {
            "text": texts[n % len(texts)].format(n=n),
            "where": ["Lena Petrova", f"Sample {'ABCDEFG'[n % SAMPLES]}", "Discuss"],
        }
        for n in range(count)
    ]
    return [{"title": "Evidence", "notes": notes}]


def _chart() -> dict[str, object]:
    from reports.record_chart import LevelCounts, scores_chart  # noqa: PLC0415 (Django first)

    rows = [LevelCounts(title, [6, 12, 18, 6], [2, 10, 24, 6]) for title in CRITERIA]
    return scores_chart(rows, [(1, "beginning"), (2, "nearing"), (3, "proficient"), (4, "beyond")])


def _sample(at: int) -> dict[str, object]:
    marks = [{"scorer": n, "before": 1 + (n + at) % 4, "after": None} for n in range(1, 8)]
    agreed = {"level": 3, "name": "proficient", "reason": "We agreed once we had read the answer aloud.", "other": ""}
    label = "ABCDEFG"[at]
    return {
        "label": label,
        "pages": [
            {
                "file": f"p{at * PAGES_EACH + n}.jpg",
                "alt": f"Sample {label}, page {n + 1} of {PAGES_EACH}",
                "gone": False,
            }
            for n in range(PAGES_EACH)
        ],
        "gone": False,
        "numbers": list(range(1, 8)),
        "in-lines": False,
        "rows": [{"title": title, "marks": marks, "agreed": agreed} for title in CRITERIA],
        "remark": "",
    }


def _record(notes: list[dict[str, object]]) -> dict[str, object]:
    question = "Where does evidence stop being a quotation and start being an argument?"
    counts = [{"title": title, "round": "before", "counts": ["6", "12", "18", "6"]} for title in CRITERIA]
    levels = ["1 beginning", "2 nearing", "3 proficient", "4 beyond"]
    steps = [{"title": f"Step {n}", "block": "", "planned": "5", "taken": "5½"} for n in range(16)]
    return {
        "title": question,
        "running": question,
        "running-right": "24 November 2026",
        "footer": "ESW helps a team learn from work. It is not for evaluating teachers.",
        "lang": "en",
        "eyebrow": "Record · Tuesday 24 November 2026",
        "where": "Grade 7 ELA, Alder Creek School",
        "what": "Calibration scoring · 90 minutes",
        "summary": "seven samples, seven people, three next steps",
        "copy": "",
        "facts": [
            {"term": "Purpose", "text": "Agree on what proficient means"},
            {"term": "Task", "text": "Longer lunch"},
        ],
        "norms": ["Describe before you judge.", "Point to the page."],
        "people": [{"name": name, "role": ""} for name in ("Aisha Noor", "David Kim", "Jun Sato", "Lena Petrova")],
        "scale": {"levels": [{"value": n, "name": name[2:]} for n, name in enumerate(levels, 1)], "from": 3},
        "numbers": "Scorer 1 to 7 are the people of this session in an order made for it alone.",
        "samples": [_sample(at) for at in range(SAMPLES)],
        "chart": {"file": "scores.svg", "alt": "Scores by level", "levels": levels, "rows": counts, "has-after": False},
        "agreement": None,
        "notes": notes,
        "looked-back": [],
        "next-steps": [
            {
                "text": "Reword the task.",
                "state": "planned",
                "owner": "David Kim",
                "due": "",
                "students": "",
                "outcome": "",
            }
        ]
        * 3,
        "time": steps,
        "time-total": {"planned": "80", "taken": "88"},
    }


if __name__ == "__main__":
    main()
