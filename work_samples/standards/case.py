"""CASE 1.0 and 1.1 (1EdTech's Competencies and Academic Standards Exchange): a CFPackage as JSON.

What a publisher's file says twice, wrongly or not at all is put right where that is safe, and said.
"""

import json
import math
import re
import uuid
from dataclasses import replace
from typing import Any

from work_samples.standards.tree import (
    MAX_CODE,
    MAX_STATEMENTS,
    MAX_TEXT,
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

# A framework of 20,000 statements has half a million values. What has many more is no framework, and would need
# gigabytes once it is read.
MAX_NESTED, MAX_VALUES = 1_000_000, 4_000_000
CHILD, SAME = "ischildof", "exactmatchof"
NOT_WHOLE = (
    "This file begins like JSON but is not whole, or has an error in it{where}. Download it once more and bring the "
    "new copy."
)
NO_DOCUMENT = (
    "This JSON has no CFDocument with a title or an identifier, so it is not a CASE package. "
    "Download the whole package (CFPackages) of the framework and bring that."
)
NO_ITEMS = "This CASE package has no CFItems, so there are no statements in it. Download the whole package."


def is_json(data: bytes) -> bool:
    """Whether the file begins as JSON does, in any of the encodings that JSON may have."""
    start = data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith((b"{", b"["))


def read(data: bytes) -> Framework:
    """The framework in a CASE package. Raises CannotRead."""
    package = _package(_loaded(data))
    document = _object(package.get("CFDocument"))
    title = plain(_text(document.get("title")), 200)
    identifier = _identifier(document) or (str(uuid.uuid5(uuid.NAMESPACE_URL, title)) if title else "")
    if not identifier:
        raise CannotRead(NO_DOCUMENT)
    repairs = Repairs()
    if not title:
        repairs.add("The framework has no title, so it is called by its identifier", identifier)
    found = _found(package, repairs)
    _join(found, package, repairs)
    return Framework(
        identifier=identifier,
        title=title or f"Framework {identifier}"[:200],
        statements=arranged(list(found.values()), top=identifier, repairs=repairs),
        publisher=plain(_text(document.get("publisher")) or _text(document.get("creator")), 200),
        version=plain(_text(document.get("version")), 100),
        subject=plain(_text(document.get("subject")), 200),
        uri=_address(document.get("uri")),
        repairs=repairs.sentences(),
    )


def _loaded(data: bytes) -> Any:
    if data.count(b"{") + data.count(b"[") > MAX_NESTED or data.count(b",") > MAX_VALUES:
        raise CannotRead("This JSON holds far more than a framework of standards does. Export one subject at a time.")
    try:
        return json.loads(data)
    except json.JSONDecodeError as wrong:
        raise CannotRead(NOT_WHOLE.format(where=f" (line {wrong.lineno}, column {wrong.colno})")) from wrong
    except (ValueError, RecursionError) as wrong:  # an encoding, an endless number, a thousand brackets
        raise CannotRead(NOT_WHOLE.format(where="")) from wrong


def _package(loaded: Any) -> dict[str, Any]:
    if isinstance(loaded, list) and len(loaded) == 1:
        loaded = loaded[0]
    if not isinstance(loaded, dict):
        raise CannotRead(NO_DOCUMENT)
    inner = loaded.get("CFPackage")
    package: dict[str, Any] = inner if isinstance(inner, dict) else loaded
    if not isinstance(package.get("CFDocument"), dict):
        raise CannotRead(NO_DOCUMENT)
    items = package.get("CFItems")
    if not isinstance(items, list) or not items:
        raise CannotRead(NO_ITEMS)
    if len(items) > MAX_STATEMENTS:
        raise CannotRead(
            f"This framework has {len(items):,} statements and ESW takes up to {MAX_STATEMENTS:,} in one. "
            "Export one subject at a time and bring those."
        )
    return package


# --- the statements ------------------------------------------------------------------------------------------


def _found(package: dict[str, Any], repairs: Repairs) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for number, item in enumerate(package["CFItems"], 1):
        statement = _statement(item, number, repairs)
        if statement is None:
            continue
        if statement.identifier in found:
            repairs.add("These came twice under one identifier and the first counts", name_of(statement))
            continue
        found[statement.identifier] = Found(statement, is_placed=False)
    if not found:
        raise CannotRead("Not one of the CFItems in this CASE package has words, so there is nothing to import.")
    return found


def _statement(item: Any, number: int, repairs: Repairs) -> Statement | None:
    place = f"CFItem {number}"
    if not isinstance(item, dict):
        repairs.add("These are no CFItems and were left out", place)
        return None
    words = _first_text(item, "fullStatement", "abbreviatedStatement", "humanCodingScheme")
    text = plain_text(words)
    if not text:
        repairs.add("These have no statement in words and were left out", f"{place}{_called(item)}")
        return None
    if is_marked_up(words):
        repairs.add("HTML was taken out of these, their words stay", f"{place}{_called(item)}")
    if len(text) > MAX_TEXT:
        repairs.add(f"These are longer than {MAX_TEXT:,} characters and were cut there", f"{place}{_called(item)}")
    code = code_of(_text(item.get("humanCodingScheme")))
    if len(code) > MAX_CODE:
        repairs.add(f"These have a code of more than {MAX_CODE} characters, so they have none here", place)
        code = ""
    identifier = _identifier(item)
    if not identifier:
        identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{code}\n{text}"))
        repairs.add("These have no identifier, so other words would make others of them", f"{place}{_called(item)}")
    return Statement(
        identifier=identifier,
        text=text[:MAX_TEXT].rstrip(),
        code=code,
        kind=plain(_text(item.get("CFItemType")), 100),
        grades=grades_of(_texts(item.get("educationLevel"))),
        subject=plain(", ".join(_texts(item.get("subject"))), 200),
        uri=_address(item.get("uri")),
    )


def _called(item: dict[str, Any]) -> str:
    code = plain(_text(item.get("humanCodingScheme")), MAX_CODE)
    return f" ({code})" if code else ""


# --- how they hang together ----------------------------------------------------------------------------------


def _join(found: dict[str, Found], package: dict[str, Any], repairs: Repairs) -> None:
    """Give every statement the parents, and the codes elsewhere, that the associations name."""
    associations = package.get("CFAssociations")
    if associations is not None and not isinstance(associations, list):
        repairs.add("The associations could not be read, so all statements stand at the top", "CFAssociations")
    others = 0
    matches: dict[str, list[str]] = {}
    for number, association in enumerate(associations if isinstance(associations, list) else (), 1):
        kind, origin, target, title = _ends(association)
        if kind == CHILD and origin in found and target:
            found[origin].is_placed = True
            found[origin].parents.append((_sequence(association), target))
        elif kind == CHILD:
            repairs.add("These links start at something that is not here and were left out", f"CFAssociation {number}")
        elif kind == SAME and origin in found:
            matches.setdefault(origin, []).append(title or target)
        elif kind:
            others += 1
        else:
            repairs.add("These are no associations and were left out", f"CFAssociation {number}")
    for key, codes in matches.items():
        _match(found[key], codes)
    if others:
        repairs.add("Links of other kinds than isChildOf and exactMatchOf are not kept", f"{others:,}")


def _match(each: Found, codes: list[str]) -> None:
    kept = dict.fromkeys(code_of(code) for code in codes)
    each.statement = replace(
        each.statement, matches=tuple(code for code in kept if code and len(code) <= MAX_CODE)[:20]
    )


def _ends(association: Any) -> tuple[str, str, str, str]:
    """Kind, origin, destination and the destination's title; an empty kind when there is none to be read."""
    if not isinstance(association, dict):
        return "", "", "", ""
    kind = _text(association.get("associationType")).replace(" ", "").lower()
    origin, target = association.get("originNodeURI"), association.get("destinationNodeURI")
    title = _text(target.get("title")) if isinstance(target, dict) else ""
    return kind, _identifier(origin), _identifier(target), title


def _sequence(association: dict[str, Any]) -> float:
    number = association.get("sequenceNumber")
    if isinstance(number, str) and re.fullmatch(r"\s*-?\d{1,9}(\.\d{1,9})?\s*", number):
        number = float(number)
    if isinstance(number, bool) or not isinstance(number, int | float):
        return math.inf
    try:
        return float(number) if math.isfinite(number) else math.inf
    except OverflowError:
        return math.inf


# --- values of whatever type ---------------------------------------------------------------------------------


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """What is text, or can be read as text: a number, a list of texts, a link's title."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e15 else ""  # noqa: PLR2004 (no code is that long)
    if isinstance(value, list):
        return ", ".join(_texts(value))
    return value["title"] if isinstance(value, dict) and isinstance(value.get("title"), str) else ""


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        flat = [_text(each) for each in value[:50] if not isinstance(each, list)]
        return [each for each in flat if each.strip()]
    return [each for each in re.split(r"[,;|]", _text(value)) if each.strip()]


def _first_text(item: dict[str, Any], *names: str) -> str:
    return next((text for text in (_text(item.get(name)) for name in names) if plain_text(text)), "")


def _identifier(node: Any) -> str:
    """The identifier of a thing or of a link to one; of an address alone, its last part."""
    given = _text(node.get("identifier")) or _text(node.get("uri")) if isinstance(node, dict) else _text(node)
    return plain(given.rstrip("/").rsplit("/", 1)[-1], 200)


def _address(value: Any) -> str:
    given = plain(_text(value), 500)
    return given if given.startswith(("https://", "http://")) else ""
