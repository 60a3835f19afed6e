"""Writes the configs that Keras saves for its image layers: src/layers/__fixtures__/keras-<major version>-configs.json.

    venv/bin/pip install tensorflow-cpu==2.15.1      # Keras 2.15; or keras tensorflow-cpu for Keras 3
    venv/bin/python make-keras-layer-configs.py
"""

import inspect
import json
import pathlib

import keras
from keras import layers

made = [
    layers.RandomFlip("horizontal", seed=3),
    layers.RandomFlip(),
    layers.RandomRotation(0.1, name="turn"),
    layers.RandomRotation((-0.1, 0.2), fill_mode="constant", fill_value=0.5, interpolation="nearest"),
    layers.RandomZoom(0.1),
    layers.RandomZoom((-0.1, 0.2), (0.1, 0.2), fill_mode="wrap", seed=7),
    layers.RandomTranslation(0.1, (0.0, 0.1), fill_mode="nearest"),
    layers.RandomContrast(0.2),
    layers.RandomContrast((0.1, 0.3), seed=1),
    layers.RandomBrightness(0.2, value_range=(0, 1)),
    layers.RandomBrightness((-0.1, 0.3)),
    layers.Resizing(4, 5),
    layers.Resizing(4, 5, interpolation="nearest", crop_to_aspect_ratio=True),
    layers.CenterCrop(4, 5),
    layers.Rescaling(1 / 255, offset=-0.5),
]
saved = [json.loads(json.dumps(keras.saving.serialize_keras_object(layer))) for layer in made]
result = {
    "keras": keras.__version__,
    "layers": [{"class_name": each["class_name"], "config": each["config"]} for each in saved],
    "fields": {
        each["class_name"]: sorted({"name", "trainable", "dtype", *inspect.signature(type(layer).__init__).parameters})
        for each, layer in zip(saved, made)
    },
}
major = keras.__version__.split(".")[0]
path = pathlib.Path(__file__).parent.parent / f"src/layers/__fixtures__/keras-{major}-configs.json"
path.write_text(json.dumps(result, indent=1) + "\n")
