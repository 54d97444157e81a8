"""Slides of LibreOffice and others. Hidden slides, notes and comments do not appear."""

from __future__ import annotations

from .odf import opendocument, says
from .office import office_kind

MEDIA_TYPE = "application/vnd.oasis.opendocument.presentation"

KIND = office_kind(
    label="ODP",
    media_type=MEDIA_TYPE,
    how=opendocument(suffix=".odp", reads="impress8", writes="impress_pdf_Export"),
    has=says(MEDIA_TYPE),
)
