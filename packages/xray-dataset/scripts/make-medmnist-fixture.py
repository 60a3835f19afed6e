"""Writes src/__fixtures__/medmnist.json: small files in MedMNIST's layout, made by NumPy, and what is in them.

    pip install numpy && python3 scripts/make-medmnist-fixture.py
"""

import base64
import io
import json
from pathlib import Path

import numpy as np

SIDES = {"train": 4, "val": 2, "test": 3}
random = np.random.default_rng(7)


def arrays(*shape):
    content = {}
    for side, count in SIDES.items():
        content[f"{side}_images"] = random.integers(0, 256, (count, *shape), dtype=np.uint8)
        content[f"{side}_labels"] = random.integers(0, 2, (count, 1), dtype=np.uint8)
    return content


def npz(content, save):
    file = io.BytesIO()
    save(file, **content)
    return base64.b64encode(file.getvalue()).decode()


def case(name, content, save):
    images = {side: content[f"{side}_images"].reshape(count, -1).tolist() for side, count in SIDES.items()}
    labels = {side: content[f"{side}_labels"].ravel().tolist() for side in SIDES}
    shape = list(content["train_images"].shape[1:])
    return {"name": name, "file": npz(content, save), "shape": shape, "images": images, "labels": labels}


gray, rgb = arrays(5, 4), arrays(3, 4, 3)
wrong = {
    "other type": {**gray, "train_images": gray["train_images"].astype(np.float32)},
    "other order": {**gray, "val_images": np.asfortranarray(gray["val_images"])},
    "other labels": {**gray, "test_labels": np.zeros((3, 14), np.uint8)},
    "other count": {**gray, "test_labels": np.zeros((2, 1), np.uint8)},
    "no test": {name: array for name, array in gray.items() if "test" not in name},
    "label 2": {**gray, "train_labels": np.full((4, 1), 2, np.uint8)},
}
result = {
    "numpy": np.__version__,
    "cases": [case("gray", gray, np.savez), case("compressed RGB", rgb, np.savez_compressed)],
    "wrong": {name: npz(content, np.savez) for name, content in wrong.items()},
}
out = Path(__file__).parent.parent / "src" / "__fixtures__" / "medmnist.json"
out.write_text(json.dumps(result, separators=(",", ":")) + "\n")
