"""Measure what each kind of work costs and write docs/formats.md: `python -m tests.work_samples.formats`.

The files are made here, as people bring them; each goes the whole way from the upload to page images. Memory is what
the processes that open the file held at their peak.
"""

# ruff: noqa: T201  (a program of its own)

import logging
import os
import platform
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.work_samples import files, office_files
from work_samples import imaging, kinds
from work_samples.kinds import typed

HERE = Path(__file__).resolve().parents[2]

PRESS = imaging.Press(
    fonts={"sources": str(HERE / "node_modules" / "@fontsource"), "built": str(HERE / "fonts-built")}, paper="a4"
)
PHONE = (4032, 3024)
ESSAY = ("The lake was cold in the morning and warm at noon, so we went in the afternoon.\n" * 30 + "\n") * 4


class Peaks(logging.Handler):
    """The peaks that the children report, of the largest process in each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[int] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found += [int(each) for each in re.findall(r"with (\d+) MiB at its peak", record.getMessage())]


def essay_docx(folder: Path) -> Path:
    """Ten pages of text with three photos' worth of other parts."""
    body = "".join(f"<w:p>{office_files.run(line)}</w:p>" for line in ESSAY.splitlines() * 2)
    return office_files.docx(folder, body=body)


def written(folder: Path) -> Path:
    return files.write(folder, "text", typed.written(ESSAY))


MAKERS: tuple[tuple[str, str, Callable[[Path], Path]], ...] = (
    ("JPEG", "a phone's photo, 12 megapixels", lambda at: files.jpeg(at, image=files.paper(*PHONE), quality=90)),
    ("PNG", "a screenshot", files.telling_png),
    ("WebP", "a picture", files.telling_webp),
    ("HEIC", "an iPhone's photo, 12 megapixels", lambda at: files.heic(at, image=files.paper(*PHONE), tile_size=512)),
    ("TIFF", "a scan of 10 pages", lambda at: files.tiff(at, pages=10, size=(1654, 2339), compression="tiff_lzw")),
    ("PDF", "a scan of 20 pages", lambda at: files.scanned_pdf(at, 20)),
    ("PDF", "printed from a program, 6 pages", files.pdf),
    ("DOCX", "an essay", essay_docx),
    ("ODT", "a page with comments and tracked changes", office_files.odt),
    ("PPTX", "two slides and a hidden one", office_files.pptx),
    ("ODP", "two slides and a hidden one", office_files.odp),
    ("XLSX", "a table of 500 rows", lambda at: office_files.xlsx(at, rows=500)),
    ("ODS", "a small table", office_files.ods),
    ("typed", "a text of 10,000 characters", written),
)


def measured(label: str, what: str, make: Callable[[Path], Path]) -> str:
    """One row of the table."""
    peaks = Peaks()
    imaging.logger.addHandler(peaks)
    try:
        with tempfile.TemporaryDirectory() as folder:
            source = make(Path(folder))
            before = source.stat().st_size
            started = time.perf_counter()
            try:
                pages = imaging.make_pages(source, Path(folder) / "pages", press=PRESS)
            except imaging.CannotRead as refusal:
                return f"| {label} | {what} | – | – | – | {before:,} | {refusal.sentence} |"
            took = time.perf_counter() - started
            after = sum(page.image.stat().st_size + page.thumbnail.stat().st_size for page in pages)
    finally:
        imaging.logger.removeHandler(peaks)
    return f"| {label} | {what} | {len(pages)} | {took:.1f} | {max(peaks.found)} | {before:,} | {after:,} |"


def main() -> None:
    imaging.logger.setLevel(logging.INFO)
    rows = [measured(*each) for each in MAKERS]
    known = {kind.label or kind.name for kind in kinds.KINDS}
    missing = known - {label for label, _, _ in MAKERS}
    if missing:
        raise SystemExit(f"No file of {', '.join(sorted(missing))} is measured.")
    (HERE / "docs" / "formats.md").write_text(TEXT.format(rows="\n".join(rows), machine=machine()), encoding="utf-8")
    print("\n".join(rows))


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, other work going on"


TEXT = """# Formats

What may be brought, and what it costs from the file to page images. Written by
`python -m tests.work_samples.formats` ({machine}).
Memory is the peak of the largest process that opened the file; bytes after are all page images and thumbnails.

| kind | file | pages | seconds | MiB | bytes before | bytes after |
|---|---|--:|--:|--:|--:|--:|
{rows}

A file has at most 60 pages and 50 MB. What is served is a page image that ESW has drawn; nothing else of the file is
kept once the sample is confirmed.

## Office documents

They need LibreOffice on the machine that runs ESW: the Docker image has it, `scripts/office.sh` installs it on Debian.
Without it the upload is refused with a sentence that says to save the document as a PDF, and the upload page does not
offer these formats.

- **Not on the pages**: comments, what was deleted under tracked changes (what was inserted is there, as if all had been
  accepted), hidden words, slides, sheets and rows, speaker's notes, the author and other properties.
- **Refused, with what to do instead**: a password, macros in Word, PowerPoint or Excel files, the formats before 2007
  (`.doc`, `.ppt`, `.xls`), RTF, more than 60 pages, what unfolds to more than a document should, damaged files.
- **Left out without a word**: macros in OpenDocument, files embedded in files (their picture stays), pictures and texts
  that the document would fetch from another address.
- Fonts that the machine does not have are replaced, so that lines may break elsewhere than on the student's screen. If
  that matters, bring a PDF.

## Typed or pasted text

Any script, with the fonts that ESW ships; each line is numbered. Up to 60,000 characters. The words are deleted when
the sample is confirmed, as any upload is.
"""

if __name__ == "__main__":
    main()
