"""Writes src/__fixtures__/pillow-resize.json: Pillow's own results for the resize rules.

    python3 packages/xray-core/scripts/make-resize-fixture.py     (needs NumPy and Pillow 11.3; newer ones change the order of the two passes)
"""

import base64
import json
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageOps

METHODS = {"antialias": Image.Resampling.BILINEAR, "nearest": Image.Resampling.NEAREST}
# source height, width, channels -> target height, width
SHAPES = [
    (16, 16, 1, 16, 16),
    (40, 30, 1, 11, 13),
    (13, 17, 1, 29, 31),
    (57, 83, 1, 24, 24),
    (24, 90, 1, 28, 28),
    (90, 21, 1, 32, 16),
    (37, 41, 3, 20, 12),
    (9, 11, 3, 16, 33),
    (1, 5, 1, 4, 4),
    (28, 3, 1, 7, 7),
]


def encode(array):
    return base64.b64encode(np.ascontiguousarray(array, dtype=np.uint8).tobytes()).decode()


def main():
    random = np.random.default_rng(7)
    cases = []
    for height, width, channels, target_height, target_width in SHAPES:
        pixels = random.integers(0, 256, (height, width, channels), dtype=np.uint8)
        image = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
        size = (target_width, target_height)
        for method, resample in METHODS.items():
            for fit, result in {
                "fill": image.resize(size, resample),
                "contain": ImageOps.pad(image, size, resample),
                "cover": ImageOps.fit(image, size, resample),
            }.items():
                cases.append(
                    {
                        "source": {"height": height, "width": width, "channels": channels, "pixels": encode(pixels)},
                        "rule": {"height": target_height, "width": target_width, "fit": fit, "method": method},
                        "pixels": encode(np.asarray(result)),
                    }
                )
    target = Path(__file__).parent.parent / "src" / "__fixtures__" / "pillow-resize.json"
    target.write_text(json.dumps({"pillow": PIL.__version__, "cases": cases}) + "\n")


main()
