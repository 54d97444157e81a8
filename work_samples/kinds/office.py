"""Documents of an office: LibreOffice makes a PDF of them. Each format has a file of its own beside this one.

What a person did not mean to show must not show, and what a file wants to do it may not. So the file that LibreOffice
opens is never the one that was brought but a new one, written here from those parts of it that make up its pages
(`rewrite`): without macros, comments and what was deleted under tracked changes, with no address outside itself. XML is
read part by part with a parser that knows no entities, and what unfolds to more than a document can be is refused.

LibreOffice itself runs in the same confined process as every decoder (`decoder.confine`): it can read its own program,
fonts and this one file, it has no network, a profile of its own that is thrown away, and limits of memory, processor
time and output; it dies with the program that waits for it.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from .base import CONVERTED, Kind, Refusal

MIB = 1024 * 1024
MOST_PARTS = 4000
MOST_DIRECTORY_BYTES = MIB
MOST_XML_BYTES = 48 * MIB
MOST_BYTES = 256 * MIB
MOST_DEPTH = 250
MEMORY = 4096 * MIB
ZIP = b"PK\x03\x04"
PLACES = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
)
PROGRAMS = ("soffice.bin", "soffice")
#: Where LibreOffice makes the socket by which a second one would find the first: it takes no other place.
SOCKET_PLACES = ("/tmp", "/var/tmp")  # noqa: S108
#: LibreOffice has set up its profile and asks to be started again.
START_AGAIN = 81
PROFILES = (Path("profile-1"), Path("profile-2"), Path("profile-3"))


# --- is it one, and is LibreOffice there ----------------------------------------------------------


@cache
def program() -> str | None:
    """Where LibreOffice is on this machine; None when it is not installed."""
    found = shutil.which("soffice")
    places = [*PLACES, *([str(Path(found).resolve().parent)] if found else [])]
    return next((str(Path(place, name)) for name in PROGRAMS for place in places if Path(place, name).is_file()), None)


def parts_of(source: Path) -> list[str]:
    """The names of a ZIP's parts, from its directory alone; nothing when it has none that a document would have.

    Cheap whatever the file claims: at most a mebibyte is read.
    """
    try:
        with source.open("rb") as file:
            return _listed(file)
    except (OSError, ValueError, struct.error):
        return []


def _listed(file: IO[bytes]) -> list[str]:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        return []
    count, length, start = struct.unpack_from("<HII", tail, at + 10)
    if count > MOST_PARTS or length > MOST_DIRECTORY_BYTES or start + length > size:
        return []
    file.seek(start)
    directory = file.read(length)
    names, at = [], 0
    while at + 46 <= len(directory) and directory[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        names.append(directory[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names


# --- what of a document may be seen ----------------------------------------------------------------


#: An element as (the last part of its namespace, its name): so it is the same in each edition of a standard.
Key = tuple[str, str]


@dataclass(frozen=True)
class Cleaning:
    """What becomes of the elements of a part, by their keys.

    drop     gone with all that is in them
    unwrap   gone, but what is in them stays
    look     gets each other element and its attributes, may change them, and says whether it goes after all
    """

    drop: frozenset[Key] = frozenset()
    unwrap: frozenset[Key] = frozenset()
    look: Callable[[Key, dict[str, str]], bool] | None = None


@dataclass(frozen=True)
class Format:
    """An office format.

    suffix     what its files are called
    reads      LibreOffice's filter that reads it: no other is tried, whatever the file turns out to be
    writes     the filter that makes a PDF of it
    keeps      whether the part of that name goes into the file that LibreOffice opens
    cleaning   how the part of that name is cleaned
    refuses    looks at the whole file before anything else, and raises Refusal
    rewrites   instead of these three, for what is no archive of parts: writes what may be seen into a new file
    """

    suffix: str
    reads: str
    writes: str
    keeps: Callable[[str], bool] = lambda _name: False
    cleaning: Callable[[str], Cleaning] = lambda _name: Cleaning()
    refuses: Callable[[zipfile.ZipFile], None] = lambda _given: None
    rewrites: Callable[[Path, Path], None] | None = None


def rewrite(source: Path, target: Path, how: Format) -> None:
    """Write what may be seen of a document into a new file. Raises Refusal, BadZipFile, ExpatError, OSError."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        parts = given.infolist()
        names = [part.filename for part in parts]
        if len(parts) > MOST_PARTS or len(set(names)) < len(names):
            raise Refusal("damaged")
        if any(part.flag_bits & 1 for part in parts):
            raise Refusal("locked_document")
        how.refuses(given)
        left = MOST_BYTES
        for part in parts:
            if part.is_dir() or not _is_plain(part.filename) or not how.keeps(part.filename):
                continue
            data = _read(given, part, left)
            left -= len(data)
            if _is_xml(part.filename, data):
                data = clean(data, how.cleaning(part.filename))
            stored = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
            made.writestr(zipfile.ZipInfo(part.filename), data, compress_type=stored)


