"""Writes Keras' InceptionV3 and MobileNetV2 with random weights in every format, and what they give, into a folder (1 GB):

    keras2/bin/python make-whole-networks.py <folder>    # tensorflow-cpu==2.15.1
    keras3/bin/python make-whole-networks.py <folder>    # keras==3.15.1 tensorflow-cpu

tests/src/weights/compare-whole-networks.ts reads it. The files are too large to be kept; the numbers are in docs/pretrained-weights.md.
"""

import json
import pathlib
import sys

import keras
import numpy as np

VERSION = int(keras.__version__.split(".")[0])
SIZES = {"inception-v3": 299, "mobilenet-v2": 224}
BUILDERS = {"inception-v3": keras.applications.InceptionV3, "mobilenet-v2": keras.applications.MobileNetV2}
LAYERS = {
    "inception-v3": [f"mixed{number}" for number in range(11)],
    "mobilenet-v2": [f"block_{number}_add" for number in (2, 4, 5, 7, 8, 9, 11, 12, 14, 15)] + ["out_relu"],
}


def random_weights(model, generator):
    """Such that values neither vanish nor grow on their way, and no two weights are alike."""
    values = []
    for layer in model.layers:
        for weight in layer.weights:
            shape, name = tuple(weight.shape), weight.name.split("/")[-1].split(":")[0]
            if name.endswith("kernel"):
                fan_in = np.prod(shape[:2]) if "depthwise" in layer.name else np.prod(shape[:-1])
                values.append(generator.normal(0, np.sqrt(2 / fan_in), shape))
            elif name in ("gamma", "moving_variance"):
                values.append(generator.uniform(0.6, 1.4, shape))
            else:
                values.append(generator.uniform(-0.2, 0.2, shape))
    return values


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, build in BUILDERS.items():
    keras.backend.clear_session()
    generator = np.random.default_rng(7)
    size = SIZES[name]
    image = generator.uniform(-1, 1, (1, size, size, 3)).astype(np.float32)
    # Of two networks in one session the second is numbered on: conv2d_94 to conv2d_187.
    for session in ("first", "second", "published"):
        if session == "published":  # Keras' own files begin at conv2d_1
            keras.backend.clear_session()
            keras.layers.Conv2D(1, 1), keras.layers.BatchNormalization()
        model = build(include_top=False, weights=None, input_shape=(size, size, 3))
        values = random_weights(model, np.random.default_rng(11))
        place = 0
        for layer in model.layers:
            layer.set_weights(values[place : place + len(layer.weights)])
            place += len(layer.weights)
        stem = folder / f"{name}-keras{VERSION}-{session}"
        model.save(f"{stem}.h5")
        model.save(f"{stem}.keras")
        model.save_weights(f"{stem}.weights.h5")
        if VERSION == 2:
            model.save_weights(f"{stem}-weights.h5")
    parts = keras.Model(model.input, [model.get_layer(layer).output for layer in LAYERS[name]])
    outputs = [np.asarray(output, dtype=np.float32) for output in parts(image, training=False)]
    image.tofile(folder / f"{name}-image.bin")
    np.concatenate([output.reshape(-1) for output in outputs]).tofile(folder / f"{name}-keras{VERSION}.bin")
    facts = {"keras": keras.__version__, "size": size, "layers": LAYERS[name], "shapes": [o.shape[1:] for o in outputs]}
    (folder / f"{name}-keras{VERSION}.json").write_text(json.dumps(facts))
    print(name, facts["keras"], [float(np.abs(output).max()) for output in outputs])
