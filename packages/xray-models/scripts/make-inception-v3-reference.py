"""Writes what Keras' InceptionV3 gives for weights and an image made by a formula: src/__fixtures__/inception-v3-reference.json.

    python -m venv venv && venv/bin/pip install keras==3.15 tensorflow-cpu && venv/bin/python make-inception-v3-reference.py

The formula is repeated in src/testing/formula-weights.ts, so that no weights need to be stored.
"""

import json
import pathlib

import keras
import numpy as np

SIZE = 96
LAYERS = ["mixed0", "mixed3", "mixed7", "mixed8", "mixed10"]


def noise(count, offset):
    """Numbers in [-0.5, 0.5) by Knuth's multiplicative hash."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(offset)
    hashed = (index * np.uint64(2654435761)) % np.uint64(2**32)
    hashed ^= hashed >> np.uint64(15)
    return (hashed.astype(np.float64) / 2**32 - 0.5).astype(np.float64)


def fill(layer, number):
    values = []
    for place, weight in enumerate(layer.weights):
        shape, kind = weight.shape, weight.name
        numbers = noise(int(np.prod(shape)), number * 1000 + place * 100).reshape(shape)
        if kind == "kernel":
            numbers = numbers * np.sqrt(24 / np.prod(shape[:-1]))
        elif kind == "moving_variance":
            numbers = numbers + 1
        values.append(numbers.astype(np.float32))
    layer.set_weights(values)


model = keras.applications.InceptionV3(include_top=False, weights=None, input_shape=(SIZE, SIZE, 3))
for layer in model.layers:
    if layer.weights:
        # Keras starts at conv2d, conv2d_1, ...; weight files and this project at conv2d_1.
        kind = "conv2d" if layer.name.startswith("conv2d") else "batch_normalization"
        number = int(layer.name[len(kind) + 1 :] or 0) + 1
        fill(layer, number + (500 if kind == "batch_normalization" else 0))

pixels = noise(SIZE * SIZE * 3, 7).reshape(1, SIZE, SIZE, 3) + 0.5  # in [0, 1)
outputs = keras.Model(model.input, [model.get_layer(name).output for name in LAYERS])(
    (pixels * 2 - 1).astype(np.float32), training=False
)
result = {"size": SIZE, "keras": keras.__version__, "parameters": model.count_params(), "layers": []}
for name, output in zip(LAYERS, outputs):
    values = np.asarray(output)[0]
    flat = values.reshape(-1)
    places = (np.arange(24) * 7919) % flat.size
    result["layers"].append(
        {
            "name": name,
            "shape": list(values.shape),
            "mean": float(flat.mean(dtype=np.float64)),
            "deviation": float(flat.std(dtype=np.float64)),
            "places": places.tolist(),
            "values": [float(value) for value in flat[places]],
        }
    )
path = pathlib.Path(__file__).parent.parent / "src/__fixtures__/inception-v3-reference.json"
path.write_text(json.dumps(result, indent=2) + "\n")
print([(layer["name"], layer["shape"], round(layer["mean"], 4), round(layer["deviation"], 4)) for layer in result["layers"]])
