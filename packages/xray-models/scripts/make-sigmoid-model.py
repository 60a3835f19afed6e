"""Writes small Keras models as public ones for pneumonia are, and what Keras gives for them: src/__fixtures__/keras/sigmoid/.

    python -m venv keras3 && keras3/bin/pip install keras==3.15.1 tensorflow-cpu && keras3/bin/python make-sigmoid-model.py

- sigmoid.h5, sigmoid.keras: one sigmoid output, images divided by 255; trained for three steps in Keras.
- alphabet.h5: softmax over classes in the order of folder names, BACTERIA, NORMAL, VIRUS; takes pixels in [0, 255].

reference.json holds the outputs for two images made by the formula of src/__fixtures__/formula-weights.ts, and the loss of the first
training steps of the sigmoid model with plain gradient descent on binary cross-entropy.
"""

import json
import pathlib

import keras
import numpy as np
from keras import layers

FOLDER = pathlib.Path(__file__).parent.parent / "src/__fixtures__/keras/sigmoid"
SIZE = 12
RATE = 0.02
STEPS = 3


def noise(count, offset):
    """Numbers in [-0.5, 0.5) by Knuth's multiplicative hash."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(offset)
    hashed = (index * np.uint64(2654435761)) % np.uint64(2**32)
    hashed ^= hashed >> np.uint64(15)
    return hashed.astype(np.float64) / 2**32 - 0.5


def network(outputs, activation, rescale):
    front = [layers.Rescaling(1 / 255)] if rescale else []
    return keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 1)),
            *front,
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(outputs, activation=activation),
        ]
    )


def fill(model):
    values = []
    for place, weight in enumerate(model.get_weights()):
        fan_in = max(1, int(np.prod(weight.shape[:-1])))
        values.append(noise(weight.size, 1000 * (place + 1)).reshape(weight.shape) * np.sqrt(24 / fan_in))
    model.set_weights(values)


FOLDER.mkdir(parents=True, exist_ok=True)
pixels = (noise(2 * SIZE * SIZE, 7).reshape(2, SIZE, SIZE, 1) + 0.5).astype(np.float32)
pixels[1] **= 4  # a dark image beside a light one

sigmoid = network(1, "sigmoid", rescale=False)
fill(sigmoid)
sigmoid.save(FOLDER / "sigmoid.h5")
sigmoid.save(FOLDER / "sigmoid.keras")
alphabet = network(3, "softmax", rescale=True)
fill(alphabet)
alphabet.save(FOLDER / "alphabet.h5")
reference = {
    "keras": keras.__version__,
    "size": SIZE,
    "sigmoid": np.asarray(sigmoid(pixels)).astype(float).ravel().tolist(),
    "alphabet": np.asarray(alphabet(pixels * 255)).astype(float).tolist(),
    "rate": RATE,
}
sigmoid.compile(keras.optimizers.SGD(RATE), loss="binary_crossentropy")
reference["losses"] = [float(sigmoid.train_on_batch(pixels, np.array([[0.0], [1.0]]))) for _ in range(STEPS)]
(FOLDER / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")
print(reference)
