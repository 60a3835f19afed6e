"""Writes small networks as Keras writes them, and what Keras gives for them: src/__fixtures__/keras/<keras2|keras3>/.

    python -m venv keras2 && keras2/bin/pip install tensorflow-cpu==2.15.1 && keras2/bin/python make-keras-files.py
    python -m venv keras3 && keras3/bin/pip install keras==3.15.1 tensorflow-cpu && keras3/bin/python make-keras-files.py

Each run writes the files of the Keras it finds: whole models (.h5, .keras), weights alone (.weights.h5 and, by Keras 2, the older
.h5), and reference.json with the outputs for an image made by the formula of src/__fixtures__/formula-weights.ts.
"""

import json
import pathlib

import keras
import numpy as np
from keras import layers

VERSION = int(keras.__version__.split(".")[0])
FOLDER = pathlib.Path(__file__).parent.parent / f"src/__fixtures__/keras/keras{VERSION}"
SIZE = 12


def noise(count, offset):
    """Numbers in [-0.5, 0.5) by Knuth's multiplicative hash."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(offset)
    hashed = (index * np.uint64(2654435761)) % np.uint64(2**32)
    hashed ^= hashed >> np.uint64(15)
    return hashed.astype(np.float64) / 2**32 - 0.5


def every_layer():
    """One of every kind of layer that image classifiers of Keras and TensorFlow.js share, most of them unnamed."""
    image = keras.Input((SIZE, SIZE, 1), name="image")
    x = layers.Rescaling(2.0, offset=-1.0)(image)
    x = layers.Conv2D(4, 3, padding="same", use_bias=False, kernel_regularizer=keras.regularizers.L2(1e-4))(x)
    x = layers.BatchNormalization(scale=False)(x)
    x = layers.ReLU(max_value=6.0)(x)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
    x = layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2, depthwise_initializer="he_normal")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-2)(x)
    x = layers.LeakyReLU(0.2)(x)
    left = layers.SeparableConv2D(6, 3, padding="same")(x)
    left = layers.ELU()(left)
    right = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    right = layers.Conv2D(6, 1, activation="relu", bias_initializer=keras.initializers.Constant(0.1))(right)
    right = layers.PReLU(shared_axes=[1, 2])(right)
    x = layers.Add()([left, right])
    x = layers.Concatenate()([x, left, right])
    x = layers.LayerNormalization()(x)
    x = layers.Conv2DTranspose(5, 2, strides=2, activation="tanh")(x)
    x = layers.Cropping2D(1)(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.UpSampling2D(2)(x)
    x = layers.GaussianNoise(0.1)(x)
    gate = layers.GlobalAveragePooling2D()(x)
    gate = layers.Dense(5, activation="sigmoid", kernel_regularizer=keras.regularizers.L1L2(1e-5, 1e-4))(gate)
    gate = layers.Reshape((1, 1, 5))(gate)
    x = layers.Multiply()([x, gate])
    x = layers.Activation("swish")(x)
    pooled = layers.GlobalMaxPooling2D()(x)
    x = layers.Permute((3, 1, 2))(x)
    x = layers.Flatten()(x)
    x = layers.Dense(7, activation="gelu", kernel_constraint=keras.constraints.MaxNorm(3.0))(x)
    shared = layers.Dense(7, activation="softplus", name="shared")
    pooled = shared(layers.Dense(7, activation="elu")(pooled))
    x = layers.Average()([shared(x), pooled])
    x = layers.Maximum()([x, pooled])
    x = layers.Multiply()([x, layers.Minimum()([x, pooled])])
    x = layers.Dropout(0.3, seed=3)(x)
    x = layers.Rescaling(0.02)(layers.Dense(3)(x))  # so that no class is certain
    x = layers.Softmax()(x)
    return keras.Model(image, x, name="every_layer")


def sequential():
    """The shape of the reference study's networks."""
    return keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 1)),
            layers.Conv2D(4, (3, 3), activation="relu"),
            layers.MaxPooling2D((2, 2)),
            layers.Conv2D(4, (3, 3), activation="relu", padding="same"),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(3, activation="softmax"),
        ],
        name="study_cnn",
    )


