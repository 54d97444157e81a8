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

from work_samples.models import LABEL_LENGTH, Assignment, Sample
from work_samples.search_index import ASSIGNMENTS, PAGES, RECORDINGS, Index, fold

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


#: Which samples say something in a page's or a recording's text, and whose assignment each is.
Texts = dict[UUID, UUID]


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


def texts(typed: str, *, within: Within) -> Texts:
    """The samples with a page or a recording whose text says all of the words, each with its assignment.

    Of `within.assignments` all; of whole teams at most MOST_TEXTS pages and as many recordings. Two queries. Rights
    are the asker's: some of them may be drafts.
    """
    words = read(typed)
    if not within.keys or all(len(word) < SHORT and word.isascii() for word in words.each):
        return {}
    found: Texts = {}
    with connection.cursor() as cursor:
        for index in (PAGES, RECORDINGS):
            cursor.execute(*_texts(index, words, within))
            found |= {_key(sample): _key(assignment) for sample, assignment in cursor.fetchall()}
    return found


def matching(samples: QuerySet[Sample], typed: str, *, within: Within, said: Texts | None = None) -> QuerySet[Sample]:
    """Those of `samples` that the words find: all of an assignment that says them, those labelled so, those that do.

    `said`: what `texts` found, by whoever has asked already.
    """
    words = read(typed)
    if not words.each or not within.keys:
        return samples.none()
    if said is None:
        said = texts(typed, within=within)
    found = Q(assignment__in=_keys(words.each, within)) | Q(pk__in=_among(said, within))
    for labelled in _labelled(words, within):
        found |= labelled
    return samples.filter(found)


def assignments_matching(
    assignments: QuerySet[Assignment],
    typed: str,
    *,
    samples: QuerySet[Sample],
    within: Within,
    said: Texts | None = None,
) -> QuerySet[Assignment]:
    """Those of `assignments` that say the words, and those with one of `samples` that is labelled so or says them.

    `said` as for `matching`.
    """
    words = read(typed)
    if not words.each or not within.keys:
        return assignments.none()
    if said is None:
        said = texts(typed, within=within)
    found = Q(pk__in=_keys(words.each, within))
    # Each for itself: an index answers one of them alone, and not all of them in one question.
    for labelled in (*_labelled(words, within), Q(pk__in=list(said), assignment__in=set(said.values()))):
        found |= Q(pk__in=samples.filter(labelled).order_by().values("assignment"))
    return assignments.filter(found)


def _among(said: Texts, within: Within) -> list[UUID]:
    chosen = None if within.assignments is None else set(within.assignments)
    return [sample for sample, assignment in said.items() if chosen is None or assignment in chosen]


def to_standard(code: str, *, within: Within) -> Q:
    """Assignments that name this standard or one below it: "W.7.1" finds "CCSS.ELA-LITERACY.W.7.1.B", not "W.7.10"."""
    tokens = [word[:LONGEST_WORD] for word in _WORD.findall(code[:200])][: 2 * MOST_WORDS]
    return Q(pk__in=_standard_keys(tokens, within)) if tokens and within.keys else Q(pk__in=[])


def _labelled(words: Words, within: Within) -> list[Q]:
    """The label is all that was typed, or one of its words while the assignment says the others."""
    found = [Q(label__in=_spellings(words.whole))] if len(words.whole) <= LABEL_LENGTH else []
    for word in words.each if len(words.each) > 1 else ():
        others = tuple(other for other in words.each if other != word)
        # No label is empty: beside an OR, PostgreSQL looks into what was found instead of joining it row by row.
        says = Q(assignment__in=_keys(others, within)) | Q(label="")
        found.append(Q(label__in=_spellings(word)) & says)
    return found


def _spellings(label: str) -> list[str]:
    """With capitals and without: an index finds each of these, on either database and in any alphabet."""
    return sorted({label, label.upper(), label.lower(), label.capitalize(), label.title()})


