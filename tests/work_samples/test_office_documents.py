"""Office documents: their pages and nothing else, whatever is in the file, and a sentence where that cannot be."""

import contextlib
import os
import random
import tempfile
import zipfile
from pathlib import Path
from xml.parsers import expat

import pypdfium2
import pytest

from tests.work_samples import files as made
from tests.work_samples import office_files as office_made
from tests.work_samples.bringing import post_files
from tests.work_samples.test_imaging_bad_files import refused, still_working_in
from work_samples import decoder, imaging, kinds
from work_samples.imaging import CannotRead, Limits
from work_samples.kinds import docx, odt, office

needs_office = pytest.mark.skipif(
    office.program() is None and os.environ.get("CI") != "true",
    reason="LibreOffice is not installed: sh scripts/office.sh",
)
FORMATS = list(office_made.WHOLE)
ARCHIVES = [name for name in FORMATS if name != "rtf"]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "pages"


@pytest.fixture
def installed(monkeypatch):
    """What is refused before LibreOffice is started needs none."""
    monkeypatch.setattr(office, "program", lambda: "/nowhere/soffice.bin")


def words_on_pages(path, folder):
    """The text on each page that LibreOffice makes of a document."""
    kind = kinds.named(imaging.check_upload(path))
    pdf = imaging._converted(kind, str(path), folder, Limits(), None)
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        return [page.get_textpage().get_text_range() for page in document]


def rewritten(path, how, folder):
    """All that LibreOffice would get to see of a document, as one piece."""
    target = folder / "rewritten"
    office.rewrite(path, target, how)
    return b"\n".join(office_made.parts_of(target).values())


HOW = {
    "docx": office.Format(
        ".docx", "", "", docx.ooxml.keeps, docx.ooxml.cleaning(lambda _: docx.WORDS), docx.ooxml.refuses
    ),
    "odt": odt.opendocument(suffix=".odt", reads="", writes=""),
}


# --- pages ---------------------------------------------------------------------------------------


@needs_office
@pytest.mark.parametrize("name", FORMATS)
def test_what_was_meant_to_be_seen_is_on_the_pages_and_nothing_else(name, tmp_path):
    sockets = set(Path(tempfile.gettempdir()).glob("OSL_PIPE*"))
    pages = words_on_pages(office_made.WHOLE[name](tmp_path), tmp_path)
    said = " ".join(pages)
    assert office_made.KEPT in said
    assert office_made.INSERTED in said
    for hidden in (*office_made.NEVER, made.SECRET):
        assert hidden not in said
    assert len(pages) == (2 if name in {"pptx", "odp"} else 1), "no hidden slide, no page of notes"
    assert set(Path(tempfile.gettempdir()).glob("OSL_PIPE*")) <= sockets


@needs_office
def test_a_document_becomes_page_images_and_leaves_nothing_else(tmp_path, out):
    told = []
    pages = imaging.make_pages(office_made.docx(tmp_path, pages=3), out, on_progress=lambda *each: told.append(each))
    assert [page.number for page in pages] == [1, 2, 3]
    assert {path.suffix for path in out.iterdir()} == {".jpg", ".webp"}
    assert told[-1] == (3, 3)


@needs_office
def test_a_table_of_thousands_of_rows_is_told_the_limit(tmp_path, out):
    assert refused(office_made.xlsx(tmp_path, rows=4000), out).code in {"counted_pages", "too_many_pages"}


@needs_office
def test_a_document_that_takes_too_long_is_stopped_with_all_that_it_started(tmp_path, out):
    assert refused(office_made.docx(tmp_path), out, limits=Limits(seconds=0.6)).code == "time"
    assert still_working_in(out) == []


@needs_office
def test_another_file_that_a_document_takes_in_stays_out_of_its_pages(tmp_path, out):
    others = made.write(tmp_path, "others.txt", b"Fremdes-21")
    section = (
        f'<text:section text:name="s"><text:section-source xlink:href="{others.as_uri()}"/>'
        f"<text:p>{office_made.KEPT}</text:p></text:section>"
    )
    path = office_made.odt(tmp_path, body=section)
    assert others.as_uri().encode() not in rewritten(path, HOW["odt"], tmp_path)
    folder = tmp_path / "bench"
    folder.mkdir()
    said = " ".join(words_on_pages(path, folder))
    assert office_made.KEPT in said
    assert "Fremdes-21" not in said


