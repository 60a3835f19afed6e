"""Writes src/__fixtures__/k-fold-reference.json: how evenly scikit-learn's StratifiedGroupKFold divides classes.

    pip install scikit-learn==1.9.1 numpy && python3 scripts/make-k-fold-reference.py

Each case has `patients`, a list of [images of class 0, of class 1, ...] per patient, and `spread`, the largest
difference of a class's share between two folds, as the mean over 100 shuffles.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.model_selection import StratifiedGroupKFold

CASES = [
    {"folds": 5, "patients_per_class": [60, 80, 50], "images": 6},
    {"folds": 5, "patients_per_class": [15, 12, 11], "images": 12},
    {"folds": 10, "patients_per_class": [200, 40], "images": 4},
    {"folds": 3, "patients_per_class": [5, 30, 9, 7], "images": 9},
    {"folds": 4, "patients_per_class": [40, 40], "images": 5, "mixed": True},
]


def draw_patients(random, case):
    patients = []
    classes = len(case["patients_per_class"])
    for label, count in enumerate(case["patients_per_class"]):
        for _ in range(count):
            images = [0] * classes
            images[label] = int(np.ceil(case["images"] * random.random() ** 3)) or 1
            if case.get("mixed") and random.random() < 0.5:
                images[1 - label] = int(random.integers(1, 4))
            patients.append(images)
    return patients


def spread_of(patients, folds, seed):
    labels, groups = [], []
    for group, images in enumerate(patients):
        for label, count in enumerate(images):
            labels += [label] * count
            groups += [group] * count
    labels, groups = np.array(labels), np.array(groups)
    classes = len(patients[0])
    counts = np.array(
        [
            np.bincount(labels[validation], minlength=classes)
            for _, validation in StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(
                labels, labels, groups
            )
        ]
    )
    shares = counts / counts.sum(axis=0)
    return float((shares.max(axis=0) - shares.min(axis=0)).max())


random = np.random.default_rng(7)
cases = []
for case in CASES:
    patients = draw_patients(random, case)
    spread = float(np.mean([spread_of(patients, case["folds"], seed) for seed in range(100)]))
    cases.append({"folds": case["folds"], "patients": patients, "spread": spread})
out = Path(__file__).parent.parent / "src" / "__fixtures__" / "k-fold-reference.json"
out.write_text(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}, separators=(",", ":")) + "\n")
for case in cases:
    print(case["folds"], len(case["patients"]), round(case["spread"], 4))
