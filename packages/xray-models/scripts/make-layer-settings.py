"""Writes one small network for every layer and setting below, as Keras saves it, and what Keras gives for it, into a folder:

    keras2/bin/python make-layer-settings.py <folder>    # tensorflow-cpu==2.15.1
    keras3/bin/python make-layer-settings.py <folder>    # keras==3.15.1 tensorflow-cpu

tests/src/weights/compare-layer-settings.ts reads it: each network has to give the same in TensorFlow.js or to be refused.
"""

import json
import logging
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
logging.disable(logging.WARNING)

import keras
import numpy as np
from keras import constraints, layers, regularizers

VERSION = int(keras.__version__.split(".")[0])
PADDINGS = ("valid", "same")
ACTIVATIONS = (
    "elu exponential gelu hard_sigmoid leaky_relu linear log_softmax mish relu relu6 selu sigmoid silu softmax softplus "
    "softsign swish tanh"
).split()
INITIALIZERS = (
    "glorot_normal he_normal he_uniform lecun_normal lecun_uniform ones orthogonal random_normal random_uniform "
    "truncated_normal variance_scaling zeros"
).split()


def lines(text):
    return [line.strip() for line in text.strip().splitlines()]


# Shape of the inputs, and calls of layers on one of them.
SINGLE = {
    (9, 8, 3): [
        *(
            f"{layer}, strides={strides}, padding='{padding}')"
            for layer in (
                "Conv2D(4, 3",
                "Conv2D(4, (2, 3)",
                "DepthwiseConv2D(3, depth_multiplier=2",
                "SeparableConv2D(4, 3, activation='relu'",
                "Conv2DTranspose(4, 3",
                "Conv2DTranspose(4, 2",
                "MaxPooling2D(3",
                "AveragePooling2D(3",
                "AveragePooling2D((3, 2)",
            )
            for strides in (1, 2)
            for padding in PADDINGS
        ),
        *(
            f"{layer}, dilation_rate=2, padding='{padding}')"
            for layer in ("Conv2D(4, 3", "DepthwiseConv2D(3", "SeparableConv2D(4, 3", "Conv2DTranspose(4, 3")
            for padding in PADDINGS
        ),
        *(f"Activation('{name}')" for name in ACTIVATIONS),
        *(f"Dense(4, activation='{name}')" for name in ACTIVATIONS),
        *(f"Dense(4, kernel_initializer='{name}')" for name in INITIALIZERS),
        *(f"Softmax(axis={axis})" for axis in (-1, 1, 2, 3, [1, 2])),
        *(f"LayerNormalization(axis={axis})" for axis in (-1, 1, [1, 2], [2, 3])),
        *(f"BatchNormalization(axis={axis})" for axis in (-1, 1, 3)),
        *(f"PReLU(shared_axes={axes})" for axes in (None, [1, 2], [3])),
        *lines(
            """
            SeparableConv2D(4, 3, depth_multiplier=2)
            SeparableConv2D(4, 3, depthwise_regularizer='l2', pointwise_regularizer='l1')
            DepthwiseConv2D(3, depthwise_regularizer='l2')
            DepthwiseConv2D(3, depthwise_constraint='non_neg')
            Conv2D(3, 3, groups=3)
            Conv2D(4, 3, dilation_rate=(2, 1))
            Conv2DTranspose(4, 3, strides=2, output_padding=1)
            MaxPooling2D((3, 2), strides=(2, 1), padding='same')
            Dense(3, use_bias=False)
            Dense(3, kernel_regularizer=regularizers.L1L2(0.1, 0.2), bias_regularizer='l1')
            Dense(3, kernel_regularizer=regularizers.OrthogonalRegularizer())
            Dense(3, kernel_constraint=constraints.MaxNorm(1.0))
            Dense(3, kernel_constraint=constraints.NonNeg(), bias_constraint=constraints.NonNeg())
            BatchNormalization(scale=False, center=False, epsilon=0.01)
            LayerNormalization(epsilon=0.1)
            LayerNormalization(scale=False)
            LayerNormalization(center=False)
            UnitNormalization()
            GroupNormalization(3)
            Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 2.0, 3.0])
            ReLU(max_value=0.5)
            ReLU(negative_slope=0.1)
            ReLU(threshold=0.3)
            LeakyReLU()
            LeakyReLU(0.05)
            ELU()
            ELU(alpha=0.5)
            Flatten()
            Identity()
            Reshape((-1, 3))
            Reshape((3, -1, 4))
            Permute((3, 1, 2))
            ZeroPadding2D(((1, 2), (0, 3)))
            ZeroPadding2D((1, 2))
            Cropping2D(((1, 2), (0, 3)))
            Cropping2D((1, 2))
            UpSampling2D((2, 3))
            UpSampling2D(2, interpolation='bilinear')
            CenterCrop(4, 5)
            CenterCrop(12, 12)
            Resizing(4, 4)
            Rescaling(0.5, offset=-0.5)
            Rescaling([1.0, 2.0, 3.0])
            GlobalAveragePooling2D()
            GlobalAveragePooling2D(keepdims=True)
            GlobalMaxPooling2D()
            GlobalMaxPooling2D(keepdims=True)
            Dropout(0.3)
            Dropout(0.3, noise_shape=(None, 1, 1, 3))
            SpatialDropout2D(0.3)
            AlphaDropout(0.3)
            GaussianDropout(0.3)
            GaussianNoise(0.1)
            ActivityRegularization(0.1)
            """
        ),
    ],
    (3, 8, 9): [
        f"{layer}data_format='channels_first')"
        for layer in lines(
            """
            Conv2D(4, 3, padding='same',
            DepthwiseConv2D(3, padding='same',
            SeparableConv2D(4, 3,
            Conv2DTranspose(4, 3, strides=2, padding='same',
            MaxPooling2D(2, padding='same',
            AveragePooling2D(2,
            GlobalAveragePooling2D(
            GlobalMaxPooling2D(
            Flatten(
            ZeroPadding2D(1,
            Cropping2D(1,
            UpSampling2D(2,
            """
        )
    ],
    (6, 4): [
        *(
            f"{layer}, strides={strides}, padding='{padding}')"
            for layer in ("Conv1D(4, 3", "MaxPooling1D(3", "AveragePooling1D(3")
            for strides in (1, 2)
            for padding in PADDINGS
        ),
        *(
            f"{layer}(5, return_sequences={every})"
            for layer in ("LSTM", "GRU", "SimpleRNN")
            for every in (False, True)
        ),
        *(f"Bidirectional(LSTM(5), merge_mode='{mode}')" for mode in ("concat", "sum", "mul", "ave")),
        *(
            f"{layer}data_format='channels_first')"
            for layer in ("Conv1D(3, 2, ", "MaxPooling1D(2, ", "AveragePooling1D(2, ", "GlobalAveragePooling1D(")
        ),
        *lines(
            """
            Conv1D(4, 3, dilation_rate=2)
            Conv1D(4, 3, padding='causal')
            Conv1D(4, 2, padding='causal', dilation_rate=2)
            GlobalAveragePooling1D()
            GlobalMaxPooling1D()
            GRU(5, reset_after=False)
            GRU(5, reset_after=False, return_sequences=True)
            LSTM(5, go_backwards=True)
            LSTM(5, go_backwards=True, return_sequences=True)
            LSTM(5, unroll=True)
            LSTM(5, use_bias=False)
            LSTM(5, unit_forget_bias=False)
            LSTM(5, activation='relu')
            LSTM(5, recurrent_activation='hard_sigmoid')
            LSTM(5, return_state=True)
            RNN(LSTMCell(5))
            RNN(SimpleRNNCell(5))
            RNN(GRUCell(5, reset_after=False))
            RNN([LSTMCell(5), LSTMCell(4)])
            Bidirectional(SimpleRNN(5, return_sequences=True))
            TimeDistributed(Dense(3, activation='silu'))
            TimeDistributed(Dense(3, activation='leaky_relu'))
            TimeDistributed(Dense(3, kernel_regularizer=regularizers.L2(0.1)))
            TimeDistributed(LeakyReLU(0.05))
            TimeDistributed(ReLU(negative_slope=0.5))
            BatchNormalization()
            Masking(0.0)
            SpatialDropout1D(0.3)
            UpSampling1D(2)
            ZeroPadding1D(2)
            EinsumDense('abc,cd->abd', output_shape=(None, 5))
            """
        ),
    ],
    (5, 6, 5, 2): [
        *(
            f"{layer}, strides={strides}, padding='{padding}')"
            for layer in ("Conv3D(4, 3", "Conv3DTranspose(4, 3", "MaxPooling3D(2", "AveragePooling3D(2")
            for strides in (1, 2)
            for padding in PADDINGS
        ),
        *lines(
            """
            Conv3D(4, 2, dilation_rate=2)
            Conv3DTranspose(4, 2, dilation_rate=2)
            Conv3DTranspose(4, 3, strides=2, output_padding=1)
            GlobalAveragePooling3D()
            BatchNormalization()
            ConvLSTM2D(3, 2)
            ConvLSTM2D(3, 2, return_sequences=True)
            TimeDistributed(Conv2D(2, 2))
            TimeDistributed(Conv2D(2, 2, groups=2))
            TimeDistributed(DepthwiseConv2D(2, dilation_rate=2, padding='same'))
            TimeDistributed(BatchNormalization())
            TimeDistributed(GlobalAveragePooling2D())
            TimeDistributed(GlobalAveragePooling2D(keepdims=True))
            TimeDistributed(UpSampling2D(2, interpolation='bilinear'))
            TimeDistributed(TimeDistributed(Dense(3)))
            """
        ),
    ],
}
# Calls on two inputs, or in other ways: expressions of x and y.
GRAPHS = {
    (9, 8, 3): [
        *(f"{layer}()([x, y])" for layer in "Add Multiply Average Maximum Minimum Subtract".split()),
        *(f"Concatenate(axis={axis})([x, y])" for axis in (-3, -2, -1, 1, 2, 3)),
        *lines(
            """
            Add()([x, y, x])
            Add()([x, Reshape((1, 1, 3))(GlobalAveragePooling2D()(y))])
            x * Reshape((1, 1, 3))(GlobalMaxPooling2D()(y))
            x + y
            x * 2.0 + y
            x[:, :4] + y[:, 1:5]
            BatchNormalization()(x, training=True) + y
            BatchNormalization()(x, training=False) + y
            Dropout(0.5)(x, training=True) + y
            (lambda shared: Concatenate()([shared(x), shared(y)]))(Conv2D(2, 3))
            (lambda late, early: late(early(x)) + y)(Conv2D(3, 3, padding='same'), Conv2D(3, 3, padding='same'))
            """
        ),
        *(
            [
                f"keras.ops.{call}"
                for call in lines(
                    """
                    average(x, axis=1) + keras.ops.mean(y, axis=1)
                    concatenate([x, y], axis=1)
                    flip(x, 1) + y
                    maximum(x, y)
                    multiply(x, y)
                    reshape(x, (-1, 12)) + keras.ops.reshape(y, (-1, 12))
                    softmax(x) + y
                    """
                )
            ]
            if VERSION == 3
            else []
        ),
    ],
    (6, 4): [
        *(["keras.ops.dot(x, Reshape((4, 6))(y))"] if VERSION == 3 else []),
        *lines(
            """
            Dot(axes=2)([x, y])
            Dot(axes=1)([x, y])
            Dot(axes=2, normalize=True)([x, y])
            Dot(axes=(-1, -1))([x, y])
            Attention()([x, y])
            MultiHeadAttention(2, 3)(x, y)
            LSTM(3)(x, initial_state=[Dense(3)(Flatten()(y)), Dense(3)(Flatten()(y))])
            LSTM(3)(Masking(0.0)(x)) + LSTM(3)(y)
            """
        ),
    ],
}