def _is_plain(name: str) -> bool:
    return not name.startswith("/") and "\\" not in name and ".." not in name.split("/") and name.isprintable()


def _is_xml(name: str, data: bytes) -> bool:
    is_named = name.endswith((".xml", ".rels", ".vml", ".rdf"))
    return is_named or data[:256].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"<"


def _read(given: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """One part, whatever its header claims about its size. Raises Refusal."""
    most = min(left, MOST_XML_BYTES if part.filename.endswith((".xml", ".rels")) else left)
    with given.open(part) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Refusal("unfolds")
    return data


def clean(data: bytes, how: Cleaning) -> bytes:
    """A part's XML with what may not be seen taken out. Raises Refusal and ExpatError."""
    return _Cleaner(how).run(data)


def key_of(name: str) -> Key:
    """The key of an element or attribute as the parser names it."""
    space, _, rest = name.partition(" ")
    if not rest:
        return "", space
    return space.removesuffix(":1.0").replace(":", "/").rsplit("/", 1)[-1], rest.split(" ")[0]


class _Cleaner:
    """Copies XML piece by piece, prefixes and all, because documents refer to their prefixes."""

    def __init__(self, how: Cleaning) -> None:
        self._how = how
        self._out: list[str] = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>']
        self._spaces: list[tuple[str | None, str | None]] = []
        self._skipping = 0
        self._depth = 0
        self._unwrapped: list[bool] = []

    def run(self, data: bytes) -> bytes:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartNamespaceDeclHandler = lambda prefix, uri: self._spaces.append((prefix, uri))
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)
        return "".join(self._out).encode()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Refusal("damaged")
        spaces, self._spaces = self._spaces, []
        if self._skipping or self._goes(key_of(name), attributes):
            self._skipping += 1
            return
        self._unwrapped.append(key_of(name) in self._how.unwrap)
        if self._unwrapped[-1]:
            self._spaces = spaces  # whoever comes next may need them
            return
        declared = {f"xmlns:{prefix}" if prefix else "xmlns": uri or "" for prefix, uri in spaces}
        given = [(_qualified(each), value) for each, value in attributes.items()]
        written = "".join(f" {each}={quoteattr(value)}" for each, value in (*declared.items(), *given))
        self._out.append(f"<{_qualified(name)}{written}>")

    def _goes(self, key: Key, attributes: dict[str, str]) -> bool:
        return key in self._how.drop or bool(self._how.look and self._how.look(key, attributes))

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._skipping:
            self._skipping -= 1
        elif not self._unwrapped.pop():
            self._out.append(f"</{_qualified(name)}>")

    def _text(self, text: str) -> None:
        if not self._skipping:
            self._out.append(escape(text))


def _refuse(*_: Any) -> None:
    """No document needs entities or a document type, and bombs are made of them."""
    raise Refusal("damaged")


def _qualified(name: str) -> str:
    pieces = name.split(" ")
    if len(pieces) == 3:  # noqa: PLR2004 (namespace, name, prefix)
        return f"{pieces[2]}:{pieces[1]}"
    return pieces[1] if len(pieces) == 2 else name  # noqa: PLR2004