def _keys(words: tuple[str, ...], within: Within) -> RawSQL:
    """The assignments that say all of these, as a subquery."""
    if connection.vendor == "postgresql":
        return _on_postgresql(ASSIGNMENTS, _all_of(words), within)
    return _on_sqlite(ASSIGNMENTS, ASSIGNMENTS.fields, _each_of(words), within)


def _texts(index: Index, words: Words, within: Within) -> tuple[str, list[Any]]:
    """The statement that gives (sample, assignment), and what it is given. All names are our own modules'."""
    kept = " AND t.aside_at IS NULL" if index is PAGES else ""
    is_postgresql = connection.vendor == "postgresql"
    if within.assignments is not None:  # few: from them to their texts
        joined = f"work_samples_sample s JOIN {index.table} t ON t.sample_id = s.id"
        asked, keys = _place("s.assignment_id", within)
        says = "t.found_by @@ %s::tsquery"
        if not is_postgresql:
            joined = f"{joined} JOIN {index.rows} r ON r.key = t.id".replace(" JOIN ", " CROSS JOIN ")
            says = f"+r.n IN (SELECT rowid FROM {index.name} WHERE {index.name} MATCH %s)"  # noqa: S608
        sql = f"SELECT s.id, s.assignment_id FROM {joined} WHERE {asked}{kept} AND t.{index.only} <> '' AND {says}"  # noqa: S608
        return sql, [*keys, _all_of(words.each) if is_postgresql else _in_fts(index.fields, words.each, within)]
    if is_postgresql:
        teams = " | ".join(f"'@{key}'" for key in within.keys)
        where = f"t.found_by @@ %s::tsquery AND t.{index.only} <> ''{kept} LIMIT {MOST_TEXTS}"
        few = f"SELECT t.sample_id FROM {index.table} t WHERE {where}"  # noqa: S608
        # Not joined: PostgreSQL would rather read all samples than look for a thousand.
        whose = "(SELECT s.assignment_id FROM work_samples_sample s WHERE s.id = t.sample_id)"
        sql = f"SELECT t.sample_id, {whose} FROM ({few}) t"  # noqa: S608
        return sql, [f"({teams}) & {_all_of(words.each)}"]
    # CROSS JOIN: the words first, then where each of them stands, until there are enough.
    source = f"{index.name} f CROSS JOIN {index.rows} r ON r.n = f.rowid CROSS JOIN {index.table} t ON t.id = r.key "
    source += "CROSS JOIN work_samples_sample s ON s.id = t.sample_id"
    where = f"{index.name} MATCH %s{kept} ORDER BY f.rowid DESC LIMIT {MOST_TEXTS}"
    return f"SELECT s.id, s.assignment_id FROM {source} WHERE {where}", [_in_fts(index.fields, words.each, within)]  # noqa: S608


def _place(column: str, within: Within) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [within.keys]
    return f"{column} IN ({', '.join(['%s'] * len(within.keys))})", [key.hex for key in within.keys]


def _key(found: Any) -> UUID:
    return found if isinstance(found, UUID) else UUID(found)


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


def _in_fts(fields: tuple[str, ...], words: tuple[str, ...], within: Within) -> str:
    return _placed(fields, _each_of(words), sorted(within.teams))


def _placed(fields: tuple[str, ...], query: str, keys: Collection[UUID]) -> str:
    """What FTS5 is asked: the query in these fields, in rows of one of these keys."""
    place = " OR ".join(f'"{key.hex}"' for key in keys)
    return f"place : ({place}) AND {{{' '.join(fields)}}} : ({query})"


def _on_sqlite(index: Index, fields: tuple[str, ...], query: str, within: Within) -> RawSQL:
    match = _placed(fields, query, within.keys)
    source = f"{index.name} f CROSS JOIN {index.rows} r ON r.n = f.rowid"
    sql = f"SELECT r.key FROM {source} WHERE {index.name} MATCH %s"  # noqa: S608 (names from our own module)
    return RawSQL(sql, [match], output_field=models.UUIDField())  # noqa: S611
