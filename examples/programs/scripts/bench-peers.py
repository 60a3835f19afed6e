"""The reference CNN in PyTorch and Keras, for `pnpm bench --peers`.

Prints one line of JSON naming the peers that can be imported, then answers every line it reads, such as
{"peer": "pytorch", "work": "step", "batch": 8, "size": 224}, with "done" once the work is done.
Needs Python 3.9 and any of: torch, keras with a backend.

    python3 bench-peers.py <threads>
"""

import importlib.util
import json
import os
import sys

THREADS = int(sys.argv[1])
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
    os.environ[variable] = str(THREADS)
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if "KERAS_BACKEND" not in os.environ and not importlib.util.find_spec("tensorflow"):
    os.environ["KERAS_BACKEND"] = "torch"
replies = sys.stdout
sys.stdout = sys.stderr

LEARNING_RATE = 1e-4


def pytorch_jobs():
    import torch

    torch.set_num_threads(THREADS)

    def cnn():
        from torch import nn

        blocks = []
        for inputs, outputs in ((3, 32), (32, 64), (64, 128)):
            blocks += [nn.Conv2d(inputs, outputs, 3), nn.ReLU(), nn.MaxPool2d(2)]
        return nn.Sequential(*blocks, nn.Flatten(), nn.Dropout(0.2), nn.LazyLinear(2))

    def job(work, batch, size):
        model = cnn()
        images = torch.rand(batch, 3, size, size).to(memory_format=torch.channels_last)
        labels = torch.zeros(batch, dtype=torch.long)
        model(images)  # gives the lazy layer its shape
        model = model.to(memory_format=torch.channels_last)
        if work == "forward":
            model.eval()

            def forward():
                with torch.inference_mode():
                    model(images)

            return forward
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

    def job(work, batch, size):
        model = cnn(size)
        model.compile(optimizer=keras.optimizers.Adam(LEARNING_RATE), loss="categorical_crossentropy")
        images = np.random.default_rng(7).random((batch, size, size, 3), dtype="float32")
        labels = np.eye(2, dtype="float32")[np.zeros(batch, dtype=int)]
        if work == "forward":
            return lambda: model.predict_on_batch(images)
        return lambda: model.train_on_batch(images, labels)

    return f"Keras {keras.__version__} on {keras.backend.backend()}", job


peers = {}
for module, name, make in (("torch", "pytorch", pytorch_jobs), ("keras", "keras", keras_jobs)):
    if importlib.util.find_spec(module):
        peers[name] = make()
print(json.dumps({name: title for name, (title, _) in peers.items()}), file=replies, flush=True)

jobs = {}
for line in sys.stdin:
    wanted = json.loads(line)
    if line not in jobs:
        jobs[line] = peers[wanted["peer"]][1](wanted["work"], wanted["batch"], wanted["size"])
    jobs[line]()
    print("done", file=replies, flush=True)
