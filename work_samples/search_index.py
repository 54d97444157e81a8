"""The indexes that `work_samples.search` asks: one document an assignment, one a page that has a text,
one a recording that has a transcript; kept right by the database itself.

PostgreSQL: a generated column (`found_by`, a tsvector) and a GIN index on it. SQLite: an FTS5 table, and beside it a
narrow table of the rows' numbers and keys, which is where a match's key is read (in the FTS5 table it stands with the
whole text, which costs six times as much); three triggers on the indexed table keep both. No write in `domain/` has to
remember it, and neither has a bulk load. What a page or a recording says goes from the index with it.

Whoever gives assignments another text to be found by adds it to `FIELDS` and writes a migration that calls `install`.
"""

import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from django.apps.config import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIELDS = ("standards", "title", "prompt", "intended_learning")
TABLE = "work_samples_assignment"
INDEX = "work_samples_found_by"
TRIGGERS = ("in", "changed", "out")


@dataclass(frozen=True, slots=True)
class Index:
    """Which texts of which table; `only` is the field without which a row says nothing, '' when every row counts."""

    table: str
    name: str
    fields: tuple[str, ...]
    only: str = ""
    #: The keys by which a row is found together with the words, so that what others say costs nothing: its team's, for
    #: SQLite perhaps its own. Only the row's own fields: a trigger that reads another table would be in the way of a
    #: migration that makes that table anew, and a generated column cannot.
    places: tuple[str, ...] = ()

    @property
    def rows(self) -> str:
        """SQLite's table of `n`, the row's number in the index, and `key`."""
        return f"{self.name}_rows"


ASSIGNMENTS = Index(TABLE, INDEX, FIELDS, places=("team_id", "id"))
PAGES = Index("work_samples_page", "work_samples_page_found_by", ("description",), "description", ("team_key",))
RECORDINGS = Index(
    "work_samples_recording", "work_samples_recording_found_by", ("transcript",), "transcript", ("team_key",)
)
INDEXES = (ASSIGNMENTS, PAGES, RECORDINGS)
#: As they were before each knew its team (migration 0015).
PAGES_AT_FIRST, RECORDINGS_AT_FIRST = replace(PAGES, places=()), replace(RECORDINGS, places=())

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


def install(connection: BaseDatabaseWrapper, *, fields: tuple[str, ...] = (), index: Index = ASSIGNMENTS) -> None:
    """Make the index anew from these fields of its table (all that it has now, when none is named), and fill it."""
    make = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        for statement in make(index, fields or index.fields):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, *, index: Index = ASSIGNMENTS) -> None:
    statements = _off_postgresql(index) if connection.vendor == "postgresql" else _off_sqlite(index)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _off_postgresql(index: Index) -> list[str]:
    return [f"ALTER TABLE {index.table} DROP COLUMN IF EXISTS found_by"]


def _on_postgresql(index: Index, fields: tuple[str, ...]) -> list[str]:
    """Weight B marks the standards, so that one may be asked for alone; they come first, where places are counted."""
    parts = [_vector(field, "B" if field == "standards" else "D") for field in fields]
    if "team_key" in index.places:  # a word that nobody can type; an assignment's team has an index of its own
        parts.append("array_to_tsvector(array_remove(ARRAY['@' || team_key::text], NULL))")
    column = f"ADD COLUMN found_by tsvector GENERATED ALWAYS AS ({' || '.join(parts)}) STORED"
    which = f" WHERE {index.only} <> ''" if index.only else ""
    return [
        *_off_postgresql(index),
        f"ALTER TABLE {index.table} {column}",
        f"CREATE INDEX {index.name} ON {index.table} USING gin (found_by){which}",
    ]


def _vector(field: str, weight: str) -> str:
    folded = f"translate(lower({field}::text), {_quoted(_FROM)}, {_quoted(_TO)})"
    return f"setweight(to_tsvector('simple'::regconfig, {folded}), '{weight}')"


def _off_sqlite(index: Index) -> list[str]:
    return [
        *(f"DROP TRIGGER IF EXISTS {index.name}_{name}" for name in TRIGGERS),
        f"DROP TABLE IF EXISTS {index.name}",
        f"DROP TABLE IF EXISTS {index.rows}",
    ]


def _on_sqlite(index: Index, fields: tuple[str, ...]) -> list[str]:
    table, name, rows, columns = index.table, index.name, index.rows, ", ".join(fields)

    def entered(row: str, source: str = "") -> list[str]:
        """The row gets a number, and under it its words are kept."""
        key, place = f"{row}.id", " || ' ' || ".join(f"coalesce({row}.{each}, '')" for each in index.places) or "''"
        says = f"{row}.{index.only} <> ''" if index.only else "true"
        words = ", ".join(_words(row, field) for field in fields)
        numbered = f"{rows} r" + (f" JOIN {source} ON {key} = r.key" if source else f" WHERE r.key = {key}")
        return [
            f"INSERT INTO {rows}(key) SELECT {key}{f' FROM {source}' if source else ''} WHERE {says}",  # noqa: S608
            f"INSERT INTO {name}(rowid, place, {columns}) SELECT r.n, {place}, {words} FROM {numbered}",  # noqa: S608
        ]

    leave = [
        f"DELETE FROM {name} WHERE rowid = (SELECT n FROM {rows} WHERE key = old.id)",  # noqa: S608
        f"DELETE FROM {rows} WHERE key = old.id",  # noqa: S608
    ]
    tokens = "unicode61 remove_diacritics 2"
    changed = f"UPDATE OF {', '.join(dict.fromkeys(('id', *fields, *index.places)))}"
    does = {"in": ("INSERT", entered("new")), "changed": (changed, leave + entered("new")), "out": ("DELETE", leave)}
    return [
        *_off_sqlite(index),
        f"CREATE TABLE {rows} (n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE)",
        f"CREATE VIRTUAL TABLE {name} USING fts5(place, {columns}, tokenize='{tokens}', prefix='1 2 3')",
        *entered(table, table),
        *(
            f"CREATE TRIGGER {name}_{when} AFTER {event} ON {table} BEGIN {'; '.join(steps)}; END"
            for when, (event, steps) in does.items()
        ),
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
    fields: tuple[str, ...] = (),
    index: Index = ASSIGNMENTS,
) -> None:
    """For `RunPython`; a migration names the fields that there are at its time."""
    install(schema_editor.connection, fields=fields, index=index)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor, *, index: Index = ASSIGNMENTS) -> None:  # noqa: ARG001
    remove(schema_editor.connection, index=index)


def mend(sender: AppConfig, using: str, **kwargs: Any) -> None:  # noqa: ARG001 (what the signal sends)
    """After `migrate`: SQLite makes a table anew to change a column, and its triggers go with the old one."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'table')")
        there = {name for (name,) in cursor.fetchall()}
    for index in INDEXES:
        wanted = {index.name, index.rows, *(f"{index.name}_{name}" for name in TRIGGERS)}
        if index.table in there and index.name in there and not wanted <= there:
            install(connection, index=index)
