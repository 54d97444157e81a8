"""Finding work by words, behind two functions, on PostgreSQL's full text search and on SQLite's FTS5 alike.

A word is found at the beginning of a word ("calib" finds "calibration"), whatever its accents and capitals, in an
assignment's title, its task and its standards; all words must be there. A sample's label counts when it is typed whole.
A sample is also found by all words standing in the text that was given for one of its pages.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from work_samples.models import LABEL_LENGTH, Assignment, Page, Sample
from work_samples.search_index import ASSIGNMENTS, FIELDS, PAGES, Index, fold

MOST_WORDS = 8
LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed: its words as far as they are looked for, and the whole, which may be a label."""

    whole: str
    each: tuple[str, ...]


def read(typed: str) -> Words:
    """The first eight words of whatever was typed; characters that are no letter and no digit only part words."""
    line = typed[:1000]  # nobody looks for more, and nobody's pasted chapter is to be read to its end
    found = dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(line))
    return Words(" ".join(line.replace("\0", " ").split()), tuple(found)[:MOST_WORDS])


def matching(samples: QuerySet[Sample], typed: str) -> QuerySet[Sample]:
    """Those of `samples` that the words find: all of an assignment that says them, those labelled so, those that do."""
    words = read(typed)
    if not words.each:
        return samples.none()
    return samples.filter(Q(assignment__in=_keys(words.each)) | _labelled(words) | Q(pk__in=_saying(words.each)))


def assignments_matching(
    assignments: QuerySet[Assignment], typed: str, *, samples: QuerySet[Sample]
) -> QuerySet[Assignment]:
    """Those of `assignments` that say the words, and those with one of `samples` that is labelled so or says them."""
    words = read(typed)
    if not words.each:
        return assignments.none()
    labelled = samples.filter(_labelled(words)).order_by().values("assignment")
    saying = samples.filter(pk__in=_saying(words.each)).order_by().values("assignment")
    return assignments.filter(Q(pk__in=_keys(words.each)) | Q(pk__in=labelled) | Q(pk__in=saying))


def to_standard(code: str) -> Q:
    """Assignments that name this standard or one below it: "W.7.1" finds "CCSS.ELA-LITERACY.W.7.1.B", not "W.7.10"."""
    tokens = [word[:LONGEST_WORD] for word in _WORD.findall(code[:200])][: 2 * MOST_WORDS]
    return Q(pk__in=_standard_keys(tokens)) if tokens else Q(pk__in=[])


def _labelled(words: Words) -> Q:
    """The label is all that was typed, or one of its words while the assignment says the others."""
    found = Q(label__in=_spellings(words.whole)) if len(words.whole) <= LABEL_LENGTH else Q(pk__in=[])
    for word in words.each if len(words.each) > 1 else ():
        others = tuple(other for other in words.each if other != word)
        found |= Q(label__in=_spellings(word)) & Q(assignment__in=_keys(others))
    return found


def _spellings(label: str) -> list[str]:
    """With capitals and without: an index finds each of these, on either database and in any alphabet."""
    return sorted({label, label.upper(), label.lower(), label.capitalize(), label.title()})


def _keys(words: tuple[str, ...]) -> RawSQL:
    """The assignments that say all of these, as a subquery."""
    if connection.vendor == "postgresql":
        return _on_postgresql(ASSIGNMENTS, _all_of(words))
    said = " AND ".join(f'"{word}"*' for word in words)
    return _on_sqlite(ASSIGNMENTS, f"{{{' '.join(FIELDS)}}} : ({said})")


def _saying(words: tuple[str, ...]) -> Any:
    """The samples with a page whose text says all of these, as a subquery."""
    if connection.vendor == "postgresql":
        keys = _on_postgresql(PAGES, _all_of(words))
    else:
        said = " AND ".join(f'"{word}"*' for word in words)
        keys = _on_sqlite(PAGES, f"description : ({said})")
    return Page.objects.filter(pk__in=keys).order_by().values("sample")


def _standard_keys(tokens: list[str]) -> RawSQL:
    if connection.vendor == "postgresql":
        return _on_postgresql(ASSIGNMENTS, " <-> ".join(f"'{fold(token)}':B" for token in tokens))
    return _on_sqlite(ASSIGNMENTS, f'standards : "{" ".join(tokens)}"')


def _all_of(words: tuple[str, ...]) -> str:
    return " & ".join(f"'{fold(word)}':*" for word in words)


def _on_postgresql(index: Index, query: str) -> RawSQL:
    which = f" AND {index.only} <> ''" if index.only else ""
    sql = f"SELECT id FROM {index.table} WHERE found_by @@ %s::tsquery{which}"  # noqa: S608 (names from our own module)
    return RawSQL(sql, [query], output_field=models.UUIDField())  # noqa: S611


def _on_sqlite(index: Index, query: str) -> RawSQL:
    sql = f"SELECT key FROM {index.name} WHERE {index.name} MATCH %s"  # noqa: S608 (names from our own module)
    return RawSQL(sql, [query], output_field=models.UUIDField())  # noqa: S611
