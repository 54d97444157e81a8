"""Finding work by words, behind two functions, on PostgreSQL's full text search and on SQLite's FTS5 alike.

A word is found at the beginning of a word ("calib" finds "calibration"), whatever its accents and capitals, in an
assignment's title, its task, its standards and what it is meant to show; all words must be there. A sample's label
counts when it is typed whole. A sample is also found by all words standing in the text that was given for one of its
pages, or in the transcript of its recording.

Every question says of which teams or which assignments (`Within`), so that what others have costs nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from work_samples.models import LABEL_LENGTH, Assignment, Page, Recording, Sample
from work_samples.search_index import ASSIGNMENTS, PAGES, RECORDINGS, TABLE, Index, fold

MOST_WORDS = 8
LONGEST_WORD = 40
#: Of pages and of recordings that say a word which very many say, only as many are looked at: on SQLite the newest.
MOST_TEXTS = 1000
#: One or two letters begin a word on nearly every page, which tells nothing; a character of Chinese tells much.
SHORT = 3
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed: its words as far as they are looked for, and the whole, which may be a label."""

    whole: str
    each: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """Where words are looked for: in everything of these teams, or only in these assignments when they are named."""

    teams: Collection[UUID]
    assignments: Collection[UUID] | None = None

    @property
    def keys(self) -> list[UUID]:
        return sorted(self.teams if self.assignments is None else self.assignments)

    @property
    def column(self) -> str:
        return "team_id" if self.assignments is None else "id"


def read(typed: str) -> Words:
    """The first eight words of whatever was typed; characters that are no letter and no digit only part words."""
    line = typed[:1000]  # nobody looks for more, and nobody's pasted chapter is to be read to its end
    found = dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(line))
    return Words(" ".join(line.replace("\0", " ").split()), tuple(found)[:MOST_WORDS])


def matching(samples: QuerySet[Sample], typed: str, *, within: Within) -> QuerySet[Sample]:
    """Those of `samples` that the words find: all of an assignment that says them, those labelled so, those that do."""
    words = read(typed)
    if not words.each or not within.keys:
        return samples.none()
    found = Q(assignment__in=_keys(words.each, within)) | _labelled(words, within)
    for saying in _saying(words, within):
        found |= Q(pk__in=saying)
    return samples.filter(found)


def assignments_matching(
    assignments: QuerySet[Assignment], typed: str, *, samples: QuerySet[Sample], within: Within
) -> QuerySet[Assignment]:
    """Those of `assignments` that say the words, and those with one of `samples` that is labelled so or says them."""
    words = read(typed)
    if not words.each or not within.keys:
        return assignments.none()
    found = Q(pk__in=_keys(words.each, within))
    found |= Q(pk__in=samples.filter(_labelled(words, within)).order_by().values("assignment"))
    for saying in _saying(words, within):
        found |= Q(pk__in=samples.filter(pk__in=saying).order_by().values("assignment"))
    return assignments.filter(found)


def to_standard(code: str, *, within: Within) -> Q:
    """Assignments that name this standard or one below it: "W.7.1" finds "CCSS.ELA-LITERACY.W.7.1.B", not "W.7.10"."""
    tokens = [word[:LONGEST_WORD] for word in _WORD.findall(code[:200])][: 2 * MOST_WORDS]
    return Q(pk__in=_standard_keys(tokens, within)) if tokens and within.keys else Q(pk__in=[])


def _labelled(words: Words, within: Within) -> Q:
    """The label is all that was typed, or one of its words while the assignment says the others."""
    found = Q(label__in=_spellings(words.whole)) if len(words.whole) <= LABEL_LENGTH else Q(pk__in=[])
    for word in words.each if len(words.each) > 1 else ():
        others = tuple(other for other in words.each if other != word)
        found |= Q(label__in=_spellings(word)) & Q(assignment__in=_keys(others, within))
    return found


def _spellings(label: str) -> list[str]:
    """With capitals and without: an index finds each of these, on either database and in any alphabet."""
    return sorted({label, label.upper(), label.lower(), label.capitalize(), label.title()})


