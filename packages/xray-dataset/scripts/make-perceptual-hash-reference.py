"""Writes src/__fixtures__/perceptual-hash-reference.json: small gray and RGB images and what imagehash.phash makes of them.

    pip install imagehash==4.3.2 pillow numpy scipy && python3 scripts/make-perceptual-hash-reference.py

imagehash resizes with Lanczos' filter, this package with the triangle of its one resize. `hash` is therefore taken of the
image as Pillow's BILINEAR leaves it, `lanczos` of the image itself. No image is taller than wide, where versions of Pillow
differ by a gray level.
"""

import base64
import json
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

random = np.random.default_rng(7)


def smooth(height, width, channels):
    """A few soft spots and some noise, as in an X-ray."""
    y, x = np.mgrid[0:1 : height * 1j, 0:1 : width * 1j]
    layers = []
    for _ in range(channels):
        layer = np.zeros((height, width))
        for _ in range(7):
            cx, cy, sx, sy = random.uniform([0, 0, 0.08, 0.08], [1, 1, 0.4, 0.4])
            layer += random.uniform(-1, 1) * np.exp(-(((x - cx) / sx) ** 2) - ((y - cy) / sy) ** 2)
        layer = (layer - layer.min()) / (layer.max() - layer.min()) * 220 + 10
        layers.append(layer + random.normal(0, 4, layer.shape))
    pixels = np.clip(np.stack(layers, -1), 0, 255).astype(np.uint8)
    return pixels[..., 0] if channels == 1 else pixels


images = []
for height, width, channels in [(32, 32, 1)] * 6 + [(32, 32, 3)] * 2 + [(48, 64, 1)] * 3 + [(40, 50, 3), (70, 90, 1)]:
    image = Image.fromarray(smooth(height, width, channels))
    gray = image.convert("L")
    images.append(
        {
            "height": height,
            "width": width,
            "channels": channels,
            "pixels": base64.b64encode(image.tobytes()).decode(),
            "hash": str(imagehash.phash(gray.resize((32, 32), Image.Resampling.BILINEAR))),
            "lanczos": str(imagehash.phash(image)),
        }
    )

target = Path(__file__).parent.parent / "src" / "__fixtures__" / "perceptual-hash-reference.json"
target.write_text(json.dumps({"imagehash": imagehash.__version__, "images": images}) + "\n")
