"""Writes src/__fixtures__/scikit-learn.json: random predictions and what scikit-learn says about them.

    python3 scripts/make-scikit-learn-fixture.py

Needs numpy and scikit-learn (written with 1.9). Probabilities are whole thousandths, so that both languages see
the same doubles. `None` marks numbers that are undefined for the data.
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics

warnings.filterwarnings("ignore")  # about undefined numbers, which are handled by hand below
random = np.random.default_rng(7)
CLASS_COUNTS = (2, 2, 3, 5)
KINDS = ("plain", "ties", "certain", "constant", "one-class", "missing-class", "one-prediction")


def draw_labels(kind, n, classes):
    if kind == "one-class":
        return np.full(n, random.integers(classes))
    if kind == "missing-class":
        return random.choice(np.delete(np.arange(classes), random.integers(classes)), n)
    return random.choice(classes, n, p=random.dirichlet(np.full(classes, 2.0)))


def draw_thousandths(kind, labels, classes):
    """Whole thousandths [n, classes] whose rows sum to 1000."""
    n = len(labels)
    if kind == "certain":  # exact zeros and ones
        chosen = np.where(random.random(n) < 0.7, labels, random.integers(classes, size=n))
        return 1000 * np.eye(classes, dtype=int)[chosen]
    if kind == "constant":
        row = random.multinomial(1000, random.dirichlet(np.ones(classes)))
        return np.tile(row, (n, 1))
    signal = np.eye(classes)[labels] * random.uniform(0, 3)
    if kind == "one-prediction":
        signal = signal + 20 * np.eye(classes)[random.integers(classes)]
    logits = signal + random.normal(size=(n, classes))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    step = 250 if kind == "ties" else 1
    whole = np.floor(shares * 1000 / step).astype(int) * step
    whole[np.arange(n), random.integers(classes, size=n)] += 1000 - whole.sum(axis=1)
    return whole


def number(value):
    return None if value is None or np.isnan(value) else float(f"{value:.12g}")


def numbers(values):
    return [number(value) for value in values]


def weighted_mean(values, support):
    """scikit-learn falls back to the plain mean where all weights are zero; a mean over nothing is undefined."""
    return None if support[~np.isnan(values)].sum() == 0 else number(
        np.average(values[~np.isnan(values)], weights=support[~np.isnan(values)])
    )


def class_scores(labels, predicted, classes):
    options = {"labels": range(classes), "zero_division": np.nan}
    precision, recall, f1, support = metrics.precision_recall_fscore_support(labels, predicted, **options)
    macro = metrics.precision_recall_fscore_support(labels, predicted, average="macro", **options)[:3]
    weighted = metrics.precision_recall_fscore_support(labels, predicted, average="weighted", **options)[:3]
    expected_weighted = [weighted_mean(values, support) for values in (precision, recall, f1)]
    for own, theirs in zip(expected_weighted, numbers(weighted)):
        assert own is None or own == theirs  # only the fallback differs
    return {
        "precision": numbers(precision),
        "recall": numbers(recall),
        "f1": numbers(f1),
        "support": [int(value) for value in support],
        "macro": numbers(macro),
        "weighted": expected_weighted,
    }


def operating_point(labels, decided):
    def share(function, positive):
        return number(function(labels, decided, pos_label=positive, zero_division=np.nan))

    both = len(np.unique(labels)) == 2
    return {
        "sensitivity": share(metrics.recall_score, 1),
        "specificity": share(metrics.recall_score, 0),
        "ppv": share(metrics.precision_score, 1),
        "npv": share(metrics.precision_score, 0),
        "f1": share(metrics.f1_score, 1),
        "mcc": number(metrics.matthews_corrcoef(labels, decided)),
        "balancedAccuracy": number(metrics.balanced_accuracy_score(labels, decided)) if both else None,
    }


def youden_threshold(labels, scores):
    """Every midpoint is tried, lowest first, so that ties go to the higher sensitivity."""
    if len(np.unique(labels)) < 2:
        return None
    values = np.unique(scores)
    lower = np.concatenate([[0.0], values[:-1]])
    candidates = (values + lower) / 2
    gains = []
    for candidate, value, below in zip(candidates, values, lower):
        decided = scores >= (candidate if candidate > below else value)
        (tn, fp), (fn, tp) = metrics.confusion_matrix(labels, decided, labels=[0, 1])
        gains.append(int(tp) * int(tn + fp) - int(fp) * int(tp + fn))
    return float(candidates[np.argmax(gains)])


def curve_scores(labels, scores):
    both = len(np.unique(labels)) == 2
    return {
        "auroc": number(metrics.roc_auc_score(labels, scores)) if both else None,
        "averagePrecision": number(metrics.average_precision_score(labels, scores)) if labels.any() else None,
        "brier": number(metrics.brier_score_loss(labels, scores, pos_label=1)),
    }


def one_vs_rest(labels, probabilities, classes):
    if len(np.unique(labels)) < classes:
        return None
    if classes == 2:  # scikit-learn has no one-vs-rest for two classes
        return number(np.mean([metrics.roc_auc_score(labels == k, probabilities[:, k]) for k in range(2)]))
    return number(metrics.roc_auc_score(labels, probabilities, multi_class="ovr", average="macro"))


def roc(labels, scores):
    """Thresholds go by rank: the infinite one is implied, the others are the distinct scores from high to low."""
    if len(np.unique(labels)) < 2:
        return None
    fpr, tpr, thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)
    assert np.isinf(thresholds[0]) and np.array_equal(thresholds[1:], np.unique(scores)[::-1])
    return {"fpr": numbers(fpr), "tpr": numbers(tpr)}


def make_case(index):
    kind = KINDS[index % len(KINDS)]
    classes = CLASS_COUNTS[index // len(KINDS) % len(CLASS_COUNTS)]
    n = int(round(np.exp(random.uniform(0, np.log(200)))))
    labels = draw_labels(kind, n, classes)
    thousandths = draw_thousandths(kind, labels, classes)
    # Predictions hold float32; scores are computed from them in double precision.
    probabilities = (thousandths / 1000).astype(np.float32)
    predicted = probabilities.argmax(axis=1)
    two_class = (labels > 0).astype(int)
    scores = 1 - probabilities[:, 0].astype(np.float64)
    threshold = float(random.choice(scores)) if index % 3 == 0 else float(random.integers(1001)) / 1000
    case = {
        "kind": kind,
        "classCount": classes,
        "labels": "".join(map(str, labels)),
        "thousandths": thousandths[:, :-1].ravel().tolist(),
        "threshold": threshold,
        "confusionMatrix": metrics.confusion_matrix(labels, predicted, labels=range(classes)).tolist(),
        "accuracy": number(metrics.accuracy_score(labels, predicted)),
        "classScores": class_scores(labels, predicted, classes),
        "mcc": number(metrics.matthews_corrcoef(labels, predicted)),
        "operatingPoint": operating_point(two_class, (scores >= threshold).astype(int)),
        **curve_scores(two_class, scores),
        "aurocMacro": one_vs_rest(labels, probabilities, classes),
        "logLoss": number(metrics.log_loss(labels, y_proba=thousandths / 1000, labels=range(classes))),
        "youden": youden_threshold(two_class, scores),
    }
    if n <= 40:
        case["roc"] = roc(two_class, scores)
    return case


def make_bootstrap(resamples=3000):
    """A plain cluster bootstrap: every resample is built as a list of images and measured by scikit-learn."""
    patients = 90
    sizes = random.integers(1, 4, size=patients)
    owner = np.repeat(np.arange(patients), sizes)
    patient_labels = random.choice(3, patients, p=[0.4, 0.35, 0.25])
    labels = patient_labels[owner]
    shared = random.normal(size=(patients, 3))[owner]  # images of a patient are alike
    logits = 1.8 * np.eye(3)[labels] + shared + 0.5 * random.normal(size=(len(owner), 3))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    thousandths = np.floor(shares * 1000).astype(int)
    thousandths[:, 2] += 1000 - thousandths.sum(axis=1)
    order = random.permutation(len(owner))
    owner, labels, thousandths = owner[order], labels[order], thousandths[order]
    probabilities = (thousandths / 1000).astype(np.float32)
    members = [np.flatnonzero(owner == patient) for patient in range(patients)]

    rows = []
    for _ in range(resamples):
        pick = np.concatenate([members[patient] for patient in random.integers(patients, size=patients)])
        truth = labels[pick]
        two_class = (truth > 0).astype(int)
        scores = 1 - probabilities[pick, 0].astype(np.float64)
        rows.append({
            "accuracy": metrics.accuracy_score(truth, probabilities[pick].argmax(axis=1)),
            "aurocMacro": one_vs_rest(truth, probabilities[pick], 3),
            "logLoss": metrics.log_loss(truth, y_proba=thousandths[pick] / 1000, labels=range(3)),
            **curve_scores(two_class, scores),
            **operating_point(two_class, (scores >= 0.5).astype(int)),
        })
    return {
        "labels": "".join(map(str, labels)),
        "thousandths": thousandths[:, :-1].ravel().tolist(),
        "patients": owner.tolist(),
        "intervals": {
            name: [round(float(edge), 4) for edge in np.percentile([row[name] for row in rows], [2.5, 97.5])]
            for name in rows[0]
        },
    }


def make_report():
    labels = random.choice(3, 151, p=[0.5, 0.3, 0.2])
    thousandths = draw_thousandths("plain", labels, 3)
    predicted = (thousandths / 1000).astype(np.float32).argmax(axis=1)
    shown = np.concatenate(metrics.precision_recall_fscore_support(labels, predicted)[:3])
    assert not np.any(shown * 1000 % 1 == 0.5)  # Python prints exact halves to even, JavaScript up
    names = ["normal", "bacterial", "viral"]
    return {
        "labels": "".join(map(str, labels)),
        "thousandths": thousandths[:, :-1].ravel().tolist(),
        "classNames": names,
        "text": metrics.classification_report(labels, predicted, target_names=names, digits=3),
    }


fixture = {
    "scikitLearn": sklearn.__version__,
    "cases": [make_case(index) for index in range(280)],
    "bootstrap": make_bootstrap(),
    "report": make_report(),
}
target = pathlib.Path(__file__).parent.parent / "src" / "__fixtures__" / "scikit-learn.json"
target.parent.mkdir(exist_ok=True)
target.write_text(json.dumps(fixture, separators=(",", ":"), allow_nan=False).replace('{"kind"', '\n{"kind"') + "\n")
print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")
