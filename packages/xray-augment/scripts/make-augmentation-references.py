"""Writes what SciPy, scikit-image, OpenCV and NumPy make of two images: src/__fixtures__/augmentation-references.json.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-image opencv-python-headless pillow
    venv/bin/python make-augmentation-references.py
"""

import io
import json
import pathlib

import cv2
import numpy as np
from PIL import Image
from scipy import ndimage, stats
from skimage import exposure, filters

rng = np.random.default_rng(7)
small = rng.integers(0, 256, (13, 11)).astype(np.uint8)
# Smooth enough for histograms to have a shape, and of a size that eight tiles do not divide.
large = np.clip(ndimage.gaussian_filter(rng.normal(110, 160, (45, 50)), 2) * 2 - 90, 0, 255).astype(np.uint8)
even = large[:40, :48].copy()
unit = small / 255.0

MODES = {"constant": "grid-constant", "edge": "nearest", "reflect": "reflect", "wrap": "grid-wrap"}


def rounded(values):
    return np.round(np.asarray(values, dtype=np.float64), 5).reshape(-1).tolist()


def affine(parameters):
    """Flip, zoom of each axis, shear, rotate and move about the centre, as matrices of x and y pointing down."""
    height, width = small.shape
    angle, lean = np.radians(parameters["rotation"]), np.tan(np.radians(parameters["shear"]))
    flip = np.diag([-1.0 if parameters["flipped"] else 1.0, 1.0])
    zoom = np.diag([parameters.get("stretchX", 1), parameters.get("stretchY", 1)]) * parameters["zoom"]
    shear = np.array([[1, -lean], [0, 1]])
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    inverse = np.linalg.inv(rotation @ shear @ zoom @ flip)
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    moved = np.array([parameters["translationX"] * width, parameters["translationY"] * height])
    offset = centre - inverse @ (centre + moved)
    swap = [[inverse[1, 1], inverse[1, 0]], [inverse[0, 1], inverse[0, 0]]]  # SciPy counts rows first
    return np.array(swap), offset[::-1]


base = {"rotation": 0, "shear": 0, "zoom": 1, "translationX": 0, "translationY": 0, "flipped": False}
draws = [
    base | {"rotation": 23.0},
    base | {"shear": 14.0},
    base | {"zoom": 1.37},
    base | {"zoom": 0.61},
    base | {"translationX": 0.21, "translationY": -0.13},
    {"rotation": -41.0, "shear": 9.0, "zoom": 0.83, "translationX": 0.11, "translationY": 0.07, "flipped": True},
    base | {"rotation": 17.0, "zoom": 1.1, "stretchX": 1.4, "stretchY": 0.7},
]
warps = []
for draw in draws:
    matrix, offset = affine(draw)
    for fill, mode in MODES.items():
        for order, interpolation in enumerate(["nearest", "bilinear"]):
            values = ndimage.affine_transform(unit, matrix, offset, order=order, mode=mode, cval=0.25)
            warps.append({"parameters": draw, "fill": fill, "interpolation": interpolation, "values": rounded(values)})

right, down = rng.normal(0, 1.7, small.shape), rng.normal(0, 1.7, small.shape)
rows, columns = np.mgrid[: small.shape[0], : small.shape[1]]
fields = [
    {"fill": fill, "values": rounded(ndimage.map_coordinates(unit, [rows + down, columns + right], order=1, mode=mode))}
    for fill, mode in MODES.items()
]

# Images whose levels fall on halves: 510 of 511 pixels are above the lowest level.
halves = np.concatenate([[0], np.repeat(np.arange(1, 31), 17)]).astype(np.uint8).reshape(7, 73)
noise = rng.uniform(-3, 3, (12, 15))



def through_jpeg(image, quality):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file)).reshape(-1).tolist()


def through_small(image, factor):
    height, width = image.shape
    size = (max(1, int(width / factor + 0.5)), max(1, int(height / factor + 0.5)))
    small = Image.fromarray(image).resize(size, Image.BILINEAR)
    return np.asarray(small.resize((width, height), Image.BILINEAR)).reshape(-1).tolist()


dim = (60 + small / 4).astype(np.uint8)
low, high = np.percentile(unit, [1.7, 96.2])
result = {
    "small": {"height": small.shape[0], "width": small.shape[1], "pixels": small.reshape(-1).tolist()},
    "large": {"height": large.shape[0], "width": large.shape[1], "pixels": large.reshape(-1).tolist()},
    "even": {"height": even.shape[0], "width": even.shape[1], "pixels": even.reshape(-1).tolist()},
    "halves": {"height": halves.shape[0], "width": halves.shape[1], "pixels": halves.reshape(-1).tolist()},
    "warps": warps,
    "displacement": {"right": rounded(right), "down": rounded(down), "warped": fields},
    "smoothed": {
        "noise": rounded(noise),
        "values": rounded(ndimage.gaussian_filter(noise, 2.3, mode="constant")),
        "sigma": 2.3,
        "height": 12,
        "width": 15,
    },
    "blur": [{"sigma": s, "values": rounded(ndimage.gaussian_filter(unit, s))} for s in (0.6, 1.3, 4.0)],
    "sharpened": {"amount": 0.8, "sigma": 1.2, "values": rounded(filters.unsharp_mask(unit, radius=1.2, amount=0.8))},
    "gamma": {"gamma": 0.7, "values": rounded(exposure.adjust_gamma(unit, 0.7))},
    "brightness": {"change": 0.3, "values": rounded(np.clip(unit + 0.3, 0, 1))},
    "contrast": {"factor": 1.6, "values": rounded(np.clip(unit.mean() + 1.6 * (unit - unit.mean()), 0, 1))},
    "window": {
        "low": 1.7,
        "high": 96.2,
        "values": rounded(exposure.rescale_intensity(unit, in_range=(low, high), out_range=(0, 1))),
    },
    "rescaled": {
        "pixels": dim.reshape(-1).tolist(),
        "values": rounded(exposure.rescale_intensity(dim / 255.0, out_range=(0, 1))),
    },
    "jpeg": [{"quality": q, "values": through_jpeg(large, q)} for q in (90, 50, 25, 10)],
    "resolution": [{"factor": f, "values": through_small(large, f)} for f in (1.5, 2, 3)],
    "equalized": {
        name: cv2.equalizeHist(image).reshape(-1).tolist()
        for name, image in (("large", large), ("even", even), ("small", small), ("halves", halves))
    },
    # Where a tenth, two tenths and so on of the draws lie below.
    "deciles": {
        "normal": rounded(stats.norm.ppf(np.arange(1, 10) / 10)),
        "beta": [
            {"alpha": alpha, "values": stats.beta.ppf(np.arange(1, 10) / 10, alpha, alpha).tolist()}
            for alpha in (0.05, 0.2, 1.0, 7.0)
        ],
    },
    "clahe": [
        {
            "image": name,
            "clipLimit": limit,
            "tiles": tiles,
            "values": cv2.createCLAHE(limit, (tiles, tiles)).apply(image).reshape(-1).tolist(),
        }
        for name, image in (("large", large), ("even", even))
        for limit, tiles in ((1.0, 8), (3.5, 4), (40.0, 2))
    ],
}
path = pathlib.Path(__file__).parent.parent / "src/__fixtures__/augmentation-references.json"
path.write_text(json.dumps(result) + "\n")
print(path.stat().st_size, "bytes")
