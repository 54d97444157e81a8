"""A framework as a table (CSV): a row a statement, columns in any order, as spreadsheets of any country save it.

    code, text, parent, grade, subject, kind, identifier, uri, matches

`text` is needed; `parent` is another row's code (or identifier). Without `parent` all stand at the top, in order.
"""

import codecs
import csv
import io
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from work_samples.standards.tree import (
    MAX_CODE,
    MAX_STATEMENTS,
    MAX_TEXT,
    BadRow,
    CannotRead,
    Found,
    Framework,
    Repairs,
    Statement,
    arranged,
    code_of,
    grades_of,
    is_marked_up,
    name_of,
    plain,
    plain_text,
)

#: What a column may be called; letters alone count.
NAMES = {
    "code": ("code", "codes", "standardcode", "humancodingscheme", "statementnotation", "notation", "shortcode"),
    "text": ("text", "statement", "fullstatement", "description", "standard", "standardtext", "words"),
    "parent": ("parent", "parentcode", "parentid", "parentidentifier", "ischildof", "below"),
    "grade": ("grade", "grades", "gradelevel", "gradelevels", "educationlevel", "educationlevels", "level"),
    "subject": ("subject", "subjects", "subjectarea"),
    "kind": ("kind", "type", "cfitemtype", "statementtype", "statementlabel"),
    "identifier": ("identifier", "id", "guid", "uuid", "caseidentifier"),
    "uri": ("uri", "url", "address", "link", "caseuri"),
    "matches": ("matches", "sameas", "exactmatchof"),
}
WRITTEN = ("identifier", "code", "text", "parent", "grade", "subject", "kind", "uri", "matches")
DELIMITERS = (",", ";", "\t", "|")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MAX_BAD = 200  # rows that are listed; a file with more of them is another kind of file
NO_TEXT_COLUMN = (
    "The first line of this table must name its columns, and one of them must be “text” (the words of the statement). "
    "“code”, “parent” and “grade” may stand beside it, in any order."
)
TOO_MANY_CELLS = "it has more cells than the first line has columns. Quotes around its text may be missing."
# A spreadsheet would run these as formulas, so they are written behind an apostrophe, which is taken off again.
_RUNS = re.compile(r"'*[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]


def read(data: bytes, *, title: str, keep_rest: bool = False) -> Framework:
    """The framework in a table called `title`. Raises CannotRead, with every bad row unless the rest is to be kept."""
    repairs = Repairs()
    bad: list[BadRow] = []
    rows = list(_rows(_lines(_decoded(data, repairs)), bad))
    found = _found(rows, bad, repairs)
    if bad and not keep_rest:
        raise CannotRead(_about(bad), bad)
    for row in bad[:MAX_BAD]:
        repairs.add("These rows were left out", f"line {row.line} ({row.why.rstrip('.')})")
    if not found:
        raise CannotRead("There is no statement in this table: below the first line each row is one.", bad)
    name = plain(title, 200) or "Standards"
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"table:{name.casefold()}"))
    return Framework(
        identifier=key,
        title=name,
        statements=arranged(found, top=key, repairs=repairs),
        repairs=repairs.sentences(),
    )


def _about(bad: Sequence[BadRow]) -> str:
    if len(bad) == 1:
        return f"One row cannot be read. {bad[0]}"
    return f"{len(bad)} rows cannot be read, the first in line {bad[0].line}: {bad[0].why}"


# --- bytes to rows -------------------------------------------------------------------------------------------


def _decoded(data: bytes, repairs: Repairs) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data[:2000]:  # UTF-16 without its mark: every second byte of Latin letters is zero
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        repairs.add("The file was not in UTF-8, so look at letters with accents", "it was read as Windows-1252")
        return data.decode("cp1252", "replace")


