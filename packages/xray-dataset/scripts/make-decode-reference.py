"""Writes src/__fixtures__/decode-reference.json: small images of all kinds and what Pillow makes of them.

    pip install pillow numpy tifffile imagecodecs
    python scripts/make-decode-reference.py
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
import tifffile
from PIL import Image, ImageCms, ImageOps

random = np.random.default_rng(7)


def picture(height, width, channels):
    """Smooth shapes plus a little noise, in [0, 1]."""
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    planes = [0.5 + 0.3 * np.sin(9 * x + c) * np.cos(7 * y - c) + 0.2 * (x - y) for c in range(channels)]
    noisy = np.stack(planes, -1) + random.normal(0, 0.03, (height, width, channels))
    return np.clip(noisy, 0, 1)


def base64_of(data):
    return base64.b64encode(data).decode()


def encoded(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return base64_of(buffer.getvalue())


def raw(image):
    array = np.asarray(image)
    return base64_of(array.astype("<u2" if array.dtype != np.uint8 else np.uint8).tobytes())


gray = Image.fromarray((picture(45, 37, 1)[..., 0] * 255).astype(np.uint8))
colour = Image.fromarray((picture(26, 34, 3) * 255).astype(np.uint8))
deep = Image.fromarray((picture(21, 17, 1)[..., 0] * 65535).astype(np.uint16))
alpha = Image.fromarray((picture(12, 15, 1)[..., 0] * 255).astype(np.uint8))
transparent = Image.merge("RGBA", [*colour.crop((0, 0, 15, 12)).split(), alpha])
on_black = Image.alpha_composite(Image.new("RGBA", transparent.size, "black"), transparent).convert("RGB")



def exif(orientation):
    tags = Image.Exif()
    tags[274] = orientation
    return tags


def swapped_profile():
    """A profile that takes red for blue: pictures show whether it was used."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")


