"""Writes a small TensorFlow graph as TensorFlow.js' converter does, and what TensorFlow gives: src/__fixtures__/graph-model.json.

    python -m venv keras2 && keras2/bin/pip install tensorflow-cpu==2.15.1 && keras2/bin/python make-graph-model.py

The graph is frozen by TensorFlow. The format is the converter's: the graph as JSON, with the values of its constants apart.
"""

import base64
import json
import pathlib

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

SIZE = 12
DTYPES = {"DT_FLOAT": ("float32", np.float32), "DT_INT32": ("int32", np.int32)}


def noise(count, offset):
    """Numbers in [-0.5, 0.5) by Knuth's multiplicative hash."""
    index = np.arange(count, dtype=np.uint64) + np.uint64(offset)
    hashed = (index * np.uint64(2654435761)) % np.uint64(2**32)
    hashed ^= hashed >> np.uint64(15)
    return hashed.astype(np.float64) / 2**32 - 0.5


def weight(name, shape, offset, start=0.0):
    values = noise(int(np.prod(shape)), offset).reshape(shape) + start
    return tf.Variable(values.astype(np.float32), name=name)


class Network(tf.Module):
    def __init__(self):
        super().__init__()
        self.first = weight("first_kernel", (3, 3, 3, 4), 10)
        self.norm = [weight(f"norm_{place}", (4,), 50 * (place + 2), start) for place, start in enumerate((1, 0, 0, 1))]
        self.depthwise = weight("depthwise_kernel", (3, 3, 4, 2), 400)
        self.last = weight("last_kernel", (1, 1, 8, 6), 700)
        self.bias = weight("last_bias", (6,), 900)
        self.classifier = weight("classifier", (6, 3), 1000)

    @tf.function(input_signature=[tf.TensorSpec((None, SIZE, SIZE, 3), tf.float32, name="images")])
    def __call__(self, images):
        x = tf.pad(images, [[0, 0], [1, 0], [1, 0], [0, 0]])
        x = tf.nn.conv2d(x, self.first, 2, "VALID")
        x, *_ = tf.compat.v1.nn.fused_batch_norm(x, *self.norm, epsilon=1e-3, is_training=False)
        x = tf.nn.relu6(x)
        x = tf.nn.depthwise_conv2d(x, self.depthwise, [1, 1, 1, 1], "SAME")
        x = tf.nn.leaky_relu(x, 0.1)
        x = tf.concat([x[..., :4], tf.nn.max_pool2d(x, 3, 1, "SAME")[..., 4:]], axis=-1)
        x = tf.nn.bias_add(tf.nn.conv2d(x, self.last, 1, "SAME"), self.bias)
        features = tf.identity(tf.reduce_mean(x, [1, 2]), name="features")
        return tf.nn.softmax(features @ self.classifier, name="probabilities")


network = Network()
concrete = network.__call__.get_concrete_function()
frozen = convert_variables_to_constants_v2(concrete)
graph = MessageToDict(frozen.graph.as_graph_def())
weights, parts = [], []
for node in graph["node"]:
    if node["op"] != "Const":
        continue
    value = tf.make_ndarray(frozen.graph.get_operation_by_name(node["name"]).node_def.attr["value"].tensor)
    dtype, numpy_dtype = DTYPES[node["attr"]["dtype"]["type"]]
    weights.append({"name": node["name"], "shape": list(value.shape), "dtype": dtype})
    parts.append(value.astype(numpy_dtype).tobytes())
    shape = node["attr"]["value"]["tensor"]["tensorShape"]
    node["attr"]["value"]["tensor"] = {"dtype": node["attr"]["dtype"]["type"], "tensorShape": shape}
features = next(node["name"] for node in graph["node"] if node["name"].endswith("features"))
images = noise(2 * SIZE * SIZE * 3, 7).reshape(2, SIZE, SIZE, 3) + 0.5
images[1] **= 4
fed = (images * 2 - 1).astype(np.float32)
inner = tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(frozen.graph.as_graph_def(), name=""), [])
wanted = [f"{features}:0", frozen.outputs[0].name]
pruned = inner.prune(frozen.inputs[0].name, wanted)
found = [np.asarray(output, dtype=float).tolist() for output in pruned(tf.constant(fed))]
result = {
    "tensorflow": tf.__version__,
    "size": SIZE,
    "featuresNode": features,
    "features": found[0],
    "probabilities": found[1],
    "artifacts": {
        "format": "graph-model",
        "modelTopology": graph,
        "weightSpecs": weights,
        "weights": base64.b64encode(b"".join(parts)).decode(),
        "signature": {
            "inputs": {"images": {"name": frozen.inputs[0].name, "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": size} for size in ("-1", SIZE, SIZE, 3)]}}},
            "outputs": {"output_0": {"name": frozen.outputs[0].name, "dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "-1"}, {"size": "3"}]}}},
        },
    },
}
path = pathlib.Path(__file__).parent.parent / "src/__fixtures__/graph-model.json"
path.write_text(json.dumps(result) + "\n")
print(path.stat().st_size, [node["op"] for node in graph["node"]], features, found[1], [weight["name"] for weight in weights])
