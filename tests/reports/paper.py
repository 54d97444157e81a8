"""Documents for tests: data that `record.typ` takes, pictures, and how to look into a PDF."""

import io

import pikepdf
import pypdfium2
from PIL import Image

from reports.documents import render_pdf


def data(**changes):
    """The least that a record tells, in the shape of `reports.record_document.record_data`."""
    plain = {
        "title": "Where does a quotation become evidence?",
        "running": "Where does a quotation become evidence?",
        "running-right": "24 November 2026",
        "footer": "Not for evaluating teachers.",
        "lang": "en",
        "eyebrow": "Record",
        "where": "Grade 7",
        "what": "Calibration scoring",
        "summary": "one sample",
        "copy": "",
        "facts": [{"term": "Purpose", "text": "Agree"}],
        "norms": [],
        "people": [],
        "scale": None,
        "numbers": "",
        "samples": [],
        "chart": None,
        "agreement": None,
        "notes": [],
        "looked-back": [],
        "next-steps": [],
        "time": [],
        "time-total": {"planned": "0", "taken": "0"},
    }
    return plain | changes


def notes(*texts):
    """The `notes` of a record that has these."""
    return [{"title": "Observations", "notes": [{"text": text, "where": ["Ana", "Sample A"]} for text in texts]}]


def paper(**changes):
    return render_pdf(template="record.typ", data=data(**changes), pictures={})


def jpeg(size=(300, 400), colour=(200, 40, 40)):
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return written.getvalue()


def text_of(pdf):
    """All that can be read in it, page after page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "\n")
    finally:
        document.close()


def page_count(pdf):
    with opened(pdf) as document:
        return len(document.pages)


def opened(pdf):
    return pikepdf.open(io.BytesIO(pdf))


def elements(document):
    """Every element of the structure tree."""

    def below(node):
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from below(kid)

    return list(below(document.Root.StructTreeRoot))


def tags(document):
    return [str(element.S) for element in elements(document)]
