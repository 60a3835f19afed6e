"""Writes what Keras 3 makes of images with layers whose draws are fixed: src/layers/__fixtures__/keras-layers.json.

    python -m venv venv && venv/bin/pip install keras tensorflow-cpu
    venv/bin/python make-keras-layer-references.py
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
from keras import layers

rng = np.random.default_rng(11)
images = np.round(rng.uniform(0, 1, (2, 7, 6, 2)), 3).astype("float32")
large = np.round(rng.uniform(0, 1, (1, 9, 14, 1)), 3).astype("float32")

FILLS = ["constant", "nearest", "reflect", "wrap"]
WARPS = [
    ("RandomRotation", {"factor": (0.07, 0.07)}),
    ("RandomRotation", {"factor": (-0.31, -0.31)}),
    ("RandomZoom", {"height_factor": (0.43, 0.43), "width_factor": (-0.27, -0.27)}),
    ("RandomZoom", {"height_factor": (0.9, 0.9)}),
    ("RandomTranslation", {"height_factor": (0.23, 0.23), "width_factor": (-0.37, -0.37)}),
    ("RandomTranslation", {"height_factor": (-0.93, -0.93), "width_factor": (0.88, 0.88)}),
]


def case(name, options, inputs, training):
    layer = getattr(layers, name)(**options)
    values = np.asarray(layer(inputs, training=training))
    return {
        "layer": name,
        "config": options,
        "training": training,
        "shape": list(values.shape),
        "values": np.round(values.astype("float64"), 5).reshape(-1).tolist(),
    }


cases = [
    case(name, factors | {"fill_mode": fill, "interpolation": interpolation, "fill_value": 0.25}, images[:1], True)
    for name, factors in WARPS
    for fill in FILLS
    for interpolation in ["bilinear", "nearest"]
]
cases += [
    # Keras checks the bounds of a pair so that this fixes the factor at 1.3.
    case("RandomContrast", {"factor": (-0.3, 0.3), "value_range": (0, 1)}, images, True),
    case("RandomBrightness", {"factor": (0.21, 0.21), "value_range": (0, 1)}, images, True),
    case("RandomBrightness", {"factor": (-0.4, -0.4), "value_range": (-1, 1)}, images, True),
]
resized = [
    case("Resizing", {"height": height, "width": width, "interpolation": interpolation} | fit, large, False)
    for height, width in [(5, 9), (4, 3), (20, 17), (9, 14)]
    for interpolation in ["bilinear", "nearest"]
    for fit in [{}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 0.5}]
    if (height, width) != (20, 17) or not fit
]
resized += [
    case("CenterCrop", {"height": height, "width": width}, large, False)
    for height, width in [(5, 6), (8, 13), (9, 14), (1, 1), (12, 6), (10, 20)]
]
result = {
    "keras": keras.__version__,
    "images": {"shape": list(images.shape), "values": images.reshape(-1).round(3).tolist()},
    "large": {"shape": list(large.shape), "values": large.reshape(-1).round(3).tolist()},
    "cases": cases,
    "resized": resized,
}
path = pathlib.Path(__file__).parent.parent / "src/layers/__fixtures__/keras-layers.json"
path.write_text(json.dumps(result, separators=(",", ":"), default=float) + "\n")
