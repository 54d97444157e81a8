"""Makers of files as people bring them, and as nobody should. Each writes one file and returns its path."""

import io
import random
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin, TiffImagePlugin

from work_samples.imaging import CannotRead

SECRET = "Jamie Whitlock"  # a student's name that must never come out again
PHONE_60_MP = (9248, 6936)
ORIENTATION = 0x0112

# How to lay an upright picture down so that the EXIF orientation stands it up again.
LAYING_DOWN = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def paper(width=640, height=480, *, seed=1):
    """A page of ruled paper with something written on it. The same seed gives the same page."""
    page = Image.new("RGB", (width, height), (250, 247, 240))
    draw = ImageDraw.Draw(page)
    chance = random.Random(seed)
    gap = max(8, height // 24)
    for y in range(gap, height, gap):
        draw.line((0, y, width, y), fill=(170, 190, 220))
        x = gap
        while x < width - 2 * gap:
            stroke = [(x + step * gap // 4, y - chance.randrange(gap)) for step in range(4)]
            draw.line(stroke, fill=(40, 50, 110), width=max(1, gap // 12))
            x += gap + chance.randrange(gap)
    return page


def quarters(width=400, height=300):
    """Four colours, so that a turned or mirrored picture shows: red, green / blue, yellow."""
    page = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    page.paste((220, 30, 30), (0, 0, *half))
    page.paste((30, 180, 30), (half[0], 0, width, half[1]))
    page.paste((30, 30, 220), (0, half[1], half[0], height))
    page.paste((220, 210, 30), (*half, width, height))
    return page


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# --- pictures ---------------------------------------------------------------------------------


def jpeg(folder, name="photo.jpg", image=None, **how):
    path = folder / name
    (image or paper()).save(path, "JPEG", **how)
    return path


def oriented(folder, orientation, kind="JPEG"):
    """A picture of `quarters` that lies as a phone's sensor wrote it, with its orientation in EXIF."""
    turn = LAYING_DOWN[orientation]
    image = quarters() if turn is None else quarters().transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = folder / f"turned-{orientation}.{kind.lower()}"
    if kind == "HEIF":
        register_heic()
    image.save(path, kind, exif=exif.tobytes())
    return path


def outcome(make, *arguments, **how):
    """What a job ends in: its pages, or the CannotRead that it raised."""
    try:
        return make(*arguments, **how)
    except CannotRead as refusal:
        return refusal


def telling_exif():
    """EXIF that says where, when, with what and by whom, with a thumbnail's worth of junk."""
    exif = Image.Exif()
    exif[0x010E] = SECRET  # ImageDescription
    exif[0x013B] = SECRET  # Artist
    exif[0x010F] = "PhoneMaker"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (46.0, 57.0, 8.0)
    gps[3], gps[4] = "E", (7.0, 26.0, 22.0)
    return exif


XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>{SECRET}</dc:creator></x:xmpmeta>'.encode()


def telling_jpeg(folder):
    """A JPEG with EXIF, GPS, XMP, IPTC, a colour profile and a comment."""
    iptc = SECRET.encode()
    segment = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(iptc)) + iptc
    app13 = b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment
    return jpeg(
        folder,
        "telling.jpg",
        exif=telling_exif(),
        xmp=XMP,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        comment=SECRET,
        extra=app13,
    )


def telling_png(folder):
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", SECRET)
    told.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    path = folder / "telling.png"
    paper().save(path, "PNG", pnginfo=told, exif=telling_exif())
    return path


def telling_tiff(folder):
    path = folder / "telling.tif"
    paper().save(path, "TIFF", tiffinfo={315: SECRET, 270: SECRET, 700: XMP}, compression="tiff_deflate")
    return path


def telling_webp(folder):
    path = folder / "telling.webp"
    paper().save(path, "WEBP", exif=telling_exif(), xmp=XMP)
    return path


def register_heic():
    import pillow_heif

    pillow_heif.register_heif_opener()


def heic(folder, name="photo.heic", image=None, **how):
    """A real HEIC, as an iPhone takes it."""
    register_heic()
    path = folder / name
    (image or paper()).save(path, "HEIF", **how)
    return path


def phone_heic(folder):
    """60 megapixels as a phone writes them: tiles (all alike here, so that making them takes no time)."""
    return heic(
        folder,
        "60.heic",
        Image.new("RGB", PHONE_60_MP, (240, 235, 225)),
        tile_size=512,
        quality=30,
        enc_params={"preset": "ultrafast"},
    )


def telling_heic(folder):
    return heic(folder, "telling.heic", exif=telling_exif().tobytes(), xmp=XMP)


def burst_heic(folder, count=5):
    shots = [paper(320, 240, seed=seed) for seed in range(count)]
    return heic(folder, "burst.heic", shots[0], save_all=True, append_images=shots[1:])


def tiff(folder, name="scan.tif", pages=3, *, mode="RGB", compression=None, size=(640, 480)):
    sheets = [paper(*size, seed=seed).convert(mode) for seed in range(pages)]
    path = folder / name
    sheets[0].save(path, "TIFF", save_all=True, append_images=sheets[1:], compression=compression)
    return path


def tiff_with_thumbnail(folder):
    """One page and a smaller copy of it, which some scanners add."""
    small = TiffImagePlugin.ImageFileDirectory_v2()
    small[254] = 1
    path = folder / "with-thumbnail.tif"
    with TiffImagePlugin.AppendingTiffWriter(str(path), True) as writer:
        paper().save(writer, "TIFF")
        writer.newFrame()
        paper(64, 48).save(writer, "TIFF", tiffinfo=small)
    return path


def tiff_directories(folder, count, *, last_points_to=0):
    """Thousands of page directories in a few bytes each, or a chain that bites its tail."""
    body = struct.pack("<2sHI", b"II", 42, 8)
    entries = [
        (256, 3, 1, 1),
        (257, 3, 1, 1),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (279, 4, 1, 1),
    ]
    size = 2 + 12 * len(entries) + 4
    for number in range(count):
        after = last_points_to if number == count - 1 else 8 + size * (number + 1)
        body += struct.pack("<H", len(entries))
        body += b"".join(struct.pack("<HHII", *entry) for entry in entries)
        body += struct.pack("<I", after)
    return write(folder, f"directories-{count}.tif", body)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_head(width, height, depth=8, colour=0):
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def bomb_png(folder, side=50_000):
    """A true PNG of side × side pixels, all white, one bit each: kilobytes that unfold to gigabytes."""
    packer = zlib.compressobj(1)
    row = b"\0" + b"\xff" * (side // 8)
    rows = row * 500
    data = b"".join(packer.compress(rows) for _ in range(side // 500)) + packer.flush()
    body = png_head(side, side, 1) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    return write(folder, "bomb.png", body)


def text_bomb_png(folder):
    """A small picture with compressed texts that unfold to 200 MB."""
    text = b"note\0\0" + zlib.compress(b" " * 50_000_000)
    plain = io.BytesIO()
    paper(64, 48).save(plain, "PNG")
    data = plain.getvalue()
    return write(folder, "texts.png", data[:33] + png_chunk(b"zTXt", text) * 4 + data[33:])


def animated(folder, kind="WEBP"):
    shots = [quarters(), *(paper(400, 300, seed=seed) for seed in range(3))]
    path = folder / f"animated.{kind.lower()}"
    shots[0].save(path, kind, save_all=True, append_images=shots[1:], duration=100, lossless=True)
    return path


# --- PDFs, made by hand so that they can lie ------------------------------------------------------


def pdf_bytes(contents, *, size=(612, 792), count=None, trailer=b"", extra=(), resources=b""):
    """A PDF with one page for each content stream. `count` is what it claims, `extra` further objects."""
    first = 4
    page_numbers = [first + 2 * at for at in range(len(contents))]
    kids = " ".join(f"{number} 0 R" for number in page_numbers).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents) if count is None else count),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    box = b"[0 0 %s %s]" % tuple(str(side).encode() for side in size)
    for number, content in zip(page_numbers, contents, strict=True):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> %s >> >>" % (box, number + 1, resources)
        )
        objects.append(stream(content))
    objects += extra
    body, places = b"%PDF-1.7\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    end += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(body))
    return body + end


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def line_of_text(text: str) -> bytes:
    return f"BT /F1 36 Tf 72 700 Td ({text}) Tj ET".encode()


def pdf(folder, pages=6, name="work.pdf", **how):
    """A PDF of real text, with the student's name on each page."""
    contents = [line_of_text(f"{SECRET}, page {number}") for number in range(1, pages + 1)]
    return write(folder, name, pdf_bytes(contents, **how))


def scanned_pdf(folder, pages=60, size=(1654, 2339), name="scanned.pdf"):
    """What a copier mails: each page one JPEG at 200 dpi."""
    sheets = [paper(*size, seed=seed) for seed in range(min(pages, 4))]
    sheets = [sheets[at % len(sheets)] for at in range(pages)]
    path = folder / name
    sheets[0].save(path, "PDF", save_all=True, append_images=sheets[1:], resolution=200)
    return path


def locked_pdf(folder):
    """A PDF that asks for a password: its keys fit no empty one."""
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"ab" * 32,
        b"cd" * 32,
    )
    return pdf(folder, 1, "locked.pdf", trailer=lock)


def endless_pdf(folder, depth=12, width=20):
    """Forms that each draw the next one twenty times over: 20 to the 12th drawings on one page."""
    first = 6  # after catalog, pages, font, page and its content
    forms = []
    for level in range(depth):
        again = b"/X Do " * width if level < depth - 1 else b"0 0 9 9 re f"
        kids = b"/Resources << /XObject << /X %d 0 R >> >>" % (first + level + 1) if level < depth - 1 else b""
        forms.append(stream(again, b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] " + kids))
    data = pdf_bytes([b"/X Do"], extra=forms, resources=b"/XObject << /X %d 0 R >>" % first)
    return write(folder, "endless.pdf", data)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The same file with a few bytes changed, taken away or put in."""
    body = bytearray(data)
    for _ in range(chance.randrange(1, 10)):
        at = chance.randrange(len(body))
        what = chance.randrange(4)
        if what == 0:
            body[at] = chance.randrange(256)
        elif what == 1:
            del body[at : at + chance.randrange(1, 60)]
        elif what == 2:
            body[at:at] = chance.randbytes(chance.randrange(1, 40))
        else:
            body[at : at + 4] = chance.choice(
                [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"PK\x05\x06", b"<!EN"]
            )
        body = body or bytearray(b"\0")
    return bytes(body)
