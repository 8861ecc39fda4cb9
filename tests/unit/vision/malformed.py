"""Malformed, oversized and unusual image files, generated."""

import io
import random
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from functions.vision.image_decoding import MAX_BYTES, PictureProblem

Case = tuple[str, bytes, PictureProblem]


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the image as a file of a format."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def noise(mode: str = "RGB", size: tuple[int, int] = (320, 240), seed: int = 0) -> Image.Image:
    """Return random pixels, which no codec can compress away."""
    generator = random.Random(seed)  # noqa: S311
    count = size[0] * size[1] * len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, size, generator.randbytes(count))


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def claiming(width: int, height: int) -> bytes:
    """Return a small PNG whose header claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000), 9)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def animated(kind: str) -> bytes:
    """Return an animated picture."""
    frames = [noise(seed=seed) for seed in range(3)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


def cases() -> Iterator[Case]:
    """Return about three hundred files, each with its name and the expected rejection reason."""
    yield "no bytes", b"", PictureProblem.EMPTY
    yield "text", "这不是图片 not a picture\n".encode() * 50, PictureProblem.NOT_AN_IMAGE
    yield "html", b"<html><body>hello</body></html>", PictureProblem.NOT_AN_IMAGE
    yield "svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', PictureProblem.NOT_AN_IMAGE
    yield "zeros", bytes(10_000), PictureProblem.NOT_AN_IMAGE
    yield "one pixel", encoded(noise(size=(1, 1)), "PNG"), PictureProblem.TOO_SMALL
    yield "a line", encoded(noise(size=(2000, 1)), "PNG"), PictureProblem.TOO_SMALL
    yield "10,000 squared", claiming(10_000, 10_000), PictureProblem.TOO_LARGE
    yield "a bomb", claiming(60_000, 60_000), PictureProblem.TOO_LARGE
    yield "a true bomb", encoded(Image.new("L", (9_000, 9_000)), "PNG"), PictureProblem.TOO_LARGE
    yield "too many bytes", encoded(noise(size=(1200, 1200)), "PNG"), PictureProblem.TOO_LARGE
    yield "bitmap", encoded(noise(), "BMP"), PictureProblem.UNSUPPORTED
    yield "tiff", encoded(noise(), "TIFF"), PictureProblem.UNSUPPORTED
    yield "gif", animated("GIF"), PictureProblem.UNSUPPORTED
    yield "moving png", animated("PNG"), PictureProblem.UNSUPPORTED
    yield "moving webp", animated("WEBP"), PictureProblem.UNSUPPORTED
    yield "16 bits", encoded(Image.new("I;16", (320, 240), 999), "PNG"), PictureProblem.UNSUPPORTED
    yield from _headers_only()
    yield from _truncated()


def _headers_only() -> Iterator[Case]:
    for name, start in {
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
        "png": b"\x89PNG\r\n\x1a\n",
        "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    }.items():
        yield f"{name} header only", start, PictureProblem.NOT_AN_IMAGE
        yield f"{name} header, then text", start + b"hello " * 500, PictureProblem.NOT_AN_IMAGE


def _truncated() -> Iterator[Case]:
    """Return pictures whose upload was interrupted."""
    for kind in ("JPEG", "PNG"):
        data = encoded(noise(), kind)
        for percent in range(5, 100, 1):
            yield (
                f"{kind} cut at {percent} %",
                data[: len(data) * percent // 100],
                (PictureProblem.TRUNCATED),
            )


def largest() -> bytes:
    """Return a picture of almost the maximum number of pixels."""
    data = encoded(noise(size=(40, 30)).resize((5160, 3870)), "JPEG", quality=60)
    assert len(data) < MAX_BYTES
    return data


def readable() -> Iterator[tuple[str, bytes]]:
    """Return unusual, but valid pictures with their names."""
    yield "cmyk", encoded(noise("CMYK"), "JPEG")
    yield "grey", encoded(noise("L"), "JPEG")
    yield "palette", encoded(noise().quantize(16), "PNG")
    yield "transparent", encoded(noise("RGBA"), "PNG")
    yield "progressive", encoded(noise(), "JPEG", progressive=True)
    yield "webp", encoded(noise(), "WEBP")
    yield "huge exif", encoded(noise(), "JPEG", exif=_exif(60_000))
    yield "broken exif", encoded(noise(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(99))
    yield "bytes after the end", encoded(noise(), "JPEG") + bytes(5000)


def _exif(size: int) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "x" * size
    return exif.tobytes()