# --- LibreOffice is not there -----------------------------------------------------------------------


@pytest.mark.django_db
def test_without_libreoffice_the_upload_says_so_and_how_to_go_on(client, assignment, tmp_path, monkeypatch):
    monkeypatch.setattr(office, "program", lambda: None)
    told = post_files(client, assignment, office_made.docx(tmp_path)).json()["files"][0]
    assert told["sample"] is None
    assert "LibreOffice is not installed" in told["error"]
    assert "Save the document as a PDF" in told["error"]
    page = client.get(f"/assignments/{assignment.pk}/").content.decode()
    assert "DOCX" not in page
    assert ".docx" not in page


def test_with_libreoffice_the_upload_page_names_its_formats(installed):
    assert imaging.accepted_hint().startswith(
        "JPEG, PNG, WebP, HEIC, TIFF, PDF, DOCX, ODT, RTF, PPTX, ODP, XLSX or ODS, "
    )
    assert ".docx" in kinds.accept()


# --- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_it_knows_each_format_by_its_content_and_never_by_its_name(name, tmp_path, installed):
    path = office_made.WHOLE[name](tmp_path).rename(tmp_path / "work.jpg")
    assert imaging.check_upload(path) == name


def with_macros(folder):
    types = office_made.docx_parts()["[Content_Types].xml"].replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        "application/vnd.ms-word.document.macroEnabled.main",
    )
    return office_made.with_part(office_made.docx(folder), "[Content_Types].xml", types)


def locked_odt(folder):
    manifest = office_made.odt_parts()["META-INF/manifest.xml"].replace(
        "</manifest:manifest>", "<manifest:encryption-data/></manifest:manifest>"
    )
    return office_made.with_part(office_made.odt(folder), "META-INF/manifest.xml", manifest)


def bomb(folder):
    return office_made.with_part(office_made.docx(folder), "word/media/a.bin", b"\0" * (office.MOST_BYTES + 1))


def xml_bomb(folder):
    return office_made.with_part(office_made.docx(folder), "word/styles.xml", b" " * (office.MOST_XML_BYTES + 1))


def entities(folder):
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="w">&b;</w:document>'
    return office_made.with_part(office_made.docx(folder), "word/document.xml", laughs)


def outside_entity(folder):
    asks = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>'
    return office_made.with_part(office_made.odt(folder), "content.xml", asks)


def deep(folder):
    body = "<w:p>" * 3000 + "</w:p>" * 3000
    return office_made.docx(folder, body=body)


def no_xml(folder):
    return office_made.with_part(office_made.docx(folder), "word/document.xml", "<w:document>")


def twice(folder):
    path = office_made.docx(folder)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as more:
        more.writestr("word/document.xml", "<a/>")
    return path


def encrypted_parts(folder):
    data = bytearray(office_made.docx(folder).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 4)
    return made.write(folder, "locked.docx", bytes(data))