def png(array, bits, color):
    """What Pillow cannot write: RGB of 16 bits, gray of 2 and 4."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = array.shape[:2]
    if bits == 16:
        rows = [row.astype(">u2").tobytes() for row in array]
    else:
        digits = [((row[:, None] >> np.arange(bits)[::-1]) & 1).astype(np.uint8).ravel() for row in array]
        rows = [np.packbits(row).tobytes() for row in digits]
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return base64_of(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def tiff(array, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, metadata=None, software=None, **options)
    return base64_of(buffer.getvalue())


def reopened(text):
    return Image.open(io.BytesIO(base64.b64decode(text)))


def decoded(name, file, image, tolerance):
    array = np.asarray(image)
    return {
        "name": name,
        "file": file,
        "height": array.shape[0],
        "width": array.shape[1],
        "channels": 1 if array.ndim == 2 else array.shape[2],
        "bits": 8 if array.dtype == np.uint8 else 16,
        "pixels": raw(array),
        "tolerance": tolerance,
    }


jpeg_gray = encoded(gray, "JPEG", quality=92)
jpeg_colour = encoded(colour, "JPEG", quality=92, subsampling=0)
small = gray.resize((15, 11))
turned = {way: encoded(small, "JPEG", quality=92, exif=exif(way)) for way in range(1, 9)}
palette = colour.quantize(32)
deep_colour = (picture(11, 9, 3) * 65535).astype(np.uint16)
few_levels = (picture(11, 9, 1)[..., 0] * 15).astype(np.uint8)
gray_array = np.asarray(gray)
large = np.tile(np.asarray(colour), (3, 3, 1))
jpegs = {
    "progressive gray jpeg": encoded(gray, "JPEG", quality=92, progressive=True),
    "progressive colour jpeg": encoded(colour, "JPEG", quality=92, progressive=True, subsampling=0),
    "subsampled jpeg": encoded(colour, "JPEG", quality=92, subsampling=2),
    "jpeg with a colour profile": encoded(colour, "JPEG", quality=92, subsampling=0, icc_profile=swapped_profile()),
    "jpeg kept as RGB": encoded(colour, "JPEG", quality=92, keep_rgb=True),
    "cmyk jpeg": encoded(colour.convert("CMYK"), "JPEG", quality=92),
}
webps = {
    "lossy webp": encoded(colour, "WEBP", quality=90),
    "gray webp": encoded(gray.convert("RGB"), "WEBP", lossless=True),
}
transparent_webp = encoded(transparent, "WEBP", lossless=True, exact=True)
gray_transparent = Image.merge("LA", [gray.crop((0, 0, 15, 12)), alpha])
gray_on_black = Image.composite(gray.crop((0, 0, 15, 12)), Image.new("L", alpha.size), alpha)
keyed = encoded(Image.fromarray((few_levels // 4 * 80).astype(np.uint8)), "PNG", transparency=80)
levels = few_levels // 4 * 80
decode = [
    *(decoded(name, file, reopened(file).convert("RGB" if "gray" not in name else "L"), 2) for name, file in jpegs.items()),
    *(decoded(f"jpeg turned {way}", file, ImageOps.exif_transpose(reopened(file)), 1) for way, file in turned.items()),
    *(decoded(name, file, reopened(file).convert("RGB"), 2) for name, file in webps.items()),
    decoded("transparent webp", transparent_webp, on_black, 1),
    decoded("gray png with alpha", encoded(gray_transparent, "PNG"), gray_on_black, 1),
    decoded("gray png with a transparent level", keyed, np.where(levels == 80, 0, levels).astype(np.uint8), 0),
    decoded("16-bit colour png", png(deep_colour, 16, 2), deep_colour, 0),
    decoded("4-bit png", png(few_levels, 4, 0), few_levels * 17, 0),
    decoded("2-bit png", png(few_levels // 4, 2, 0), few_levels // 4 * 85, 0),
    decoded("colour tiff", encoded(colour, "TIFF", compression="tiff_deflate"), colour, 0),
    decoded("planar tiff", tiff(np.moveaxis(np.asarray(colour), -1, 0), photometric="rgb", planarconfig="separate"), colour, 0),
    decoded("tiled tiff", tiff(large, photometric="rgb", tile=(32, 32), compression="zlib"), large, 0),
    decoded("big-endian 16-bit tiff", tiff(np.asarray(deep), byteorder=">"), deep, 0),
    decoded("16-bit lzw tiff", tiff(np.asarray(deep), compression="lzw", predictor=True), deep, 0),
    decoded("tiff whose zero is white", tiff(255 - gray_array, photometric="miniswhite"), gray, 0),
    decoded("1-bit tiff", encoded(gray.convert("1"), "TIFF", compression="group4"), gray.convert("1").convert("L"), 0),
    decoded("gray png", encoded(gray, "PNG"), gray, 0),
    decoded("colour png", encoded(colour, "PNG"), colour, 0),
    decoded("16-bit png", encoded(deep, "PNG"), deep, 0),
    decoded("16-bit tiff", encoded(deep, "TIFF"), deep, 0),
    decoded("palette png", encoded(palette, "PNG"), palette.convert("RGB"), 0),
    decoded("1-bit png", encoded(gray.convert("1"), "PNG"), gray.convert("1").convert("L"), 0),
    decoded("transparent png", encoded(transparent, "PNG"), on_black, 1),
    decoded("gray jpeg", jpeg_gray, reopened(jpeg_gray), 1),
    decoded("colour jpeg", jpeg_colour, reopened(jpeg_colour), 2),
    decoded("lossless webp", encoded(colour, "WEBP", lossless=True), colour, 0),
    decoded("gray tiff", encoded(gray, "TIFF", compression="tiff_lzw"), gray, 0),
]

FITS = {
    "fill": lambda image, size, method: image.resize(size, method),
    "contain": lambda image, size, method: ImageOps.pad(image, size, method),
    "cover": lambda image, size, method: ImageOps.fit(image, size, method),
}
METHODS = {"antialias": Image.BILINEAR, "nearest": Image.NEAREST}
SIZES = [(20, 28), (44, 30)]  # width, height
resize = []
for name, image in {"gray png": gray, "colour png": colour.convert("L"), "colour png as RGB": colour}.items():
    for fit, apply in FITS.items():
        for method, filter in METHODS.items():
            for width, height in SIZES if image.mode == "L" else SIZES[:1]:
                small = apply(image, (width, height), filter)
                resize.append(
                    {
                        "image": name.replace(" as RGB", ""),
                        "channels": len(image.getbands()),
                        "rule": {"height": height, "width": width, "fit": fit, "method": method},
                        "pixels": raw(small),
                    }
                )



def shrunk(height, width, mode, target_height, target_width):
    """Large JPEG files, which Pillow shrinks while loading by `draft`, never below twice the target."""
    array = (picture(height, width, 3) * 255).astype(np.uint8)
    image = Image.fromarray(array).convert(mode)
    file = encoded(image, "JPEG", quality=50, subsampling=0)
    image = reopened(file)
    size = (target_width, target_height)
    _, box = image.draft(None, (2 * target_width, 2 * target_height))
    return {
        "file": file,
        "stored": [image.height, image.width],
        "rule": {"height": target_height, "width": target_width},
        "channels": len(image.getbands()),
        "pixels": raw(image.resize(size, Image.BILINEAR, box=box)),
    }


shrink = [
    shrunk(128, 160, "L", 32, 40),
    shrunk(128, 192, "RGB", 30, 20),
    shrunk(256, 224, "L", 30, 20),
    shrunk(320, 336, "L", 20, 20),
    shrunk(135, 159, "L", 30, 30),
    shrunk(151, 141, "RGB", 16, 17),
    shrunk(175, 199, "L", 9, 11),
]

out = pathlib.Path(__file__).parent.parent / "src/__fixtures__/decode-reference.json"
reference = {
    "madeBy": f"scripts/make-decode-reference.py, Pillow {PIL.__version__}",
    "decode": decode,
    "gray": {"image": "colour png", "pixels": raw(colour.convert("L"))},
    "resize": resize,
    "shrink": shrink,
}
out.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
