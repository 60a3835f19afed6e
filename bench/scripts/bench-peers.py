"""The reference CNN and the network of the robust recipe in PyTorch and Keras, or reading images with Pillow and tf.keras, for `pnpm bench --peers`.

Prints one line of JSON naming the peers that can be imported, then answers every line it reads, such as
{"peer": "pytorch", "network": "cnn", "work": "step", "batch": 8, "size": 224} or {"peer": "pillow", "folder": "images", "size": 224},
with "done" once the work is done. Needs Python 3.9 and any of: torch, keras with a backend, pillow, tensorflow.

    python3 bench-peers.py <threads> networks|decoding
"""

import importlib.util
import json
import os
import pathlib
import sys

THREADS = int(sys.argv[1])
WHAT = sys.argv[2]
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
    os.environ[variable] = str(THREADS)
os.environ["TF_NUM_INTEROP_THREADS"] = "1" if WHAT == "networks" else str(THREADS)
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if "KERAS_BACKEND" not in os.environ and not importlib.util.find_spec("tensorflow"):
    os.environ["KERAS_BACKEND"] = "torch"
replies = sys.stdout
sys.stdout = sys.stderr

LEARNING_RATE = 1e-4
ROBUST_FILTERS = (32, 48, 96, 128, 192)
WEIGHT_DECAY = 1e-2


def pytorch_jobs():
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)

    def cnn():
        blocks = []
        for inputs, outputs in ((3, 32), (32, 64), (64, 128)):
            blocks += [nn.Conv2d(inputs, outputs, 3), nn.ReLU(), nn.MaxPool2d(2)]
        return nn.Sequential(*blocks, nn.Flatten(), nn.Dropout(0.2), nn.LazyLinear(2))

    class Standardize(nn.Module):
        def forward(self, images):
            centered = images - images.mean((1, 2, 3), keepdim=True)
            return centered * (centered.square().mean((1, 2, 3), keepdim=True) + 1e-7).rsqrt()

    def robust():
        blocks, inputs = [Standardize()], 1
        for outputs in ROBUST_FILTERS:
            convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
            blocks += [convolution, nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
            inputs = outputs
        return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(inputs, 2))

    def job(network, work, batch, size):
        model, channels = (robust(), 1) if network == "robust" else (cnn(), 3)
        images = torch.rand(batch, channels, size, size).to(memory_format=torch.channels_last)
        labels = torch.zeros(batch, dtype=torch.long)
        model(images)  # gives the lazy layer its shape
        model = model.to(memory_format=torch.channels_last)
        if work == "forward":
            model.eval()

            def forward():
                with torch.inference_mode():
                    model(images)

            return forward
        if network == "robust":
            optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
        else:
            optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)

        def step():
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()

        return step

    return f"PyTorch {torch.__version__.split('+')[0]}", job


def keras_jobs():
    import keras
    import numpy as np

    def cnn(size):
        layers = [keras.Input((size, size, 3))]
        for filters in (32, 64, 128):
            layers += [keras.layers.Conv2D(filters, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
        layers += [keras.layers.Flatten(), keras.layers.Dropout(0.2), keras.layers.Dense(2, activation="softmax")]
        return keras.Sequential(layers)

    def robust(size):
        layers = [keras.Input((size, size, 1)), keras.layers.LayerNormalization((1, 2, 3), 1e-7, False, False)]
        for filters in ROBUST_FILTERS:
            layers += [keras.layers.Conv2D(filters, 3, padding="same", use_bias=False), keras.layers.BatchNormalization()]
            layers += [keras.layers.ReLU(), keras.layers.MaxPooling2D(2)]
        layers += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dropout(0.3)]
        return keras.Sequential([*layers, keras.layers.Dense(2, activation="softmax")])

    def job(network, work, batch, size):
        is_robust = network == "robust"
        model = robust(size) if is_robust else cnn(size)
        adam = keras.optimizers.AdamW(LEARNING_RATE, WEIGHT_DECAY) if is_robust else keras.optimizers.Adam(LEARNING_RATE)
        model.compile(optimizer=adam, loss="categorical_crossentropy")
        channels = 1 if is_robust else 3
        images = np.random.default_rng(7).random((batch, size, size, channels), dtype="float32")
        labels = np.eye(2, dtype="float32")[np.zeros(batch, dtype=int)]
        if work == "forward":
            return lambda: model.predict_on_batch(images)
        return lambda: model.train_on_batch(images, labels)

    return f"Keras {keras.__version__} on {keras.backend.backend()}", job


def files_in(folder):
    return sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))


def read_with_pillow(file, size):
    """Shrunk while loading to no less than twice the target, then filtered: what this project does."""
    from PIL import Image

    with Image.open(file) as image:
        found = image.draft(None, (2 * size, 2 * size))
        box = found[1] if found else (0, 0, *image.size)
        return image.convert("L").resize((size, size), Image.BILINEAR, box=box).tobytes()


def pillow_jobs():
    import PIL

    def job(folder, size):
        files = files_in(folder)
        return lambda: [read_with_pillow(file, size) for file in files]

    return f"Pillow {PIL.__version__}, 1 process", job


def pillow_pool_jobs():
    import multiprocessing

    import PIL

    pool = multiprocessing.get_context("fork").Pool(THREADS)  # before TensorFlow has threads

    def job(folder, size):
        work = [(file, size) for file in files_in(folder)]
        chunk = max(1, len(work) // (8 * THREADS))
        return lambda: pool.starmap(read_with_pillow, work, chunk)

    return f"Pillow {PIL.__version__}, {THREADS} processes", job


def tensorflow_jobs():
    import tensorflow as tf

    def job(folder, size):
        images = tf.keras.utils.image_dataset_from_directory(
            folder, labels=None, color_mode="grayscale", image_size=(size, size), shuffle=False, verbose=False
        )

        def read():
            for _ in images:
                pass

        return read

    return f"tf.keras {tf.keras.__version__}, image_dataset_from_directory", job


KINDS = {
    "networks": (("torch", "pytorch", pytorch_jobs), ("keras", "keras", keras_jobs)),
    "decoding": (
        ("PIL", "pillow", pillow_jobs),
        ("PIL", "pillow-pool", pillow_pool_jobs),
        ("tensorflow", "tensorflow", tensorflow_jobs),
    ),
}
peers = {}
for module, name, make in KINDS[WHAT]:
    if importlib.util.find_spec(module):
        peers[name] = make()
print(json.dumps({name: title for name, (title, _) in peers.items()}), file=replies, flush=True)

jobs = {}
for line in sys.stdin:
    if line not in jobs:
        options = json.loads(line)
        jobs[line] = peers[options.pop("peer")][1](**options)
    jobs[line]()
    print("done", file=replies, flush=True)