def cut_off(folder):
    data = office_made.docx(folder).read_bytes()
    return made.write(folder, "cut.docx", data[: len(data) // 2])


def locked_docx(folder):
    return made.write(folder, "l.docx", office_made_container() + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512)


def office_made_container():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


BAD = {
    "macros": (with_macros, "macros"),
    "a macro's part": (
        lambda folder: office_made.with_part(office_made.docx(folder), "word/vbaProject.bin", b"x"),
        "macros",
    ),
    "OpenDocument with a password": (locked_odt, "locked_document"),
    "Word with a password": (locked_docx, "locked_document"),
    "parts with a password": (encrypted_parts, "locked_document"),
    "the old Word": (lambda folder: made.write(folder, "old.doc", office_made_container()), "document"),
    "rich text that is cut off": (lambda folder: made.write(folder, "text.rtf", b"{\\rtf1 Hello"), "cut_off"),
    "rich text of three thousand levels": (lambda folder: office_made.rtf(folder, body="{" * 3000), "damaged"),
    "any other archive": (lambda folder: office_made.zipped(folder / "a.zip", {"a.txt": "a"}), "document"),
    "a bomb": (bomb, "unfolds"),
    "a bomb of XML": (xml_bomb, "unfolds"),
    "entities": (entities, "damaged"),
    "an entity from outside": (outside_entity, "damaged"),
    "three thousand levels": (deep, "damaged"),
    "broken XML": (no_xml, "damaged"),
    "the same part twice": (twice, "damaged"),
    "cut off": (cut_off, "document"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_plain_document_gets_a_sentence_before_libreoffice_sees_it(name, tmp_path, out, installed):
    make, code = BAD[name]
    told = refused(make(tmp_path), out)
    assert told.code == code
    assert "bring" in told.sentence


def test_what_is_a_pdf_by_its_start_is_never_opened_as_a_document(tmp_path, out, installed):
    path = made.write(tmp_path, "both", b"%PDF-1.7\n" + office_made.docx(tmp_path).read_bytes())
    assert imaging.check_upload(path) == "pdf"
    assert refused(path, out).code in {"cut_off", "damaged"}


# --- what LibreOffice gets to see ---------------------------------------------------------------------


def test_no_comment_deletion_author_or_macro_is_in_what_libreoffice_gets(tmp_path):
    word = office_made.docx(tmp_path)
    open_document = office_made.with_part(office_made.odt(tmp_path), "Basic/Standard/Module1.xml", "<a>Sub Main</a>")
    for path, how in ((word, HOW["docx"]), (open_document, HOW["odt"])):
        seen = rewritten(path, how, tmp_path)
        assert office_made.KEPT.encode() in seen
        for gone in (office_made.COMMENT, office_made.DELETED, made.SECRET, "Sub Main"):
            assert gone.encode() not in seen


def test_no_address_outside_the_file_is_in_what_libreoffice_gets(tmp_path):
    links = office_made.rels(
        ("rId1", "image", "http://tracker.example/a.png", 'TargetMode="External"'),
        ("rId2", "attachedTemplate", "file:///etc/template.dotm", 'TargetMode="External"'),
        ("rId3", "hyperlink", "https://ok.example/", 'TargetMode="External"'),
        ("rId4", "image", "media/image1.jpg"),
    )
    seen = rewritten(
        office_made.with_part(office_made.docx(tmp_path), "word/_rels/document.xml.rels", links), HOW["docx"], tmp_path
    )
    assert b"tracker.example" not in seen
    assert b"dotm" not in seen
    assert b"media/image1.jpg" in seen
    assert b"ok.example" in seen, "a link that a reader may press is not fetched"


def test_names_with_paths_are_left_out(tmp_path):
    path = office_made.docx(tmp_path)
    for name in ("../../evil.xml", "/etc/evil.xml", "word\\evil.xml", "word/\u202eevil.xml"):
        office_made.with_part(path, name, "<evil/>")
    assert b"evil" not in rewritten(path, HOW["docx"], tmp_path)


def test_prefixes_stay_because_documents_refer_to_them():
    inner = b'<b:y xml:space="preserve"> &lt; </b:y>'
    given = b'<a:x xmlns:a="u:a" xmlns:b="u:b" a:Ignorable="b" plain="&quot;&#10;">%s</a:x>' % inner
    said = office.clean(given, office.Cleaning())
    assert b'a:Ignorable="b"' in said
    assert inner in said
    parser = expat.ParserCreate()
    parser.Parse(said, True)


# --- damage of any kind -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_damaged_document_is_rewritten_or_has_a_reason(name, tmp_path):
    whole = office_made.WHOLE[name](tmp_path)
    how = HOW["odt" if name.startswith("od") else "docx"]
    parts, chance = office_made.parts_of(whole), random.Random(name)
    for _ in range(60):
        if chance.random() < 0.5:
            path = made.write(tmp_path, "damaged", made.mutated(whole.read_bytes(), chance))
        else:
            part = chance.choice(list(parts))
            path = office_made.zipped(tmp_path / "damaged", parts | {part: made.mutated(parts[part], chance)})
        try:
            office.rewrite(path, tmp_path / "out", how)
        except Exception as error:  # noqa: BLE001 (whatever a parser raises)
            code, facts = decoder.reason_for(error)
            assert CannotRead(code, **facts).sentence
        else:
            assert zipfile.ZipFile(tmp_path / "out").testzip() is None