def _lines(text: str) -> tuple[str, str, int]:
    """The table without Excel's `sep=` line, its delimiter, and how many lines come before it."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    skipped = len(text) - len(text.lstrip("\n"))
    text = text[skipped:]
    head, _, rest = text.partition("\n")
    said = re.fullmatch(r"\"?sep=(.)\"?", head.strip(" "), re.IGNORECASE)
    if said:
        return rest, said[1], skipped + 1
    return text, _delimiter(head), skipped


def _delimiter(head: str) -> str:
    """The one with which the first line names a text column, and the most columns."""
    counts = {each: len(_columns(next(csv.reader([head], delimiter=each), []))) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: counts[each])


def _columns(head: Sequence[str]) -> dict[int, str]:
    """Which column is which, by place; of two that mean the same the first counts."""
    found: dict[int, str] = {}
    for place, name in enumerate(head):
        plain_name = re.sub(r"[^a-z]", "", name.casefold())
        which = next((column for column, names in NAMES.items() if plain_name in names), None)
        if which is not None and which not in found.values():
            found[place] = which
    return found


def _rows(table: tuple[str, str, int], bad: list[BadRow]) -> Iterator[_Row]:
    text, delimiter, before = table
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = before + 1
    try:
        head = next(reader, [])
        columns = _columns(head)
        if "text" not in columns.values():
            raise CannotRead(NO_TEXT_COLUMN)
        begins = before + reader.line_num + 1
        for number, cells in enumerate(reader, 1):
            if number > MAX_STATEMENTS:
                raise CannotRead(
                    f"This table has more than {MAX_STATEMENTS:,} rows, the most that ESW takes in one framework. "
                    "Bring one subject at a time."
                )
            yield from _row(begins, cells, columns, len(head), bad)
            begins = before + reader.line_num + 1
    except csv.Error as wrong:
        raise CannotRead(
            f"Line {begins}: the quotation marks in this row do not pair up, so it cannot be told where it ends. "
            "Save the table anew from a spreadsheet and bring that."
        ) from wrong


def _row(line: int, cells: list[str], columns: dict[int, str], width: int, bad: list[BadRow]) -> Iterator[_Row]:
    if not any(cell.strip() for cell in cells):
        return
    if any(cell.strip() for cell in cells[width:]):
        bad.append(BadRow(line, TOO_MANY_CELLS))
        return
    yield _Row(line, {name: _unescaped(cells[at]) for at, name in columns.items() if at < len(cells)})


# --- rows to statements --------------------------------------------------------------------------------------


def _found(rows: Sequence[_Row], bad: list[BadRow], repairs: Repairs) -> list[Found]:
    kept: list[tuple[_Row, Statement]] = []
    lines: dict[str, int] = {}
    for row in rows:
        try:
            statement = _statement(row, repairs)
        except ValueError as why:
            bad.append(BadRow(row.line, str(why)))
            continue
        first = lines.setdefault(statement.identifier, row.line)
        if first != row.line:
            bad.append(BadRow(row.line, f"it is {name_of(statement)} once more, which line {first} is already."))
            continue
        kept.append((row, statement))
    bad.sort(key=lambda one: one.line)
    by_code: dict[str, str] = {}
    for _, statement in kept:
        by_code.setdefault(statement.code, statement.identifier)
    known = {statement.identifier for _, statement in kept}
    return [_placed(row, statement, known, by_code) for row, statement in kept]


def _placed(row: _Row, statement: Statement, known: set[str], by_code: dict[str, str]) -> Found:
    given = plain(row.cells.get("parent", ""), 200)
    if not given:
        return Found(statement)
    parent = given if given in known else by_code.get(code_of(given), given)
    return Found(statement, parents=[(float("inf"), parent)])


def _statement(row: _Row, repairs: Repairs) -> Statement:
    """Raises ValueError with why it is none."""
    cells = row.cells
    text = plain_text(cells.get("text", ""))
    if not text:
        raise ValueError("it has no text.")
    if len(text) > MAX_TEXT:
        raise ValueError(f"its text has {len(text):,} characters and ESW takes up to {MAX_TEXT:,}.")
    if is_marked_up(cells.get("text", "")):
        repairs.add("HTML was taken out of these, their words stay", f"line {row.line}")
    code = code_of(cells.get("code", ""))
    if len(code) > MAX_CODE:
        raise ValueError(f"its code has {len(code)} characters and ESW takes up to {MAX_CODE}.")
    uri = plain(cells.get("uri", ""), 500)
    return Statement(
        identifier=plain(cells.get("identifier", ""), 200) or code or _made_up(cells.get("parent", ""), text),
        text=text,
        code=code,
        kind=plain(cells.get("kind", ""), 100),
        grades=grades_of(re.split(r"[,;|\n]", cells.get("grade", ""))),
        subject=plain(cells.get("subject", ""), 200),
        uri=uri if uri.startswith(("https://", "http://")) else "",
        matches=_codes(cells.get("matches", "")),
    )


def _codes(cell: str) -> tuple[str, ...]:
    codes = dict.fromkeys(code_of(code) for code in re.split(r"[;\n]", cell))
    return tuple(code for code in codes if code and len(code) <= MAX_CODE)[:20]


def _made_up(parent: str, text: str) -> str:
    """The same for the same words below the same parent, so that importing again finds the statement."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"row:{parent.strip()}\n{text}"))


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell


# --- and back ------------------------------------------------------------------------------------------------


def written(statements: Iterable[Statement]) -> Iterator[str]:
    """The lines of the table, parents before children, for `read` to take back as they were."""
    yield _line(WRITTEN)
    for each in statements:
        yield _line(
            (
                each.identifier,
                each.code,
                each.text,
                each.parent or "",
                "; ".join(each.grades),
                each.subject,
                each.kind,
                each.uri,
                "; ".join(each.matches),
            )
        )


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerow([_escaped(cell) for cell in cells])
    return buffer.getvalue()


def _escaped(cell: str) -> str:
    return f"'{cell}" if _RUNS.match(cell) else cell