def _keys(words: tuple[str, ...], within: Within) -> RawSQL:
    """The assignments that say all of these, as a subquery."""
    if connection.vendor == "postgresql":
        return _on_postgresql(ASSIGNMENTS, _all_of(words), within)
    return _on_sqlite(ASSIGNMENTS, ASSIGNMENTS.fields, _each_of(words), within)


def _saying(words: Words, within: Within) -> list[QuerySet[Any]]:
    """The samples with a page or a recording whose text says all of these, as subqueries."""
    if all(len(word) < SHORT and word.isascii() for word in words.each):
        return []
    texts = ((Page.objects.all(), PAGES), (Recording.objects.all(), RECORDINGS))
    return [rows.filter(pk__in=_texts(index, words, within)).order_by().values("sample") for rows, index in texts]


def _texts(index: Index, words: Words, within: Within) -> RawSQL:
    """Of one assignment all that say them; else the same bounded number for whatever part of the library is asked."""
    is_one = within.assignments is not None and len(within.assignments) == 1
    column, keys = ("id", within.keys) if is_one else ("team_id", sorted(within.teams))
    joined = f"JOIN work_samples_sample s ON s.id = t.sample_id JOIN {TABLE} a ON a.id = s.assignment_id"
    bound = "" if is_one else f" LIMIT {MOST_TEXTS}"
    if connection.vendor == "postgresql":
        where = f"t.found_by @@ %s::tsquery AND t.{index.only} <> '' AND a.{column} = ANY(%s)"
        sql = f"SELECT t.id FROM {index.table} t {joined} WHERE {where}{bound}"  # noqa: S608 (names from our own module)
        return RawSQL(sql, [_all_of(words.each), keys], output_field=models.UUIDField())  # noqa: S611
    # CROSS JOIN: the words first, then where each of them stands, until there are enough.
    joined = joined.replace("JOIN", "CROSS JOIN")
    said = f"{index.name} f CROSS JOIN {index.table} t ON t.id = f.key {joined}"
    where = f"{index.name} MATCH %s AND a.{column} IN ({', '.join(['%s'] * len(keys))}) ORDER BY f.rowid DESC{bound}"
    sql = f"SELECT t.id FROM {said} WHERE {where}"  # noqa: S608 (names from our own module)
    match = f"{index.only} : ({_each_of(words.each)})"
    return RawSQL(sql, [match, *(key.hex for key in keys)], output_field=models.UUIDField())  # noqa: S611


def _standard_keys(tokens: list[str], within: Within) -> RawSQL:
    if connection.vendor == "postgresql":
        return _on_postgresql(ASSIGNMENTS, " <-> ".join(f"'{fold(token)}':B" for token in tokens), within)
    return _on_sqlite(ASSIGNMENTS, ("standards",), f'"{" ".join(tokens)}"', within)


def _each_of(words: tuple[str, ...]) -> str:
    return " AND ".join(f'"{word}"*' for word in words)


def _all_of(words: tuple[str, ...]) -> str:
    return " & ".join(f"'{fold(word)}':*" for word in words)


def _on_postgresql(index: Index, query: str, within: Within) -> RawSQL:
    where = f"found_by @@ %s::tsquery AND {within.column} = ANY(%s)"
    sql = f"SELECT id FROM {index.table} WHERE {where}"  # noqa: S608 (names from our own module)
    return RawSQL(sql, [query, within.keys], output_field=models.UUIDField())  # noqa: S611


def _on_sqlite(index: Index, fields: tuple[str, ...], query: str, within: Within) -> RawSQL:
    place = " OR ".join(f'"{key.hex}"' for key in within.keys)
    match = f"place : ({place}) AND {{{' '.join(fields)}}} : ({query})"
    sql = f"SELECT key FROM {index.name} WHERE {index.name} MATCH %s"  # noqa: S608 (names from our own module)
    return RawSQL(sql, [match], output_field=models.UUIDField())  # noqa: S611
