"""LibreOffice and other writers. Tracked changes appear as if they had been accepted; comments do not appear."""

from __future__ import annotations

from .odf import opendocument, says
from .office import office_kind

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"

KIND = office_kind(
    label="ODT",
    media_type=MEDIA_TYPE,
    how=opendocument(suffix=".odt", reads="writer8", writes="writer_pdf_Export"),
    has=says(MEDIA_TYPE),
)
