"""What ESW takes, and the sentence for each file that it does not. No Django in here.

A refusal is a `CannotRead` whose sentence tells the person who brought the file what is wrong and what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence

from work_samples import kinds

MAX_PAGES = 60
MIB = 1024 * 1024
MAX_UPLOAD_BYTES = 50 * MIB

ACCEPTED = {kind.name: kind.label for kind in kinds.KINDS if kind.label}


def _listed(labels: Sequence[str]) -> str:
    return " or ".join([", ".join(labels[:-1]), labels[-1]])


#: What every server can read, whatever is installed on it.
ACCEPTED_KINDS = _listed([kind.label for kind in kinds.KINDS if kind.label and not kind.convert and not kind.record])


def accepted_hint(*, recordings: bool = False) -> str:
    """What may be brought to this server, for the upload page; recordings where the district takes them."""
    labels = _listed([kind.label for kind in kinds.available()])
    taken = f"{labels}, up to {MAX_PAGES} pages and {MAX_UPLOAD_BYTES // MIB} MB a file"
    recorded = [kind.label for kind in kinds.available(recordings=recordings) if kind.record]
    if not recorded:
        return taken
    most = f"{kinds.recording.MAX_MINUTES} minutes and {kinds.recording.MAX_BYTES // MIB} MB a recording"
    return f"{taken}; {_listed(recorded)}, up to {most}"


SENTENCES = {
    "empty": "This file is empty. Take or save it again and bring the new copy.",
    "missing": "The file is no longer here. Please bring it again.",
    "unknown": (
        "ESW cannot read this file: it is damaged, or of a kind that ESW does not know. "
        f"Save it as {ACCEPTED_KINDS} and bring that."
    ),
    "web_page": (
        "This is a web page or a drawing made of code (HTML or SVG), not a picture. "
        "Take a screenshot or save it as a PDF and bring that."
    ),
    "document": "This is an office document of a kind that ESW cannot read. Save it as a PDF and bring that.",
    "no_office": (
        "This server cannot open office documents: LibreOffice is not installed on it. Save the document as a PDF and "
        "bring that."
    ),
    "locked_document": (
        "This office document is locked with a password. Save a copy without the password and bring that."
    ),
    "macros": (
        "This office document has macros (small programs) in it, which ESW does not open. "
        "Save it without them, or as a PDF, and bring that."
    ),
    "unfolds": (
        "This office document unfolds to much more than a document should. Save it anew or as a PDF and bring that."
    ),
    "wrapped_pdf": ("This PDF has something else in front of it. Open it, save it as a PDF again and bring that."),
    "too_big": (
        "This file has {megabytes} MB and ESW takes up to {limit} MB. Save it smaller or in parts and bring those."
    ),
    "locked": "This PDF is locked with a password. Save a copy without the password and bring that.",
    "cut_off": (
        "This file seems to be cut off, so part of the work would be missing. "
        "Copy or scan it again and bring the new file."
    ),
    "damaged": ("This file seems to be damaged and cannot be opened. Save or scan it again and bring the new file."),
    "too_many_pages": (
        "This file has more than {limit} pages, the most that ESW takes in one file. Split it and bring the parts."
    ),
    "counted_pages": (
        "This file has {pages:,} pages and ESW takes up to {limit} in one file. Split it and bring the parts."
    ),
    "too_many_pixels": (
        "This picture is {width:,} × {height:,} pixels, more than ESW can open. Save it smaller and bring that."
    ),
    "odd_page": "Page {page} of this PDF has no size. Print it to a new PDF and bring that.",
    "no_pages": "This file has no pages in it. Save it again and bring the new file.",
    "memory": (
        "This file needs more memory to open than ESW may use. Save it smaller, for example as a JPEG, and bring that."
    ),
    "time": (
        "This file took too long to open, so ESW stopped. Save it as a simpler PDF or as pictures and bring those."
    ),
    "disk": "There is no room left on the server for this file. Tell the person who looks after ESW; nothing is lost.",
    "no_ffmpeg": (
        "This server cannot open recordings: ffmpeg is not installed on it. Tell the person who looks after ESW. Until "
        "then write down what is said and bring that as a text."
    ),
    "nothing_recorded": (
        "There is neither sound nor film in this file. Record it again, or save it as MP3 or MP4, and bring that."
    ),
    "too_long": (
        "This recording is {minutes} minutes long and ESW takes up to {limit}. Cut out the part that you will talk "
        "about and bring that."
    ),
    "too_large_made": (
        "This recording becomes too large for ESW. Save it shorter or in a lower quality and bring that."
    ),
    "no_words": "There are no words in this text. Type or paste it again.",
    "fonts": (
        "The fonts for typed text are not set up on this server. Tell the person who looks after ESW; until then save "
        "the text as a PDF and bring that."
    ),
    "broken_page": "A page image could not be opened again. Please bring the work once more.",
}


class CannotRead(Exception):
    """The file cannot become pages.

    `sentence` says to a teacher what is wrong and what to do; `code` is its key in `SENTENCES`.
    """

    def __init__(self, code: str, **facts: int) -> None:
        if code == "too_many_pages" and facts.get("pages"):
            code = "counted_pages"
        self.code = code
        self.sentence = SENTENCES[code].format(**facts)
        super().__init__(self.sentence)
