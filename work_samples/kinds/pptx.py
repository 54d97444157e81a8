"""PowerPoint. Hidden slides, notes and comments do not appear."""

from __future__ import annotations

from . import ooxml
from .office import Format, office_kind

KIND = office_kind(
    label="PPTX",
    media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    how=Format(
        suffix=".pptx",
        reads="Impress MS PowerPoint 2007 XML",
        writes="impress_pdf_Export",
        keeps=ooxml.keeps,
        cleaning=ooxml.cleaning(ooxml.nothing_more),
        refuses=ooxml.refuses,
    ),
    has=lambda parts, _head: ooxml.TYPES in parts and "ppt/presentation.xml" in parts,
)
