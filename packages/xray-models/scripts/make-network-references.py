"""Writes what Keras' networks give for weights and an image made by a formula: src/__fixtures__/<network>-reference.json.

    python -m venv venv && venv/bin/pip install keras==3.15 tensorflow-cpu && venv/bin/python make-network-references.py

The formula is repeated in src/__fixtures__/formula-weights.ts, so that no weights need to be stored.
"""

import json
import pathlib

import keras
import numpy as np

SIZE = 96
NETWORKS = {
    "inception-v3": (keras.applications.InceptionV3, {}, ["mixed0", "mixed3", "mixed7", "mixed8", "mixed10"]),
    "mobilenet-v2": (
        keras.applications.MobileNetV2,
        {"alpha": 1.0},
        ["block_2_add", "block_6_project_BN", "block_12_add", "out_relu"],
    ),
}


def noise(count, offset):
    """Numbers in [-0.5, 0.5) by Knuth's multiplicative hash."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(offset)
    hashed = (index * np.uint64(2654435761)) % np.uint64(2**32)
    hashed ^= hashed >> np.uint64(15)
    return hashed.astype(np.float64) / 2**32 - 0.5


def number_of(name):
    """Of a layer, from its name. Keras starts at conv2d, conv2d_1, ...; weight files at conv2d_1."""
    for kind, start in (("conv2d", 0), ("batch_normalization", 500)):
        if name.startswith(kind):
            return int(name[len(kind) + 1 :] or 0) + 1 + start
    return sum((place + 1) * ord(letter) for place, letter in enumerate(name)) % 997


def fill(layer):
    values = []
    for place, weight in enumerate(layer.weights):
        shape, kind = weight.shape, weight.name
        numbers = noise(int(np.prod(shape)), number_of(layer.name) * 1000 + place * 100).reshape(shape)
        if kind.endswith("kernel"):
            is_depthwise = shape[-1] == 1
            numbers = numbers * np.sqrt(24 / np.prod(shape[:2] if is_depthwise else shape[:-1]))
        elif kind in ("moving_variance", "gamma"):
            numbers = numbers + 1
        values.append(numbers.astype(np.float32))
    layer.set_weights(values)


def reference(build, options, names):
    model = build(include_top=False, weights=None, input_shape=(SIZE, SIZE, 3), **options)
    for layer in model.layers:
        if layer.weights:
            fill(layer)
    pixels = noise(SIZE * SIZE * 3, 7).reshape(1, SIZE, SIZE, 3) + 0.5  # in [0, 1)
    parts = keras.Model(model.input, [model.get_layer(name).output for name in names])
    outputs = parts((pixels * 2 - 1).astype(np.float32), training=False)
    layers = []
    for name, output in zip(names, outputs):
        values = np.asarray(output)[0]
        flat = values.reshape(-1)
        places = (np.arange(24) * 7919) % flat.size
        layers.append(
            {
                "name": name,
                "shape": list(values.shape),
                "mean": float(flat.mean(dtype=np.float64)),
                "deviation": float(flat.std(dtype=np.float64)),
                "places": places.tolist(),
                "values": [float(value) for value in flat[places]],
            }
        )
    weighted = [layer.name for layer in model.layers if layer.weights]
    return {"keras": keras.__version__, "size": SIZE, "parameters": model.count_params(), "layers": layers} | (
        {"weightedLayers": weighted} if "conv2d" not in weighted else {}
    )


for network, (build, options, names) in NETWORKS.items():
    result = reference(build, options, names)
    path = pathlib.Path(__file__).parent.parent / f"src/__fixtures__/{network}-reference.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(network, result["parameters"], [(layer["name"], layer["shape"], layer["deviation"]) for layer in result["layers"]])
