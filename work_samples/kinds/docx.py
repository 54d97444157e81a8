"""Word. Tracked changes appear as if they had been accepted; comments and hidden words do not appear."""

from __future__ import annotations

from . import ooxml
from .office import Cleaning, Format, office_kind

CHANGES = ("rPr", "pPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx", "numbering")
GONE = (
    "del",
    "moveFrom",
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
    "commentRangeStart",
    "commentRangeEnd",
    "commentReference",
    "cellDel",
    "cellIns",
    "altChunk",
    "subDoc",
    "control",
    "OLEObject",
    *(f"{each}Change" for each in CHANGES),
)
WORDS = Cleaning(
    drop=frozenset(("main", name) for name in GONE),
    unwrap=frozenset({("main", "ins"), ("main", "moveTo")}),
)

KIND = office_kind(
    label="DOCX",
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    how=Format(
        suffix=".docx",
        reads="MS Word 2007 XML",
        writes="writer_pdf_Export",
        keeps=ooxml.keeps,
        cleaning=ooxml.cleaning(lambda name: WORDS if name.startswith("word/") else Cleaning()),
        refuses=ooxml.refuses,
    ),
    has=lambda parts, _head: ooxml.TYPES in parts and any(name.startswith("word/document") for name in parts),
)
