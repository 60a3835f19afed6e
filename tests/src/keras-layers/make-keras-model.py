"""Writes a tiny model that augments its own images, and what it predicts: keras-2.h5 with Keras 2.15, keras-3.keras with Keras 3.

    venv/bin/pip install tensorflow-cpu==2.15.1      # Keras 2.15; or keras tensorflow-cpu for Keras 3
    venv/bin/python make-keras-model.py
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(5)
model = keras.Sequential(
    [
        layers.Input((12, 10, 1)),
        layers.Rescaling(1 / 255),
        layers.Resizing(9, 8),
        layers.RandomFlip("horizontal", seed=1),
        layers.RandomRotation(0.05, fill_mode="constant", seed=2),
        layers.RandomZoom((-0.1, 0.2), fill_mode="nearest", seed=3),
        layers.RandomTranslation(0.1, (-0.1, 0.2), fill_mode="wrap", seed=4),
        layers.RandomContrast(0.2, seed=5),
        layers.RandomBrightness(0.1, value_range=(0, 1), seed=6),
        layers.CenterCrop(8, 7),
        layers.Conv2D(3, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(2, activation="softmax"),
    ]
)
images = np.random.default_rng(3).integers(0, 256, (4, 12, 10, 1)).astype("float32")
major = keras.__version__.split(".")[0]
here = pathlib.Path(__file__).parent / "__fixtures__"
here.mkdir(exist_ok=True)
model.save(here / ("keras-2.h5" if major == "2" else "keras-3.keras"))
result = {
    "keras": keras.__version__,
    "images": images.reshape(-1).astype(int).tolist(),
    "predictions": model.predict(images, verbose=0).astype("float64").reshape(-1).tolist(),
}
(here / f"keras-{major}.json").write_text(json.dumps(result) + "\n")
