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
from functools import partial
from pathlib import Path

from tests.work_samples import files, office_files, recording_files
from work_samples import confinement, imaging, kinds, recorder
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
    ("RTF", "a letter of 10 pages", lambda at: office_files.rtf(at, pages=10)),
    ("PPTX", "two slides and a hidden one", office_files.pptx),
    ("ODP", "two slides and a hidden one", office_files.odp),
    ("XLSX", "a table of 500 rows", lambda at: office_files.xlsx(at, rows=500)),
    ("ODS", "a small table", office_files.ods),
    ("typed", "a text of 10,000 characters", written),
    ("MP3", "a reading aloud of 5 minutes", partial(recording_files.WHOLE["mp3"], seconds=300)),
    ("M4A", "an iPhone’s voice memo, 1 minute", partial(recording_files.WHOLE["m4a"], seconds=60)),
    ("OGG", "a messenger’s voice note, 1 minute", partial(recording_files.WHOLE["ogg"], seconds=60)),
    ("WAV", "sound as sampled, 1 minute", partial(recording_files.WHOLE["wav"], seconds=60)),
    ("MP4", "a phone’s film in 1080p, 1 minute", partial(recording_files.WHOLE["mp4"], seconds=60, size="1920x1080")),
    ("MOV", "an iPhone’s film, 20 seconds", partial(recording_files.WHOLE["mov"], seconds=20, size="1280x720")),
    ("WebM", "a browser’s film, 20 seconds", partial(recording_files.WHOLE["webm"], seconds=20)),
)


def made_of(source: Path, out: Path) -> tuple[str, list[Path]]:
    """How many pages (of a recording how long it is), and the files that are served. Raises CannotRead."""
    if recorder.is_recording(source):
        made = recorder.make_recording(source, out)
        return f"{made.seconds:.0f} s", [part for part in (made.file, made.poster, made.thumbnail) if part]
    pages = imaging.make_pages(source, out, press=PRESS)
    return str(len(pages)), [part for page in pages for part in (page.image, page.thumbnail)]


def measured(label: str, what: str, make: Callable[[Path], Path]) -> str:
    """One row of the table."""
    peaks = Peaks()
    confinement.logger.addHandler(peaks)
    try:
        with tempfile.TemporaryDirectory() as folder:
            source = make(Path(folder))
            before = source.stat().st_size
            started = time.perf_counter()
            try:
                count, parts = made_of(source, Path(folder) / "pages")
            except imaging.CannotRead as refusal:
                return f"| {label} | {what} | – | – | – | {before:,} | {refusal.sentence} |"
            took = time.perf_counter() - started
            after = sum(part.stat().st_size for part in parts)
    finally:
        confinement.logger.removeHandler(peaks)
    return f"| {label} | {what} | {count} | {took:.1f} | {max(peaks.found)} | {before:,} | {after:,} |"


def main() -> None:
    confinement.logger.setLevel(logging.INFO)
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
Memory is the peak of the largest process that opened the file; bytes after are all files that are served.

| kind | file | pages or length | seconds | MiB | bytes before | bytes after |
|---|---|--:|--:|--:|--:|--:|
{rows}

A file has at most 60 pages and 50 MB, a recording 20 minutes and 500 MB. What is served is a page image that ESW has
drawn or a recording that it has encoded; nothing else of the file is kept once the sample is confirmed.

## Office documents

They need LibreOffice on the machine that runs ESW: the Docker image has it, `scripts/office.sh` installs it on Debian.
Without it the upload is refused with a sentence that says to save the document as a PDF, and the upload page does not
offer these formats.

- **Not on the pages**: comments, what was deleted under tracked changes (what was inserted is there, as if all had been
  accepted), hidden words, slides, sheets and rows, speaker's notes, the author and other properties.
- **Refused, with what to do instead**: a password, macros in Word, PowerPoint or Excel files, the formats before 2007
  (`.doc`, `.ppt`, `.xls`), more than 60 pages, what unfolds to more than a document should, damaged files.
- **Left out without a word**: macros in OpenDocument, files embedded in files (their picture stays), pictures and texts
  that the document would fetch from another address. In RTF a field is the text that it last showed, and one that says
  who wrote it, or what the file is called, is left out.
- Fonts that the machine does not have are replaced, so that lines may break elsewhere than on the student's screen. If
  that matters, bring a PDF.

## Typed or pasted text

Any script, with the fonts that ESW ships; each line is numbered. Up to 60,000 characters. The words are deleted when
the sample is confirmed, as any upload is.

## Recordings

MP3, M4A, OGG and WAV; MP4, MOV and WebM. They need ffmpeg on the machine that runs ESW: the Docker image has it,
`scripts/media.sh` installs it on Debian. Without it the upload is refused with a sentence that says how to go on, and
the upload page does not offer these formats. **Off until the district turns them on**, because voices and faces
identify; the refusal names who can.

- **Made anew**: sound becomes AAC in M4A, film H.264 and AAC in MP4 of at most 720p and 30 frames a second, because
  the browsers of schools play this pair, old phones and tablets too. Where and when it was recorded, with which phone,
  its title, chapters, cover, subtitles and every other stream are gone.
- **Names that are said**: before confirming, the uploader silences spans (`0:42–0:45`). Sound and picture are gone
  there, in the file itself, from a fraction of a second before to a fraction after. The preview is what others will
  hear.
- **Confirmed** only when its uploader ticks that consent is on file; the file that was brought is deleted then.
- **For a colleague who cannot hear it**: a transcript beside the player, which any member of the team may write or
  mend; lines that begin with a time (`0:42 We swam.`), WebVTT and SRT become captions.
- **Refused, with what to do instead**: longer than 20 minutes, neither sound nor film, cut off, damaged, protected
  against copying, a second recording in one sample. A playlist or a list of other files reads none of them. Of an MP3
  without a count of its frames, and of a WebM that a browser recorded, nothing tells whether its end is missing.
"""

if __name__ == "__main__":
    main()