# --- LibreOffice -------------------------------------------------------------------------------------

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}</oor:items>
"""
SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
SETTINGS = (
    (SECURITY, "MacroSecurityLevel", "3"),
    (SECURITY, "DisableMacrosExecution", "true"),
    (SECURITY, "DisableActiveContent", "true"),
    (SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Save/Document", "CreateBackup", "false"),
    ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
)


def convert(job: dict[str, Any], how: Format) -> None:
    """Write the document's pages as a PDF into the current folder. Raises Refusal."""
    work = Path(f"work{how.suffix}")
    if how.rewrites:
        how.rewrites(Path(job["source"]), work)
    else:
        rewrite(Path(job["source"]), work, how)
    status = START_AGAIN
    for number, profile in enumerate(PROFILES):
        if status == START_AGAIN:
            # Under a new name, because it may not remove the socket that goes with the old one.
            _make_profile(profile) if number == 0 else PROFILES[number - 1].rename(profile)
            status = _run(_command(work, how, profile, most=job["limits"]["pages"]))
    if status < 0:
        raise Refusal({-signal.SIGXCPU: "time", -signal.SIGKILL: "memory"}.get(status, "damaged"))
    made = work.with_suffix(".pdf")
    if not made.is_file():
        raise Refusal("damaged")
    made.rename(CONVERTED)


def _make_profile(profile: Path) -> None:
    folder = profile / "user"
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in SETTINGS
    )
    (folder / "registrymodifications.xcu").write_text(PROFILE.format(items=items))


def _command(work: Path, how: Format, profile: Path, *, most: int) -> list[str]:
    """One page more than is taken, so that the PDF tells that there are too many and no thousands are made."""
    options: dict[str, tuple[str, str]] = {
        "ExportNotes": ("boolean", "false"),
        "ExportNotesInMargin": ("boolean", "false"),
        "ExportNotesPages": ("boolean", "false"),
        "ExportHiddenSlides": ("boolean", "false"),
        "ExportBookmarks": ("boolean", "false"),
        "ExportFormFields": ("boolean", "false"),
        "Quality": ("long", "90"),
        "PageRange": ("string", f"1-{most + 1}"),
    }
    said = json.dumps({name: {"type": kind, "value": value} for name, (kind, value) in options.items()})
    return [
        str(program()),
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"),
        f"--infilter={how.reads}",
        *("--convert-to", f"pdf:{how.writes}:{said}", "--outdir", "."),
        str(work),
    ]


def _run(command: list[str]) -> int:
    here = str(Path.cwd())
    environment = {
        "HOME": here,
        "TMPDIR": here,
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        "SAL_DISABLE_OPENCL": "1",
        "MALLOC_ARENA_MAX": "2",
    }
    quiet = subprocess.DEVNULL
    return subprocess.run(  # noqa: S603  (no shell; the only name in it is ours)
        command,
        env=environment,
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        check=False,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    ).returncode


def _die_with_parent() -> None:
    set_death_signal = 1
    ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)


def readable() -> list[str]:
    """What LibreOffice reads beside the system's libraries: itself, fonts, and the list of libraries."""
    found = program()
    system = [
        *("/etc/fonts", "/etc/ld.so.cache", "/etc/libreoffice", "/etc/localtime"),
        *("/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice"),
    ]
    return [*system, str(Path(found).resolve().parents[1])] if found else system


def leaves(folder: Path) -> list[Path]:
    """The sockets that LibreOffice makes in a folder of the system's, and that it may not remove when it is confined.

    A socket's name follows from its profile's: the MD5 of its address, each byte without a leading zero.
    """
    found = []
    for profile in PROFILES:
        address = (folder.resolve() / profile).as_uri()
        digest = hashlib.md5(address.encode("utf-16-le"), usedforsecurity=False).digest()
        name = "OSL_PIPE_SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in digest)
        found += [Path(place, name) for place in SOCKET_PLACES]
    return found


def office_kind(*, label: str, media_type: str, how: Format, has: Callable[[list[str], bytes], bool]) -> Kind:
    """A kind for the registry. `has` knows the format by the names of its parts and the first bytes of the file."""

    def is_it_whole(head: bytes, path: Path) -> bool:
        return head.startswith(ZIP) and has(parts_of(path), head)

    return Kind(
        name=label.lower(),
        label=label,
        extensions=(how.suffix,),
        media_types=(media_type,),
        is_it=lambda _head: False,
        is_it_whole=is_it_whole,
        load=lambda: None,
        convert=lambda job: convert(job, how),
        missing=lambda: None if program() else "no_office",
        readable=readable,
        sockets=SOCKET_PLACES,
        leaves=leaves,
        memory_bytes=MEMORY,
    )
