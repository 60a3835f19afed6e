"""Writes src/__fixtures__/decode-reference.json: small images of all kinds and what Pillow makes of them.

    pip install pillow numpy
    python scripts/make-decode-reference.py
"""

import base64
import io
import json
import pathlib

import numpy as np
import PIL
from PIL import Image, ImageOps

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

exif = Image.Exif()
exif[274] = 6  # turned a quarter


def reopened(text):
    return Image.open(io.BytesIO(base64.b64decode(text)))


def decoded(name, file, image, tolerance):
    channels = len(image.getbands())
    return {
        "name": name,
        "file": file,
        "height": image.height,
        "width": image.width,
        "channels": channels,
        "bits": 16 if image.mode.startswith("I;16") else 8,
        "pixels": raw(image),
        "tolerance": tolerance,
    }


jpeg_gray = encoded(gray, "JPEG", quality=92)
jpeg_colour = encoded(colour, "JPEG", quality=92, subsampling=0)
jpeg_turned = encoded(gray, "JPEG", quality=92, exif=exif)
palette = colour.quantize(32)
decode = [
    decoded("gray png", encoded(gray, "PNG"), gray, 0),
    decoded("colour png", encoded(colour, "PNG"), colour, 0),
    decoded("16-bit png", encoded(deep, "PNG"), deep, 0),
    decoded("16-bit tiff", encoded(deep, "TIFF"), deep, 0),
    decoded("palette png", encoded(palette, "PNG"), palette.convert("RGB"), 0),
    decoded("1-bit png", encoded(gray.convert("1"), "PNG"), gray.convert("1").convert("L"), 0),
    decoded("transparent png", encoded(transparent, "PNG"), on_black, 1),
    decoded("gray jpeg", jpeg_gray, reopened(jpeg_gray), 1),
    decoded("colour jpeg", jpeg_colour, reopened(jpeg_colour), 2),
    decoded("turned jpeg", jpeg_turned, ImageOps.exif_transpose(reopened(jpeg_turned)), 1),
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

out = pathlib.Path(__file__).parent.parent / "src/__fixtures__/decode-reference.json"
reference = {
    "madeBy": f"scripts/make-decode-reference.py, Pillow {PIL.__version__}",
    "cmykJpeg": encoded(colour.convert("CMYK"), "JPEG", quality=92),
    "decode": decode,
    "gray": {"image": "colour png", "pixels": raw(colour.convert("L"))},
    "resize": resize,
}
out.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
