"""Tables of LibreOffice and others. Hidden sheets and comments do not appear."""

from __future__ import annotations

from .odf import opendocument, says
from .office import office_kind

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

KIND = office_kind(
    label="ODS",
    media_type=MEDIA_TYPE,
    how=opendocument(suffix=".ods", reads="calc8", writes="calc_pdf_Export"),
    has=says(MEDIA_TYPE),
)