def build(shape, expression, is_graph):
    """With a layer of weights in front where there is no other."""
    x = image = keras.Input(shape)
    names = {**vars(layers), "keras": keras, "regularizers": regularizers, "constraints": constraints}
    if is_graph:
        other = keras.Input(shape)
        x = layers.Dense(shape[-1])(x)
        return keras.Model([image, other], eval(expression, {**names, "x": x, "y": other}))
    layer = eval(expression, names)
    model = keras.Model(image, layer(x))
    return model if model.weights else keras.Model(image, layer(layers.Dense(shape[-1])(x)))


def fill(model, generator):
    values = []
    for value in model.get_weights():
        if value.dtype.kind == "f":
            numbers = generator.normal(0, 0.5, value.shape)
            value = (np.abs(numbers) + 0.3 if value.ndim == 1 else numbers).astype(value.dtype)  # variances are positive
        values.append(value)
    model.set_weights(values)
    for weight in model.weights:  # as after a step of training
        if getattr(weight, "constraint", None) is not None:
            weight.assign(weight.constraint(weight))


def as_json(array):
    return {"shape": list(array.shape), "values": array.astype(float).ravel().tolist()}


folder = pathlib.Path(sys.argv[1]) / f"keras{VERSION}"
folder.mkdir(parents=True, exist_ok=True)
cases = [(shape, text, False) for shape, texts in SINGLE.items() for text in texts]
cases += [(shape, text, True) for shape, texts in GRAPHS.items() for text in texts]
reference = {"keras": keras.__version__, "networks": []}
for number, (shape, expression, is_graph) in enumerate(cases):
    keras.backend.clear_session()
    generator = np.random.default_rng(number)
    try:
        model = build(shape, expression, is_graph)
    except (AttributeError, NameError, TypeError, ValueError) as error:
        print(f"Keras {VERSION} lacks {expression}: {error}".splitlines()[0])
        continue
    fill(model, generator)
    inputs = [generator.normal(size=(2, *shape)).astype(np.float32) for _ in model.inputs]
    if "Masking" in expression:
        inputs[0][:, 2:4] = 0
    outputs = model(inputs if is_graph else inputs[0], training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    try:
        for extension in ("keras", "h5"):
            model.save(folder / f"{number:03}.{extension}")
    except ValueError as error:  # early versions of Keras 3 give one name to several weights
        print(f"Keras {VERSION} cannot save {expression}: {error}")
        continue
    reference["networks"].append(
        {
            "expression": expression,
            "file": f"{number:03}",
            "inputs": [as_json(array) for array in inputs],
            "outputs": [as_json(np.asarray(output)) for output in outputs],
        }
    )
(folder / "reference.json").write_text(json.dumps(reference))
print(f"Keras {keras.__version__}: {len(reference['networks'])} networks")
