"""Re-encoding: what was uploaded as a picture, drawn anew by us in a few widths; no byte of the upload is kept.

So nothing that hid in the file is ever served: no place where a photograph was taken, no script behind its last point.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageCms, ImageOps

from content.errors import Fault, Invalid

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
ENDINGS = {JPEG: "jpg", PNG: "png", WEBP: "webp"}
WIDTHS = (480, 960, 1600)  # points; no rendition is wider than the picture that was uploaded
MOST_POINTS = 50_000_000  # a larger picture would take hundreds of megabytes once it is unpacked
LONGEST_SIDE = 16_383  # points; WebP knows no more
_READ = ("JPEG", "PNG", "WEBP", "GIF")
_OPAQUE, _CLEAR = "RGB", "RGBA"


@dataclass(frozen=True)
class Drawn:
    """One rendition: its bytes, what they are, and how many points wide and high."""

    body: bytes
    type: str
    width: int
    height: int

    @property
    def hash(self) -> str:
        """The SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.body).hexdigest()


def drawn_anew(uploaded: bytes, pointer: str) -> list[Drawn]:
    """Return a picture's renditions, narrowest first; of each width one in WebP and, after it, one that all can read.

    It stands upright, in sRGB, and bears nothing beside its points. Equal uploads give equal bytes. Raises Invalid at
    `pointer` for what is no still JPEG, PNG, WebP or GIF, is cut off or damaged, or too large to unpack.
    """
    try:
        with catch_warnings():
            # Pillow only warns of what is between one and two times as large as it allows.
            simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(uploaded), formats=_READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused(pointer, _TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _refused(pointer, "is no JPEG, PNG, WebP or GIF picture") from error
    with opened:
        _require_small(opened, pointer)
        readable = PNG if opened.format in ("PNG", "GIF") else JPEG
        # A JPEG of many more points than any rendition is unpacked in a half or a quarter of its size.
        opened.draft(None, (WIDTHS[-1], WIDTHS[-1]))
        try:
            upright = ImageOps.exif_transpose(opened)
            points = _in_plain_colours(upright)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise _refused(pointer, "is cut off or damaged") from error
    return _renditions(points, PNG if points.mode == _CLEAR else readable)


_TOO_LARGE = f"has more than {MOST_POINTS // 1_000_000} million points"


def _refused(pointer: str, detail: str) -> Invalid:
    return Invalid([Fault(pointer, detail)])


def _require_small(opened: Image.Image, pointer: str) -> None:
    width, height = opened.size
    if width * height > MOST_POINTS:
        raise _refused(pointer, _TOO_LARGE)
    if max(width, height) > LONGEST_SIDE:
        raise _refused(pointer, f"is longer than {LONGEST_SIDE} points on one side")
    # What telephones put behind the first picture of such a JPEG is the same once more: deeper, or brighter.
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise _refused(pointer, "moves, and only a still picture can be shown")


def _in_plain_colours(picture: Image.Image) -> Image.Image:
    """Return the points alone, in sRGB, with transparency where there is some."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            known = ImageCms.ImageCmsProfile(BytesIO(profile))
            picture = ImageCms.profileToProfile(  # type: ignore[assignment]
                picture, known, ImageCms.createProfile("sRGB"), outputMode=_OPAQUE
            )
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that nobody can read says nothing about the colours
    mode = _CLEAR if picture.has_transparency_data else _OPAQUE
    small = _sized(picture.convert(mode), min(picture.width, WIDTHS[-1]))
    plain = Image.new(mode, small.size)
    plain.paste(small)
    return plain


def _renditions(points: Image.Image, readable: str) -> list[Drawn]:
    widths = sorted({min(width, points.width) for width in WIDTHS})
    return [_drawn(points, width, kind) for width in widths for kind in (WEBP, readable)]


def _drawn(points: Image.Image, width: int, kind: str) -> Drawn:
    sized, written = _sized(points, width), BytesIO()
    sized.save(written, **_WRITTEN_AS[kind])
    return Drawn(written.getvalue(), kind, *sized.size)


def _sized(points: Image.Image, width: int) -> Image.Image:
    if width == points.width:
        return points
    height = max(1, round(points.height * width / points.width))
    return points.resize((width, height), Image.Resampling.LANCZOS)


_WRITTEN_AS: dict[str, dict[str, Any]] = {
    JPEG: {"format": "JPEG", "quality": 85, "optimize": True, "progressive": True},
    PNG: {"format": "PNG", "optimize": True},
    WEBP: {"format": "WEBP", "quality": 82, "method": 4},
}
