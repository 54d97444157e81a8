"""What Word, PowerPoint and Excel have in common: how their files are laid out, and what of them is left out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from .base import Refusal
from .office import Cleaning, Key, key_of

LEFT_OUT = (
    "docprops/",
    "vbaproject",
    "vbadata",
    "comment",
    "embeddings/",
    "activex",
    "customxml/",
    "ctrlprops",
    "externallink",
    "printersettings",
    "people",
    "persons/",
    "revisions/",
    "notesslide",
    "afchunk",
    "webextension",
    "glossary/",
)
#: Relationships that lead to what is left out, by the last part of their type.
NOT_FOLLOWED = frozenset(
    {
        "comments",
        "commentsExtended",
        "commentsIds",
        "commentAuthors",
        "threadedComment",
        "person",
        "people",
        "oleObject",
        "package",
        "control",
        "vbaProject",
        "attachedTemplate",
        "externalLink",
        "externalLinkPath",
        "frame",
        "subDocument",
        "aFChunk",
        "customXml",
        "printerSettings",
        "notesSlide",
        "glossaryDocument",
        "extended-properties",
        "core-properties",
        "custom-properties",
    }
)
TYPES = "[Content_Types].xml"
MOST_TYPES_BYTES = 4 * 1024 * 1024


def keeps(name: str) -> bool:
    """All but what is no part of the pages: who wrote it, comments, macros, other files inside."""
    low = name.lower()
    return not any(part in low for part in LEFT_OUT)


def refuses(given: zipfile.ZipFile) -> None:
    """Refuse what has macros. Raises Refusal."""
    if any("vbaproject" in name.lower() for name in given.namelist()):
        raise Refusal("macros")
    try:
        with given.open(TYPES) as file:
            types = file.read(MOST_TYPES_BYTES)
    except KeyError as none:
        raise Refusal("damaged") from none
    if b"macroenabled" in types.lower().replace(b"\0", b""):
        raise Refusal("macros")


def cleaning(for_part: Callable[[str], Cleaning]) -> Callable[[str], Cleaning]:
    """`for_part` for everything but the lists of relationships."""
    return lambda name: RELATIONSHIPS if name.endswith(".rels") else for_part(name)


def nothing_more(_name: str) -> Cleaning:
    return Cleaning()


def _is_not_followed(key: Key, attributes: dict[str, str]) -> bool:
    if key[1] != "Relationship":
        return False
    plain = {key_of(name)[1]: value for name, value in attributes.items()}
    kind = plain.get("Type", "").rsplit("/", 1)[-1]
    is_outside = plain.get("TargetMode", "").lower() == "external" or ":" in plain.get("Target", "")
    return kind in NOT_FOLLOWED or (is_outside and kind != "hyperlink")


RELATIONSHIPS = Cleaning(look=_is_not_followed)
