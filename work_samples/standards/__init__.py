"""Frameworks of standards as files: CASE packages (JSON) and tables (CSV), read and written. No Django in here.

read(data, name)          a framework, with a sentence for whatever had to be repaired; raises CannotRead
table.written(...)        a framework as CSV, which `read` takes back as it was
"""

from work_samples.standards import case, table
from work_samples.standards.tree import (
    MAX_BYTES,
    MAX_STATEMENTS,
    BadRow,
    CannotRead,
    Framework,
    Statement,
)

__all__ = ["MAX_BYTES", "MAX_STATEMENTS", "BadRow", "CannotRead", "Framework", "Statement", "read"]

NOT_OURS = (
    "This is neither a CASE package (JSON) nor a table (CSV) of standards. Save a spreadsheet as CSV, or download the "
    "framework as CASE JSON, and bring that."
)
_OTHER_FILES = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")


def read(data: bytes, *, title: str = "", keep_rest: bool = False) -> Framework:
    """The framework in a file, whichever of the two kinds it is.

    `title` names a table, which has no title of its own. A table with rows that cannot be read raises `CannotRead`
    with each of them, unless `keep_rest`. What comes back has parents before their children.
    """
    if len(data) > MAX_BYTES:
        raise CannotRead(
            f"ESW takes frameworks of up to {MAX_BYTES // 1_000_000} MB, and this file is larger. "
            "Export one subject at a time and bring those."
        )
    if not data.strip(b" \t\r\n\0"):
        raise CannotRead("This file is empty. Save it again and bring the new copy.")
    if data.startswith(_OTHER_FILES):
        raise CannotRead(NOT_OURS)
    if case.is_json(data):
        return case.read(data)
    return table.read(data, title=title, keep_rest=keep_rest)
