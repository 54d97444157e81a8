"""Excel. Hidden sheets, rows and comments do not appear."""

from __future__ import annotations

from . import ooxml
from .office import Format, office_kind

KIND = office_kind(
    label="XLSX",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    how=Format(
        suffix=".xlsx",
        reads="Calc MS Excel 2007 XML",
        writes="calc_pdf_Export",
        keeps=ooxml.keeps,
        cleaning=ooxml.cleaning(ooxml.nothing_more),
        refuses=ooxml.refuses,
    ),
    has=lambda parts, _head: ooxml.TYPES in parts and "xl/workbook.xml" in parts,
)
