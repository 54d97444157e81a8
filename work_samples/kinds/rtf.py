"""Rich text. As with every document, LibreOffice opens a file that is written here from what makes up the pages.

RTF is groups in braces, control words and text. Of the groups that a reader may skip those of a short list are
kept, so comments, embedded files, templates, data and whatever else a program hides in one is gone. A field becomes the
text that it last showed, so nothing is fetched, computed or taken in; one that says who wrote it goes with its text.
Tracked changes appear as if they had been accepted; hidden words do not appear.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path

from .base import Refusal
from .office import MOST_DEPTH, Format, office_kind

START = b"{\\rtf"
TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<code>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n\0]+)"
    rb"|[\r\n\0]+",
    re.DOTALL,
)
#: Groups that a reader may skip, and that make up the pages nevertheless.
KEPT = frozenset(
    {
        *(b"cs", b"ts", b"ds", b"falt", b"listtable", b"listoverridetable", b"listpicture", b"pn", b"pnseclvl"),
        *(b"shppict", b"shpinst", b"nesttableprops", b"moMath", b"moMathPara", b"pgdsctbl", b"background"),
    }
)
#: Groups that are no part of the pages.
GONE = frozenset(
    {
        *(b"info", b"annotation", b"atnid", b"atnauthor", b"atntime", b"atndate", b"atnicn", b"atnparent", b"atnref"),
        *(b"atrfstart", b"atrfend", b"objdata", b"objclass", b"objname", b"objalias", b"objsect", b"template"),
        *(b"nextfile", b"filetbl", b"file", b"revtbl", b"generator", b"datastore", b"datafield", b"xe", b"tc", b"tcn"),
        *(b"rxe", b"txe", b"nonshppict", b"bkmkstart", b"bkmkend", b"userprops", b"docvar", b"private"),
        *(b"hl", b"hlfr", b"hlloc", b"hlsrc"),
    }
)
#: Control words that go alone: what they are about is plain text, or a picture, without them.
LOOSE = re.compile(
    rb"(obj|rslt|result$|fld(?!inst$)|field$|upr$|chatn$|revis|revauth|revdttm|deleted$|crauth$|crdate$"
    rb"|(ins|del|char|para|sect|sty|tbl)?rsid)"
)
#: Fields whose text says who wrote it, or what it is called.
TELLING = re.compile(
    rb"\s*(AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|DOCPROPERTY|FILENAME)\b", re.IGNORECASE
)
PAGE_NUMBER = re.compile(rb"\s*PAGE\b", re.IGNORECASE)
ADDRESS = re.compile(rb"[a-zA-Z]:|[/\\.]")
#: The one property of a shape that is shown as it is written.
SHOWN_PROPERTY = b"gtextUNICODE"


@dataclass
class _Group:
    """What holds inside a pair of braces."""

    skips: bool = False
    is_written: bool = False
    hidden: frozenset[bytes] = frozenset()
    is_optional: bool = False
    is_field: bool = False
    reads: str = ""  # what its text is: an instruction, the name of a property or its value
    said: bytes = b""


def rewrite(source: Path, target: Path) -> None:
    """Write what may be seen of a document into a new file. Raises Refusal, OSError."""
    target.write_bytes(_Copy(source.read_bytes()).made())


class _Copy:
    """One pass over the file, group by group."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._out: list[bytes] = []
        self._groups: list[_Group] = []
        self._property = b""

    def made(self) -> bytes:
        at = 0
        while (token := TOKEN.match(self._data, at)) is not None:
            at = token.end()
            if token["brace"] == b"{":
                self._open()
            elif not self._groups:
                raise Refusal("damaged")
            elif token["brace"]:
                self._close()
                if not self._groups:  # what follows the end is not read
                    return b"".join(self._out)
            elif token["word"] == b"bin":
                at = self._take_raw(at, int(token["number"] or 0))
            elif token["word"]:
                self._take_word(token["word"], token["number"] or b"")
            elif token["symbol"] == b"*":
                self._groups[-1].is_optional = True
            else:
                self._take_text(token[0], is_plain=token["text"] is not None)
        raise Refusal("cut_off")

    def _open(self) -> None:
        if len(self._groups) >= MOST_DEPTH:
            raise Refusal("damaged")
        above = self._groups[-1] if self._groups else _Group()
        if above.is_optional:  # no word says what the group is
            above.skips = True
        reads = above.reads if above.reads == "instruction" else ""
        self._groups.append(_Group(above.skips, not above.skips, above.hidden, reads=reads))
        self._put(b"{")

    def _close(self) -> None:
        group = self._groups.pop()
        if group.is_written:
            self._out.append(b"}")
        above = self._groups[-1] if self._groups else _Group()
        if group.reads == "instruction" and above.reads == "instruction":
            above.said += group.said
        elif group.reads == "instruction":
            self._judge(group.said)
        elif group.reads == "name":
            self._property = group.said.strip()

    def _judge(self, instruction: bytes) -> None:
        """What becomes of the field that this instruction belongs to."""
        field = next((at for at, group in reversed(list(enumerate(self._groups))) if group.is_field), None)
        is_number = PAGE_NUMBER.match(instruction) is not None
        if field is None or not (is_number or TELLING.match(instruction)):
            return
        if is_number:
            self._put(b"\\chpgn ")
        for group in self._groups[field:]:
            group.skips = True

    def _take_word(self, word: bytes, number: bytes) -> None:
        group = self._groups[-1]
        if word == b"fldinst":
            group.skips, group.reads, group.is_optional = True, "instruction", False
            return
        if word in GONE or (group.is_optional and word not in KEPT):
            group.skips = True
        if group.skips:
            return
        if group.is_optional:
            self._put(b"\\*")
            group.is_optional = False
        self._note(group, word, number)
        is_spelled = word == b"u" and not self._is_shown(group)
        if LOOSE.match(word) is None and not is_spelled:
            self._put(b"\\" + word + number + b" ")

    def _note(self, group: _Group, word: bytes, number: bytes) -> None:
        if word in {b"v", b"webhidden", b"deleted"}:
            group.hidden = group.hidden - {word} if number == b"0" else group.hidden | {word}
        elif word == b"plain":
            group.hidden = frozenset()
        elif word == b"field":
            group.is_field = True
        elif word in {b"sn", b"sv"}:
            group.reads = {b"sn": "name", b"sv": "value"}[word]

    def _take_text(self, text: bytes, *, is_plain: bool) -> None:
        group = self._groups[-1]
        if group.is_optional:
            group.skips = True
        if group.reads in {"instruction", "name"}:
            group.said += text
        is_number_or_so = is_plain and ADDRESS.search(text) is None
        if self._is_shown(group) or (group.reads == "value" and is_number_or_so):
            self._put(text)

    def _is_shown(self, group: _Group) -> bool:
        """Whether what is written here is seen, and no property of a shape, which might be an address."""
        return not group.hidden and (group.reads != "value" or self._property == SHOWN_PROPERTY)

    def _take_raw(self, at: int, length: int) -> int:
        """Bytes as they are, which may look like anything; where what follows them begins."""
        end = at + max(0, length)
        if end > len(self._data):
            raise Refusal("cut_off")
        self._put(b"\\bin%d " % (end - at) + self._data[at:end])
        return end

    def _put(self, piece: bytes) -> None:
        if not self._groups or not self._groups[-1].skips:
            self._out.append(piece)


KIND = dataclasses.replace(
    office_kind(
        label="RTF",
        media_type="application/rtf",
        how=Format(suffix=".rtf", reads="Rich Text Format", writes="writer_pdf_Export", rewrites=rewrite),
        has=lambda _parts, _head: False,
    ),
    media_types=("application/rtf", "text/rtf"),
    is_it=lambda head: head.startswith(START),
    is_it_whole=None,
)
