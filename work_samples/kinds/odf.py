"""What OpenDocument's formats have in common: how their files are laid out, and what of them is left out."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

from .base import Refusal
from .office import Cleaning, Format, Key, key_of

LEFT_OUT = (
    "meta.xml",
    "basic/",
    "scripts/",
    "configurations2/",
    "thumbnails/",
    "dialogs/",
    "versions/",
    "layout-cache",
)
MANIFEST = "META-INF/manifest.xml"
MOST_MANIFEST_BYTES = 4 * 1024 * 1024
#: A link that a reader may follow is not fetched by making a page; everything else that has an address is.
LINKS = frozenset({("text", "a"), ("drawing", "a")})
GONE = frozenset(
    {
        ("text", "tracked-changes"),
        ("text", "change"),
        ("text", "change-start"),
        ("text", "change-end"),
        ("table", "tracked-changes"),
        ("office", "annotation"),
        ("office", "annotation-end"),
        ("office", "scripts"),
        ("office", "event-listeners"),
        ("script", "event-listener"),
        ("presentation", "event-listener"),
        ("presentation", "notes"),
        ("office", "dde-source"),
        ("text", "dde-connection-decls"),
        ("table", "dde-links"),
        ("text", "section-source"),
        ("table", "table-source"),
        ("table", "cell-range-source"),
        ("drawing", "applet"),
        ("drawing", "plugin"),
        ("drawing", "floating-frame"),
        ("text", "hidden-text"),
        ("text", "author-name"),
        ("text", "author-initials"),
    }
)


def keeps(name: str) -> bool:
    """All but what is no part of the pages: who wrote it, macros, settings of the program."""
    low = name.lower()
    return not any(low.startswith(part) or f"/{part}" in low for part in LEFT_OUT)


def refuses(given: zipfile.ZipFile) -> None:
    """Refuse what is locked: its parts are encrypted one by one. Raises Refusal."""
    try:
        with given.open(MANIFEST) as file:
            manifest = file.read(MOST_MANIFEST_BYTES)
    except KeyError:
        return
    if b"encryption-data" in manifest:
        raise Refusal("locked_document")


def _look(key: Key, attributes: dict[str, str]) -> bool:
    """Take away every address outside the file itself."""
    if key not in LINKS:
        for name in [name for name in attributes if key_of(name)[1] == "href"]:
            target = attributes[name]
            if ":" in target or target.startswith(("/", "..", "\\")):
                del attributes[name]
    return False


WORDS = Cleaning(drop=GONE, look=_look)


def opendocument(*, suffix: str, reads: str, writes: str) -> Format:
    return Format(
        suffix=suffix,
        reads=reads,
        writes=writes,
        keeps=keeps,
        cleaning=lambda name: WORDS if name != MANIFEST else Cleaning(),
        refuses=refuses,
    )


def says(media_type: str) -> Callable[[list[str], bytes], bool]:
    """Whether the first part says that it is of this kind, as OpenDocument demands."""
    said = b"mimetype" + media_type.encode()
    return lambda parts, head: "content.xml" in parts and _first(head).startswith(said)


def _first(head: bytes) -> bytes:
    """The first part's name and what it holds, where it is stored as it is."""
    extra = int.from_bytes(head[28:30], "little")
    return head[30:38] + head[38 + extra : 200 + extra] + b"\0"
