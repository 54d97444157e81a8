"""LibreOffice as the worker runs it, given a file that nobody has cleaned: it reaches, reads and runs nothing.

What is taken out of a document before LibreOffice opens it is tried elsewhere. Here nothing is taken out, so that what
is left stands alone: the confined process and the settings of its profile.
"""

import contextlib
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import quoteattr

import pypdfium2
import pytest
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from tests.work_samples import files as made
from tests.work_samples import office_files as office_made
from work_samples import confinement, imaging, kinds
from work_samples.imaging import Limits
from work_samples.kinds import office

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines"),
    pytest.mark.skipif(
        office.program() is None and os.environ.get("CI") != "true",
        reason="LibreOffice is not installed: sh scripts/office.sh",
    ),
]
FOREIGN, RAN = "Fremdes-21", "macro-ran.txt"
#: The worker's own program, which opens the file as it is; where `is_open`, without what holds LibreOffice back.
UNCLEANED = """
import importlib.util, shutil, sys
spec = importlib.util.spec_from_file_location("decoder", {decoder!r})
decoder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(decoder)
office = sys.modules["kinds.office"]
office.rewrite = lambda source, target, how: shutil.copyfile(source, target)
if {is_open}:
    decoder.confine = lambda *_, **__: None
    decoder.leave_network = lambda: None
    office.SETTINGS = (
        (office.SECURITY, "MacroSecurityLevel", "0"),
        (office.SECURITY, "SecureURL", "<it>file:///</it>"),
        ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    )
status = decoder.main()
sys.stderr.flush()
sys.exit(status)
"""
MACRO = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Main
  Open Environ("HOME") &amp; "/{RAN}" For Output As #1
  Print #1, "ran"
  Close #1
End Sub
</script:module>"""
LIBRARY = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
BASIC = {
    "Basic/script-lc.xml": (
        f'<library:libraries {LIBRARY}><library:library library:name="Standard" library:link="false"/>'
        "</library:libraries>"
    ),
    "Basic/Standard/script-lb.xml": (
        f'<library:library {LIBRARY} library:name="Standard" library:readonly="false" '
        'library:passwordprotected="false"><library:element library:name="Module1"/></library:library>'
    ),
    "Basic/Standard/Module1.xml": MACRO,
}
ON_LOAD = (
    '<office:scripts xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"><office:event-listeners>'
    '<script:event-listener script:language="ooo:script" script:event-name="dom:load" xlink:type="simple" '
    'xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document"/>'
    "</office:event-listeners></office:scripts>"
)


@pytest.fixture
def listener():
    """A web server on this machine, and the addresses that it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            self.wfile.write(office_made.photo_bytes())

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 (the methods' names)

        def log_message(self, *_):
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def hostile(folder, address):
    """A document that fetches a picture and a text, takes in other files and runs a macro when it is opened."""
    others = made.write(folder, "others.txt", FOREIGN.encode())

    def taken_in(name, target):
        return (
            f'<text:section text:name="{name}"><text:section-source xlink:type="simple" xlink:href={quoteattr(target)} '
            'xlink:show="embed" text:filter-name="Text"/><text:p>before</text:p></text:section>'
        )

    def picture(target):
        return (
            '<text:p><draw:frame text:anchor-type="as-char" svg:width="5cm" svg:height="4cm"><draw:image '
            f'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad" xlink:href={quoteattr(target)}/>'
            "</draw:frame></text:p>"
        )

    pictures = picture(f"{address}/a.jpg") + picture(made.jpeg(folder, "others.jpg").as_uri())
    sections = taken_in("one", others.as_uri()) + taken_in("two", f"{address}/b.txt")
    body = f"<text:p>{office_made.KEPT}</text:p>{pictures}{sections}"
    parts = office_made.odf_parts("text", body, before=ON_LOAD, more=BASIC)
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in BASIC
    )
    parts["META-INF/manifest.xml"] = parts["META-INF/manifest.xml"].replace(
        "</manifest:manifest>", listed + "</manifest:manifest>"
    )
    return office_made.zipped(folder / "hostile.odt", parts)


def opened_as_it_is(path, folder, monkeypatch, *, is_open):
    """The words, and the number of pictures, on the pages that LibreOffice makes of the file as it is; whether the
    macro ran.
    """
    program = UNCLEANED.format(decoder=str(confinement.DECODER), is_open=is_open)
    monkeypatch.setattr(confinement, "DECODER", made.write(folder, "uncleaned.py", program.encode()))
    bench = folder / "bench"
    bench.mkdir()
    pdf = imaging._converted(kinds.named("odt"), str(path), bench, Limits(), None)
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        said = " ".join(page.get_textpage().get_text_range() for page in document)
        pictures = sum(1 for page in document for _ in page.get_objects([FPDF_PAGEOBJ_IMAGE]))
    return said, pictures, (bench / RAN).exists()


def test_confined_it_reaches_nobody_reads_no_other_file_and_runs_no_macro(tmp_path, listener, monkeypatch):
    address, asked = listener
    said, pictures, has_run = opened_as_it_is(hostile(tmp_path, address), tmp_path, monkeypatch, is_open=False)
    assert office_made.KEPT in said
    assert FOREIGN not in said
    assert (asked, pictures, has_run) == ([], 0, False)


def test_without_what_holds_it_the_same_file_reaches_and_reads(tmp_path, listener, monkeypatch):
    """Else the test above would say nothing. (Macros and texts LibreOffice leaves alone anyway while it converts.)"""
    address, asked = listener
    said, pictures, _ = opened_as_it_is(hostile(tmp_path, address), tmp_path, monkeypatch, is_open=True)
    assert office_made.KEPT in said
    assert asked
    assert pictures == 2
