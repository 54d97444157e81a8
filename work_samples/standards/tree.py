"""What a framework is, and how a heap of statements that name their parents becomes a tree."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import unescape

MAX_BYTES = 30_000_000
MAX_STATEMENTS = 20_000
MAX_DEPTH = 20
MAX_TEXT = 8000
MAX_CODE = 60
MAX_NAMED = 5  # of one kind of repair, how many are named; of the others it is said how many they are

_TAG = (
    r"a|abbr|b|big|blockquote|br|center|cite|code|dd|div|dl|dt|em|font|form|h[1-6]|hr|i|iframe|img|input|li|link|math|"
    r"meta|object|ol|p|pre|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul"
)
_UNSEEN = re.compile(r"<(script|style)\b[^>]*>.*?(</\1\s*>|$)|<!--.*?(-->|$)", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<(/?(p|div|li|tr|ul|ol|h[1-6]|table|blockquote)|br)\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(rf"</?({_TAG})\b[^<>]*>", re.IGNORECASE)
TOO_DEEP = f"Below these there were more than {MAX_DEPTH} levels, which were drawn together"
# What no database or page keeps: control characters, halves of characters, marks that turn the direction of writing.
_NOT_TEXT = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `parent` is another's identifier or None; `position` counts from 0 below the same parent.

    `matches`: the codes that other frameworks give to the same statement.
    """

    identifier: str
    text: str
    code: str = ""
    parent: str | None = None
    position: int = 0
    kind: str = ""
    grades: tuple[str, ...] = ()
    subject: str = ""
    uri: str = ""
    matches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework as it was read; `repairs` says in sentences what was put right or left out."""

    identifier: str
    title: str
    statements: tuple[Statement, ...]
    publisher: str = ""
    version: str = ""
    subject: str = ""
    uri: str = ""
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a table that cannot be read: its line in the file (from 1) and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.why}"


class CannotRead(Exception):
    """The file is not taken; `sentence` says why, and `rows` which rows of a table are meant."""

    def __init__(self, sentence: str, rows: Sequence[BadRow] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.rows = tuple(rows)


@dataclass(slots=True)
class Found:
    """A statement as a file has it: with every parent that it names, and what it would like to be sorted by."""

    statement: Statement
    parents: list[tuple[float, str]] = field(default_factory=list)
    is_placed: bool = True


class Repairs:
    """Sentences about what was put right, a few named of each kind."""

    def __init__(self) -> None:
        self._by_kind: dict[str, list[str]] = defaultdict(list)

    def add(self, what: str, which: str) -> None:
        """`what` is a sentence without its end ('… has several parents; the first counts'), `which` names the place."""
        self._by_kind[what].append(which)

    def sentences(self) -> tuple[str, ...]:
        return tuple(self._sentence(what, which) for what, which in self._by_kind.items())

    @staticmethod
    def _sentence(what: str, which: list[str]) -> str:
        named = ", ".join(which[:MAX_NAMED])
        more = f" and {len(which) - MAX_NAMED:,} more" if len(which) > MAX_NAMED else ""
        return f"{what}: {named}{more}."


def plain(text: str, limit: int) -> str:
    """One line without what no page shows, at most `limit` characters."""
    return " ".join(_NOT_TEXT.sub("", text).split())[:limit].strip()


def plain_text(text: str) -> str:
    """A statement's words without mark-up; '<' in a sum stays. May have several lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text:
        text = _TAGS.sub("", _BREAKS.sub("\n", _UNSEEN.sub("", text)))
    if "&" in text:
        text = unescape(text)
    lines = (" ".join(line.split()) for line in _NOT_TEXT.sub("", text).split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip("\n")


def is_marked_up(text: str) -> bool:
    return "<" in text and bool(_TAGS.search(text) or _UNSEEN.search(text))


def code_of(text: str) -> str:
    """A code as it can be typed in a list of codes: without commas, semicolons and double spaces."""
    return " ".join(re.sub(r"[,;]", " ", _NOT_TEXT.sub("", text)).split())


def grades_of(given: Iterable[str]) -> tuple[str, ...]:
    """Grades as people write them: 7 and not 07, K and not KG; each once."""
    short = (plain(each, 20).lstrip("0") or "0" for each in given if each.strip())
    return tuple(dict.fromkeys("K" if each.upper() in {"KG", "K"} else each for each in short if each))


def name_of(statement: Statement) -> str:
    """How a sentence names a statement: by its code, or the first of its words."""
    if statement.code:
        return statement.code
    return f"“{statement.text[:40].rstrip()}…”" if len(statement.text) > MAX_NAMED * 8 else f"“{statement.text}”"


def arranged(found: Sequence[Found], *, top: str, repairs: Repairs) -> tuple[Statement, ...]:
    """The statements as a tree, parents before children, each with one parent and its position.

    `top` is the framework's own identifier: what is below it is below nothing. Several parents: the first counts.
    An unknown parent, or a circle: the statement goes to the top. Deeper than MAX_DEPTH: it goes as deep as may be.
    """
    once = _each_once(found, repairs)
    parents = {key: _parent(each, once, top, repairs) for key, each in once.items()}
    _open_circles(parents, once, repairs)
    below: dict[str | None, list[tuple[float, str]]] = defaultdict(list)
    for key, (order, parent) in parents.items():
        below[parent].append((order, key))
    return tuple(_walk(below, once, repairs))


def _each_once(found: Sequence[Found], repairs: Repairs) -> dict[str, Found]:
    once: dict[str, Found] = {}
    for each in found:
        key = each.statement.identifier
        if key in once:
            repairs.add("These came twice under one identifier and the first counts", name_of(each.statement))
        else:
            once[key] = each
    return once


def _parent(each: Found, once: dict[str, Found], top: str, repairs: Repairs) -> tuple[float, str | None]:
    key, name = each.statement.identifier, name_of(each.statement)
    unknown = False
    known: list[tuple[float, str | None]] = []
    for order, parent in each.parents:
        if parent == key:
            repairs.add("These were below themselves and now stand at the top", name)
        elif parent == top:
            known.append((order, None))
        elif parent in once:
            known.append((order, parent))
        else:
            unknown = True
    if len({parent for _, parent in known}) > 1:
        repairs.add("These stood below several others; the first of them counts", name)
    if known:
        return known[0]
    if unknown:
        repairs.add("These stood below something that is not in the file and now stand at the top", name)
    elif not each.is_placed:
        repairs.add("Nothing said where these belong, so they stand at the top", name)
    return (each.parents[0][0] if each.parents else float("inf")), None


def _open_circles(parents: dict[str, tuple[float, str | None]], once: dict[str, Found], repairs: Repairs) -> None:
    """Follow everyone up once; whoever meets their own way again stands at the top."""
    safe: set[str] = set()
    for key in parents:
        way: list[str] = []
        seen: set[str] = set()
        at: str | None = key
        while at is not None and at not in safe:
            if at in seen:
                repairs.add("These stood below one another in a circle, which was opened", name_of(once[at].statement))
                parents[at] = (parents[at][0], None)
                break
            seen.add(at)
            way.append(at)
            at = parents[at][1]
        safe.update(way)


def _walk(
    below: dict[str | None, list[tuple[float, str]]], once: dict[str, Found], repairs: Repairs
) -> Iterable[Statement]:
    order = {key: at for at, key in enumerate(once)}
    for children in below.values():
        children.sort(key=lambda child: (child[0], order[child[1]]))
    taken: dict[str | None, int] = defaultdict(int)
    # (key, the parent that it gets, how deep); a stack, because a file may be deeper than Python's own.
    waiting: list[tuple[str, str | None, int]] = [(key, None, 1) for _, key in reversed(below[None])]
    while waiting:
        key, parent, depth = waiting.pop()
        statement = once[key].statement
        position, taken[parent] = taken[parent], taken[parent] + 1
        yield replace(statement, parent=parent, position=position)
        is_deepest = depth >= MAX_DEPTH
        if is_deepest and below.get(key):
            repairs.add(TOO_DEEP, name_of(statement))
        for _, child in reversed(below.get(key, [])):
            waiting.append((child, parent if is_deepest else key, depth if is_deepest else depth + 1))
