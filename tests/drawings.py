"""Pictures for tests, drawn as they are needed; each with what somebody might upload beside its points."""

import math
import struct
import zlib
from io import BytesIO

from PIL import Image, ImageDraw


def a_drawing(width=1000, height=600, *, kind="JPEG", colour=(20, 120, 90), mode="RGB", **saved):
    """The bytes of a picture of one colour, its left half darker, so that its sides are known apart."""
    drawn = Image.new(mode, (width, height), colour)
    drawn.paste(tuple(part // 2 for part in colour), (0, 0, width // 2, height))
    return _bytes(drawn, kind, **saved)


def hills(width=1600, height=900):
    """The bytes of a drawing of hills before an evening's sky."""
    drawn = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(drawn)
    for line in range(height):
        part = line / height
        pen.line(
            (0, line, width, line), fill=(245 - int(40 * part), 196 - int(20 * part), 150 + int(50 * part))
        )
    pen.ellipse((1050, 240, 1250, 440), fill=(255, 238, 200))
    for top, colour in ((430, (126, 160, 158)), (540, (84, 130, 126)), (660, (46, 96, 92))):
        pen.polygon(_ridge(top, width, height), fill=colour)
    pen.line([(760, 900), (820, 800), (770, 730), (840, 660)], fill=(240, 226, 196), width=18, joint="curve")
    return _bytes(drawn, "JPEG", quality=92)


def _ridge(top, width, height):
    waves = [(place, top + int(60 * math.sin(place / 190 + top))) for place in range(0, width + 1, 10)]
    return [(0, height), *waves, (width, height)]


def a_photograph(width=1000, height=600, *, orientation=1):
    """The bytes of a JPEG that says where it was taken, by which camera, and which way it is to be turned."""
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return a_drawing(width, height, exif=exif)


def a_moving_picture():
    """The bytes of a GIF of two frames."""
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    return _bytes(frames[0], "GIF", save_all=True, append_images=frames[1:])


def a_bomb(width=30_000, height=30_000):
    """A PNG of a few bytes that says that it is enormous."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def opened(body):
    """The picture that some bytes are."""
    return Image.open(BytesIO(body))


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _bytes(drawn, kind, **saved):
    written = BytesIO()
    drawn.save(written, kind, **saved)
    return written.getvalue()