def nested():
    """Transfer learning as Keras' guides do it: a frozen model, called in a model, and a sequential head."""
    inner = keras.Input((SIZE, SIZE, 1))
    x = layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="inner_conv")(inner)
    x = layers.BatchNormalization(name="inner_norm")(x)
    x = layers.Conv2D(6, 3, padding="same", name="inner_last")(layers.Activation("relu")(x))
    base = keras.Model(inner, x, name="base")
    base.trainable = False
    head = keras.Sequential(
        [keras.Input((6,)), layers.Dense(5, activation="relu"), layers.BatchNormalization()], name="head"
    )
    image = keras.Input((SIZE, SIZE, 1))
    x = base(image, training=False)
    x = head(layers.GlobalAveragePooling2D()(x))
    x = layers.Dense(3, activation="softmax", name="probabilities")(x)
    return keras.Model(image, x, name="nested")


def recurrent():
    """Layers within layers, and settings of theirs that TensorFlow.js calls otherwise. The rows of the image are a sequence."""
    image = keras.Input((SIZE, SIZE, 1))
    x = layers.Reshape((SIZE, SIZE))(image)
    dense = layers.Dense(
        5, activation="silu", kernel_initializer="lecun_normal", kernel_regularizer=keras.regularizers.L2(1e-4)
    )
    x = layers.TimeDistributed(dense)(x)
    x = layers.TimeDistributed(layers.LeakyReLU(0.05))(x)
    x = layers.LSTM(4)(x)
    x = layers.Dense(3, activation="softmax")(x)
    return keras.Model(image, x, name="recurrent")


def augmented():
    """With layers of which TensorFlow.js lacks some and computes others differently."""
    return keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 1)),
            layers.Resizing(9, 10),
            layers.RandomFlip("horizontal", seed=1),
            layers.RandomRotation(0.05, fill_mode="constant"),
            layers.RandomZoom(0.1),
            layers.RandomContrast(0.2),
            layers.Conv2D(3, 3, activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, activation="softmax"),
        ],
        name="augmented",
    )


def fill(model):
    """Every weight gets its own numbers, so that no two can be mixed up."""
    values = []
    for place, weight in enumerate(model.get_weights()):
        if weight.dtype != np.float32:
            values.append(weight)  # the state of a random generator
            continue
        fan_in = max(1, int(np.prod(weight.shape[:-1])))
        numbers = noise(weight.size, 1000 * (place + 1)).reshape(weight.shape) * np.sqrt(24 / fan_in)
        values.append(np.abs(numbers) + 0.2 if weight.ndim == 1 else numbers)  # variances are positive
    model.set_weights(values)


FOLDER.mkdir(parents=True, exist_ok=True)
reference = {"keras": keras.__version__, "size": SIZE, "models": {}}
for build in (every_layer, sequential, nested, recurrent, augmented):
    keras.backend.clear_session()
    if build is every_layer:
        layers.Conv2D(1, 1)  # so that the names of the session's layers do not start at conv2d
    model = build()
    fill(model)
    name = build.__name__
    whole = FOLDER / f"{name}.h5"
    model.save(whole)
    model.save(FOLDER / f"{name}.keras")
    model.save_weights(FOLDER / f"{name}.weights.h5")
    if VERSION == 2:
        model.save_weights(FOLDER / f"{name}-weights.h5")
    pixels = noise(2 * SIZE * SIZE, 7).reshape(2, SIZE, SIZE, 1) + 0.5
    pixels[1] **= 4  # a dark image beside a light one
    outputs = np.asarray(model(pixels.astype(np.float32), training=False))
    reference["models"][name] = {
        "parameters": model.count_params(),
        "layers": [layer.name for layer in model.layers if layer.weights],
        "outputs": outputs.astype(float).tolist(),
    }
    print(name, model.count_params(), outputs)
(FOLDER / "reference.json").write_text(json.dumps(reference, indent=1) + "\n")
