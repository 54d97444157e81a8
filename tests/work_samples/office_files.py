"""Makers of office documents, with everything in them that must not appear on a page."""

import io
import zipfile
from pathlib import Path

from PIL import Image

from tests.work_samples.files import SECRET, paper, write

COMMENT, DELETED, HIDDEN, NOTE = "Kommentar-17", "Geloescht-18", "Versteckt-19", "Notiz-20"
NEVER = (COMMENT, DELETED, HIDDEN, NOTE)
KEPT = "My summer at the lake"
INSERTED = "and it rained"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "application/vnd.openxmlformats-officedocument"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def zipped(path, parts):
    """`parts`: name → text or bytes, in that order; a part called `mimetype` is stored as it is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return path


def parts_of(path):
    with zipfile.ZipFile(path) as given:
        return {name: given.read(name) for name in given.namelist()}


def rels(*each):
    """`each`: (id, the last part of its type, target) and perhaps more attributes."""
    inner = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}" {" ".join(more)}/>'
        for key, kind, target, *more in each
    )
    return f'{XML}<Relationships xmlns="{RELS}">{inner}</Relationships>'


def types(main, kind, more=()):
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{OFFICE}.{said}+xml"/>' for part, said in ((main, kind), *more)
    )
    return (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="jpg" ContentType="image/jpeg"/>'
        f"{overrides}</Types>"
    )


def run(words, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def docx_parts(body=None, *, pages=1):
    """Word, with a comment, an insertion, a deletion, hidden words and an author."""
    changed = 'w:author="X" w:date="2026-01-01T00:00:00Z"'
    body = body or (
        f"<w:p>{run(KEPT)}"
        f'<w:ins w:id="1" {changed}>{run(" " + INSERTED)}</w:ins>'
        f'<w:del w:id="2" {changed}><w:r><w:delText>{DELETED}</w:delText></w:r></w:del>'
        f'<w:commentRangeStart w:id="0"/>{run(" there")}<w:commentRangeEnd w:id="0"/>'
        f'<w:r><w:commentReference w:id="0"/></w:r>{run(HIDDEN, "<w:vanish/>")}</w:p>'
    )
    more = "".join(f'<w:p><w:r><w:br w:type="page"/></w:r>{run(f"page {n}")}</w:p>' for n in range(2, pages + 1))
    core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    return {
        "[Content_Types].xml": types(
            "/word/document.xml",
            "wordprocessingml.document.main",
            [("/word/comments.xml", "wordprocessingml.comments")],
        ),
        "_rels/.rels": rels(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f'{XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}{more}</w:body></w:document>',
        "word/comments.xml": f'{XML}<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="{SECRET}">'
        f"<w:p>{run(COMMENT)}</w:p></w:comment></w:comments>",
        "word/_rels/document.xml.rels": rels(("rId1", "comments", "comments.xml")),
        "docProps/core.xml": f'{XML}<cp:coreProperties xmlns:cp="{core}"><cp:lastModifiedBy>{SECRET}'
        "</cp:lastModifiedBy></cp:coreProperties>",
    }


def docx(folder, name="essay.docx", **how):
    return zipped(folder / name, docx_parts(**how))


ODF = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = (
    " ".join(
        f'xmlns:{short}="{ODF}:{long}:1.0"'
        for short, long in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
            "presentation": "presentation",
            "svg": "svg-compatible",
            "fo": "xsl-fo-compatible",
            "manifest": "manifest",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def odf_parts(kind, body, *, before="", more=None):
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    manifest = (
        f'{XML}<manifest:manifest {SPACES} manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    content = (
        f'{XML}<office:document-content {SPACES} office:version="1.2">{before}'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    return {"mimetype": media_type, "content.xml": content, "META-INF/manifest.xml": manifest} | (more or {})


def odt_parts(body=None):
    info = "<office:change-info><dc:creator>X</dc:creator><dc:date>2026-01-01T00:00:00</dc:date></office:change-info>"
    changes = (
        '<text:tracked-changes text:track-changes="true">'
        f'<text:changed-region text:id="d"><text:deletion>{info}<text:p>{DELETED}</text:p></text:deletion>'
        f'</text:changed-region><text:changed-region text:id="i"><text:insertion>{info}</text:insertion>'
        "</text:changed-region></text:tracked-changes>"
    )
    comment = f"<office:annotation><dc:creator>{SECRET}</dc:creator><text:p>{COMMENT}</text:p></office:annotation>"
    words = (
        f'<text:p>{KEPT}<text:change text:change-id="d"/>{comment} <text:change-start text:change-id="i"/>'
        f'{INSERTED}<text:change-end text:change-id="i"/></text:p>'
    )
    return odf_parts("text", body or changes + words, more={"meta.xml": f"{XML}<a>{SECRET}</a>"})


def odt(folder, name="essay.odt", **how):
    return zipped(folder / name, odt_parts(**how))


def odp(folder, name="slides.odp"):
    """Two slides that show and one that does not; notes and a comment on the first."""
    styles = (
        '<office:automatic-styles><style:style style:name="h" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style></office:automatic-styles>'
    )

    def slide(words, style="", extra=""):
        box = '<draw:frame svg:x="2cm" svg:y="2cm" svg:width="18cm" svg:height="3cm"><draw:text-box><text:p>'
        return f"<draw:page {style}>{extra}{box}{words}</text:p></draw:text-box></draw:frame></draw:page>"

    comment = f"<office:annotation><dc:creator>X</dc:creator><text:p>{COMMENT}</text:p></office:annotation>"
    notes = (
        '<presentation:notes><draw:frame svg:width="9cm" svg:height="9cm"><draw:text-box>'
        f"<text:p>{NOTE}</text:p></draw:text-box></draw:frame></presentation:notes>"
    )
    body = slide(KEPT, extra=comment).replace("</draw:page>", notes + "</draw:page>")
    body += slide(HIDDEN, style='draw:style-name="h"') + slide(INSERTED)
    return zipped(folder / name, odf_parts("presentation", body, before=styles))


def pptx(folder, name="slides.pptx"):
    """Two slides that show and one that does not; a comment on the first."""

    def slide(words, more=""):
        return (
            f'{XML}<p:sld xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}" {more}><p:cSld><p:spTree><p:nvGrpSpPr>'
            '<p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr>'
            '<p:cNvPr id="2" name="t"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
            '<a:off x="914400" y="914400"/><a:ext cx="6000000" cy="900000"/></a:xfrm><a:prstGeom prst="rect">'
            f"<a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>{words}</a:t></a:r></a:p>"
            "</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
        )

    slides = {1: slide(KEPT), 2: slide(HIDDEN, 'show="0"'), 3: slide(INSERTED)}
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in slides)
    parts = {
        "[Content_Types].xml": types(
            "/ppt/presentation.xml",
            "presentationml.presentation.main",
            [(f"/ppt/slides/slide{n}.xml", "presentationml.slide") for n in slides],
        ),
        "_rels/.rels": rels(("rId1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'{XML}<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{listed}</p:sldIdLst>'
        '<p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>',
        "ppt/_rels/presentation.xml.rels": rels(*((f"rId{n}", "slide", f"slides/slide{n}.xml") for n in slides)),
        "ppt/slides/_rels/slide1.xml.rels": rels(("rId1", "comments", "../comments/comment1.xml")),
        "ppt/comments/comment1.xml": f'{XML}<p:cmLst xmlns:p="{P}"><p:cm authorId="0" idx="1"><p:pos x="1" y="1"/>'
        f"<p:text>{COMMENT}</p:text></p:cm></p:cmLst>",
    } | {f"ppt/slides/slide{n}.xml": words for n, words in slides.items()}
    return zipped(folder / name, parts)


def xlsx(folder, name="table.xlsx", rows=3):
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    sheet = book.active
    sheet["A1"] = KEPT
    sheet["A1"].comment = Comment(COMMENT, SECRET)
    sheet["A2"] = INSERTED
    for row in range(3, rows + 1):
        sheet.cell(row, 1, row)
    hidden = book.create_sheet("Hidden")
    hidden["A1"] = HIDDEN
    hidden.sheet_state = "hidden"
    sheet["B9"] = DELETED
    sheet.row_dimensions[9].hidden = True
    book.properties.creator = SECRET
    book.save(folder / name)
    return folder / name


def ods(folder, name="table.ods"):
    comment = f"<office:annotation><text:p>{COMMENT}</text:p></office:annotation>"
    body = (
        '<table:table table:name="One"><table:table-row><table:table-cell office:value-type="string">'
        f"{comment}<text:p>{KEPT} {INSERTED}</text:p></table:table-cell></table:table-row></table:table>"
    )
    return zipped(folder / name, odf_parts("spreadsheet", body))


def rtf_body():
    """Rich text as Word writes it, with all that must not appear."""
    return (
        rf"{{\info{{\author {SECRET}}}{{\title t}}}}{{\*\revtbl{{Unknown;}}{{{SECRET};}}}}"
        rf"\pard\plain {KEPT} {{\revised\revauth1\revdttm1 {INSERTED}}} {{\deleted\revauthdel1 {DELETED}}}"
        rf"{{\*\atnid X}}{{\*\atnauthor {SECRET}}}\chatn{{\*\annotation{{\*\atndate 1}} {COMMENT}}}"
        rf"{{\v {HIDDEN}}}{{\*\secret {NOTE}}}"
        rf"{{\field{{\*\fldinst {{ AUTHOR }}}}{{\fldrslt {SECRET}}}}}\par "
    )


def rtf(folder, name="letter.rtf", body=None, pages=1):
    more = "".join(rf"\page page {number}\par " for number in range(2, pages + 1))
    start = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman Times New Roman;}}{\*\generator Word;}"
    return write(folder, name, (start + (body or rtf_body()) + more + "}").encode())


WHOLE = {"docx": docx, "odt": odt, "rtf": rtf, "pptx": pptx, "odp": odp, "xlsx": xlsx, "ods": ods}


def with_part(path: Path, name: str, data) -> Path:
    """The same file with one part changed or added."""
    return zipped(path, parts_of(path) | {name: data})


def photo_bytes():
    data = io.BytesIO()
    paper(800, 600).save(data, "JPEG")
    return data.getvalue()


def opened(path):
    return Image.open(path)
