"""From any picture to a page: upright, sRGB, no larger than a page, and with nothing in it but what can be seen."""

# ruff: noqa: PLC0415  (Pillow is imported by the program that opens a file, after its limits stand)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .base import Refusal

if TYPE_CHECKING:
    from PIL import Image

WHITE = (255, 255, 255)
ORIENTATION_TAG = 0x0112


def to_page(image: Image.Image, long_side: int) -> Image.Image:
    """Turn a loaded picture of any mode into an upright sRGB one of at most `long_side` pixels.

    Never enlarges. Transparency becomes white paper. The result carries no metadata at all.
    """
    turn = _turn(image)
    profile = image.info.get("icc_profile")
    if image.mode in {"I", "F"}:
        image = _levels(image)
    # Leaves at least twice the wanted size, where Lanczos still has all it can use.
    factor = max(1, max(image.size) // (2 * long_side))
    small = _shrink(image, factor, keep_cmyk=bool(profile))
    size = fit(image.size, long_side)
    if small.size != size:
        # The box leaves out what rounding added at the right and the bottom.
        exact = (0, 0, image.width / factor, image.height / factor)
        small = small.resize(size, lanczos(), box=exact)
    small = _to_srgb(small, profile)
    if turn is not None:
        small = small.transpose(turn)
    small.info = {}
    return small


def lanczos() -> Any:
    from PIL import Image

    return Image.Resampling.LANCZOS


def fit(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    share = min(1.0, long_side / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _turn(image: Image.Image) -> Any:
    """How to turn the picture so that it stands upright, by its EXIF; None when it does."""
    from PIL import Image

    if image.format == "HEIF":  # turned by its own container; its EXIF must be ignored
        return None
    try:
        orientation = image.getexif().get(ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001  (any damage in metadata that we drop anyway)
        return None
    turns = Image.Transpose
    return {
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_270,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_90,
    }.get(orientation)


def _shrink(image: Image.Image, factor: int, *, keep_cmyk: bool) -> Image.Image:
    """Reduce by a whole factor, a strip at a time, into a plain mode.

    So a picture of 100 megapixels is never in memory twice, whatever its mode.
    """
    from PIL import Image

    width, height = image.size
    rows = factor * max(1, 4_000_000 // max(1, width * factor))
    canvas: Image.Image | None = None
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        strip = _plain(strip, keep_cmyk=keep_cmyk)
        if factor > 1:
            strip = strip.reduce(factor)
        if canvas is None:
            canvas = Image.new(strip.mode, (strip.width, -(-height // factor)))
        canvas.paste(strip, (0, top // factor))
    if canvas is None:
        raise Refusal("damaged")
    return canvas


def _plain(image: Image.Image, *, keep_cmyk: bool) -> Image.Image:
    """One of L, RGB or (where a colour profile will read it) CMYK, without transparency."""
    from PIL import Image

    mode = image.mode
    if mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", image.size, WHITE)
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    if mode in {"L", "RGB"} or (mode == "CMYK" and keep_cmyk):
        return image
    if mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if mode == "LAB":
        return _lab_to_rgb(image)
    return image.convert("L" if mode == "1" else "RGB")


def _levels(image: Image.Image) -> Image.Image:
    """32-bit grey: its range is not written anywhere, so take 1, 8, 16 bits or what there is."""
    extrema: Any = image.getextrema()
    top = float(extrema[1])
    full = next((full for full in (1.0, 255.0, 65535.0) if top <= full), top)
    if image.mode == "I" and full == 1.0:
        full = 255.0
    return image.point(lambda value: value * (255.0 / full)).convert("L")


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    from PIL import ImageCms

    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    if converted is None:
        raise Refusal("damaged")
    return converted


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Apply the colour profile, so that it can be dropped. A broken one is as good as none."""
    if profile:
        import io

        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                srgb = ImageCms.createProfile("sRGB")
                converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def open_image(format_name: str, source: str) -> Any:
    """Open a picture with one decoder alone, whatever else the file may be."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # `check_pixels` knows better, and says why
    return Image.open(source, formats=[format_name])


def load_pillow() -> None:
    """What every kind needs: the pages are written as JPEG and WebP."""
    from PIL import Image, JpegImagePlugin, WebPImagePlugin  # noqa: F401


def check_pixels(size: tuple[int, int], most: int) -> None:
    if size[0] < 1 or size[1] < 1:
        raise Refusal("damaged")
    if size[0] * size[1] > most:
        raise Refusal("too_many_pixels", width=size[0], height=size[1])


def single_page(format_name: str, source: str, job: dict[str, Any]) -> Image.Image:
    """The one page of a picture; Raises Refusal and what Pillow raises."""
    with open_image(format_name, source) as image:
        check_pixels(image.size, job["limits"]["pixels"])
        image.load()
        return to_page(image, job["page_long_side"])
