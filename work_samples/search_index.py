"""The index that `work_samples.search` asks: one document an assignment, kept right by the database itself.

PostgreSQL: a generated column (`found_by`, a tsvector) and a GIN index on it. SQLite: an FTS5 table that three triggers
on the assignments' table keep. No write in `domain/` has to remember it, and neither has a bulk load. The index holds
what the task says and nothing of a student's.

Whoever gives assignments another text to be found by adds it to `FIELDS` and writes a migration that calls `install`.
"""

import unicodedata
from typing import Any

from django.apps.config import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIELDS = ("standards", "title", "prompt")
TABLE = "work_samples_assignment"
INDEX = "work_samples_found_by"
TRIGGERS = ("in", "changed", "out")

_ASCII_MARKS = "".join(chr(code) for code in range(1, 128) if not chr(code).isalnum() and chr(code) != " ")
_MARKS = _ASCII_MARKS + "\u00a0¡«»¿·‐‑‒–—―‘’‚“”„…′″"


def _folded(letter: str) -> str:
    bare = "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
    return bare.lower() if len(bare.lower()) == 1 else letter


def _letters() -> dict[str, str]:
    """Latin, Greek and Cyrillic letters that have an accent or are capital, each with the plain small one."""
    both = (chr(code) for block in ((0xC0, 0x530), (0x1E00, 0x2000)) for code in range(*block))
    return {letter: _folded(letter) for letter in both if letter.isalpha() and _folded(letter) != letter}


#: How PostgreSQL's side folds a text, letter by letter: alike in SQL (`translate`) and in Python (`fold`).
_LETTERS = _letters()
_LOOSE = "".join(chr(code) for code in range(0x300, 0x370))  # accents that stand beside their letter
_FROM = "".join(_LETTERS) + _MARKS + _LOOSE
_TO = "".join(_LETTERS.values()) + " " * len(_MARKS)
_TABLE = str.maketrans(_FROM[: len(_TO)], _TO, _LOOSE)


def fold(text: str) -> str:
    """`text` as PostgreSQL's index holds it: small letters without accents."""
    return text.lower().translate(_TABLE)


def install(connection: BaseDatabaseWrapper, *, fields: tuple[str, ...] = FIELDS) -> None:
    """Make the index anew from these fields of the assignments, and fill it."""
    make = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        for statement in make(fields):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    statements = _off_postgresql() if connection.vendor == "postgresql" else _off_sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _off_postgresql() -> list[str]:
    return [f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS found_by"]


def _on_postgresql(fields: tuple[str, ...]) -> list[str]:
    """Weight B marks the standards, so that one may be asked for alone; they come first, where places are counted."""
    parts = [_vector(field, "B" if field == "standards" else "D") for field in fields]
    column = f"ADD COLUMN found_by tsvector GENERATED ALWAYS AS ({' || '.join(parts)}) STORED"
    return [
        *_off_postgresql(),
        f"ALTER TABLE {TABLE} {column}",
        f"CREATE INDEX {INDEX} ON {TABLE} USING gin (found_by)",
    ]


def _vector(field: str, weight: str) -> str:
    folded = f"translate(lower({field}::text), {_quoted(_FROM)}, {_quoted(_TO)})"
    return f"setweight(to_tsvector('simple'::regconfig, {folded}), '{weight}')"


def _off_sqlite() -> list[str]:
    return [
        *(f"DROP TRIGGER IF EXISTS {INDEX}_{name}" for name in TRIGGERS),
        f"DROP TABLE IF EXISTS {INDEX}",
    ]


def _on_sqlite(fields: tuple[str, ...]) -> list[str]:
    columns = ", ".join(fields)
    fresh, there = (", ".join(_words(row, field) for field in fields) for row in ("new", TABLE))
    fill = f"INSERT INTO {INDEX}(key, {columns})"
    # The key is a word of the index as well, so that a row is found again without reading all of them.
    its_row = f"rowid IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH 'key:' || old.id)"  # noqa: S608
    leave, enter = f"DELETE FROM {INDEX} WHERE {its_row}", f"{fill} VALUES (new.id, {fresh})"  # noqa: S608
    tokens = "unicode61 remove_diacritics 2"
    return [
        *_off_sqlite(),
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5(key, {columns}, tokenize='{tokens}', prefix='1 2 3')",
        f"{fill} SELECT id, {there} FROM {TABLE}",  # noqa: S608 (names from this module)
        f"CREATE TRIGGER {INDEX}_in AFTER INSERT ON {TABLE} BEGIN {enter}; END",
        f"CREATE TRIGGER {INDEX}_changed AFTER UPDATE ON {TABLE} BEGIN {leave}; {enter}; END",
        f"CREATE TRIGGER {INDEX}_out AFTER DELETE ON {TABLE} BEGIN {leave}; END",
    ]


def _words(row: str, field: str) -> str:
    """A list of codes is read as codes: as JSON, accents would be escapes."""
    if field != "standards":
        return f"{row}.{field}"
    return f"(SELECT group_concat(value, ' ') FROM json_each({row}.standards))"  # noqa: S608 (names from this module)


def forwards(
    apps: Any,  # noqa: ARG001 (what RunPython hands over)
    schema_editor: BaseDatabaseSchemaEditor,
    *,
    fields: tuple[str, ...] = FIELDS,
) -> None:
    """For `RunPython`; a migration names the fields that there are at its time."""
    install(schema_editor.connection, fields=fields)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    remove(schema_editor.connection)


def mend(sender: AppConfig, using: str, **kwargs: Any) -> None:  # noqa: ARG001 (what the signal sends)
    """After `migrate`: SQLite makes a table anew to change a column, and its triggers go with the old one."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')")
        there = {name for (name,) in cursor.fetchall()}
    wanted = {INDEX, *(f"{INDEX}_{name}" for name in TRIGGERS)}
    if TABLE in there and INDEX in there and not wanted <= there:
        install(connection)
