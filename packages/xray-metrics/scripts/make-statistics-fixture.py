"""Writes src/__fixtures__/statistics.json: intervals, tests, calibration and operating points by others.

    python3 scripts/make-statistics-fixture.py

Needs numpy, scipy (written with 1.17), statsmodels (0.15), scikit-learn (1.9), MLstatkit (0.1.91) and dcurves (1.1).
Scores are whole thousandths, so that both languages see the same doubles.
"""

import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from MLstatkit import Delong_test
from dcurves import dca
from scipy import optimize, special, stats
from scipy.stats import _resampling
from sklearn import calibration, isotonic, metrics
from statsmodels.stats import contingency_tables, multitest, proportion

warnings.filterwarnings("ignore")
random = np.random.default_rng(17)


def numbers(values):
    return [float(f"{value:.14g}") for value in np.asarray(values, dtype=float).ravel()]


def draw(n, signal, step=1):
    """Labels and the thousandths of two related models; `step` makes ties."""
    labels = (random.random(n) < 0.4).astype(int)
    shared = random.normal(size=n)
    models = []
    for _ in range(2):
        logits = signal * (labels - 0.5) + shared + 0.7 * random.normal(size=n)
        models.append(np.clip(np.round(1000 / (1 + np.exp(-logits)) / step) * step, 0, 1000).astype(int))
    return labels, models


# --- distributions, SciPy

def make_distributions():
    z = [-8.0, -3.2, -1.0, -0.1, 0.0, 1e-8, 0.5, 1.96, 4.0, 12.0, 30.0]
    shares = [1e-12, 1e-4, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999999]
    chi = [[0.1, 1], [3.84, 1], [10.0, 8], [25.0, 10], [250.0, 40], [1000.0, 2], [0.001, 9]]
    beta = [[0.025, 1, 50], [0.975, 51, 1], [0.025, 390, 12], [0.5, 3, 4], [0.025, 99000, 1000], [0.975, 0.5, 0.5]]
    binomial = [[0, 5], [2, 11], [7, 30], [400, 900], [12, 24]]
    return {
        "normalSurvival": [[value, stats.norm.sf(value)] for value in z],
        "normalQuantile": [[share, stats.norm.ppf(share)] for share in shares],
        "chiSquaredSurvival": [[*case, stats.chi2.sf(*case)] for case in chi],
        "betaQuantile": [[*case, stats.beta.ppf(*case)] for case in beta],
        "binomialCdf": [[*case, stats.binom.cdf(*case, 0.5)] for case in binomial],
        "logGamma": [[value, special.gammaln(value)] for value in [0.3, 0.5, 1.5, 7.0, 123.4, 1e6]],
    }


# --- proportions, statsmodels

def make_proportions():
    cases = [[0, 10, 0.95], [45, 50, 0.95], [50, 50, 0.95], [1, 3, 0.9], [380, 390, 0.99], [99000, 100000, 0.95]]
    return [
        {
            "case": case,
            "wilson": numbers(proportion.proportion_confint(*case[:2], 1 - case[2], "wilson")),
            "clopperPearson": numbers(proportion.proportion_confint(*case[:2], 1 - case[2], "beta")),
        }
        for case in cases
    ]


# --- AUROC: MLstatkit for DeLong, brute force over all pairs for Obuchowski

def pair_placements(labels, scores):
    positive, negative = scores[labels == 1], scores[labels == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    return wins.mean(axis=1), wins.mean(axis=0)


def obuchowski(labels, models, patients):
    """Obuchowski 1997, equations 3 to 6, written down as sums over patients."""
    placed = [pair_placements(labels, scores) for scores in models]
    areas = [v10.mean() for v10, _ in placed]
    names = np.unique(patients)
    positives, negatives = (labels == 1).sum(), (labels == 0).sum()
    rows = []
    for name in names:
        in_positive, in_negative = patients[labels == 1] == name, patients[labels == 0] == name
        rows.append([
            (v10[in_positive].sum() - in_positive.sum() * area, v01[in_negative].sum() - in_negative.sum() * area)
            for (v10, v01), area in zip(placed, areas)
        ])
    rows = np.array(rows)  # [patients, models, positive or negative]
    with_positive = len(np.unique(patients[labels == 1]))
    with_negative = len(np.unique(patients[labels == 0]))

    def covariance(one, other):
        s10 = with_positive / ((with_positive - 1) * positives) * (rows[:, one, 0] * rows[:, other, 0]).sum()
        s01 = with_negative / ((with_negative - 1) * negatives) * (rows[:, one, 1] * rows[:, other, 1]).sum()
        s11 = len(names) / (len(names) - 1) * (rows[:, one, 0] * rows[:, other, 1]).sum()
        s11b = len(names) / (len(names) - 1) * (rows[:, one, 1] * rows[:, other, 0]).sum()
        return s10 / positives + s01 / negatives + (s11 + s11b) / (positives * negatives)

    return areas, covariance(0, 0), covariance(1, 1), covariance(0, 1)


def make_delong():
    cases = []
    for n, signal, step in [(40, 1.0, 1), (120, 2.0, 100), (300, 1.5, 1), (300, 3.0, 250)]:
        labels, models = draw(n, signal, step)
        z, p, (low, high), (low2, high2), first, second, *_ = Delong_test(
            labels, models[0] / 1000, models[1] / 1000, return_ci=True, return_auc=True, verbose=0)
        patients = random.integers(0, n // 2, size=n)
        areas, one, other, both = obuchowski(labels, models, patients)
        cases.append({
            "labels": "".join(map(str, labels)),
            "first": models[0].tolist(),
            "second": models[1].tolist(),
            "areas": numbers([first, second]),
            "z": float(z), "p": float(p),
            "firstInterval": numbers([low, high]), "secondInterval": numbers([low2, high2]),
            "patients": patients.tolist(),
            "clusteredVariances": numbers([one, other, both]),
        })
        assert np.allclose([first, second], areas)
    return cases


# --- BCa: SciPy's own, for the same resamples

def make_bca():
    cases = []
    for n, skew in [(12, 1.0), (40, 0.4)]:
        data = np.round(np.exp(skew * random.normal(size=n)), 3)
        resampled = np.sort(data[random.integers(0, n, size=(400, n))].mean(axis=1).round(12))
        estimate = data.mean()
        low, high, _ = _resampling._bca_interval(
            (data,), lambda sample, axis: sample.mean(axis=axis), -1, 0.025, resampled, None, np)
        cases.append({
            "value": float(estimate),
            "sorted": numbers(resampled),
            "jackknife": numbers([np.delete(data, index).mean() for index in range(n)]),
            "interval": numbers(np.percentile(resampled, [100 * low, 100 * high])),
        })
    return cases


# --- comparisons

def make_comparisons():
    mcnemar = []
    for both, first, second, neither in [(30, 5, 14, 3), (10, 0, 0, 2), (100, 7, 7, 20), (5, 0, 6, 1), (900, 41, 70, 50)]:
        exact = contingency_tables.mcnemar([[both, first], [second, neither]], exact=True).pvalue
        few, total = min(first, second), first + second
        mid = min(1, 2 * stats.binom.cdf(few, total, 0.5) - stats.binom.pmf(few, total, 0.5))
        mcnemar.append({"counts": [both, first, second, neither], "exact": float(exact), "midP": float(mid)})
    holm = []
    for size in (1, 4, 9):
        p = np.round(random.random(size) ** 3, 4)
        holm.append({"pValues": p.tolist(), "adjusted": numbers(multitest.multipletests(p, method="holm")[1])})
    labels, (one, other) = draw(12, 2.0)
    labels[:2] = [0, 1]

    def difference(first, second, axis=-1):
        return np.mean((first - labels * 1000) ** 2 - (second - labels * 1000) ** 2, axis=axis)

    exact = stats.permutation_test(
        (one, other), difference, permutation_type="samples", vectorized=True, n_resamples=np.inf)
    return {
        "mcnemar": mcnemar,
        "holm": holm,
        "permutation": {
            "labels": "".join(map(str, labels)), "first": one.tolist(), "second": other.tolist(),
            "pValue": float(exact.pvalue),
        },
    }


# --- calibration: statsmodels, scikit-learn, SciPy

def hosmer_lemeshow(labels, p, groups):
    ranks = pd.qcut(pd.Series(p).rank(method="first"), groups, labels=False).to_numpy()
    table = pd.DataFrame({"group": ranks, "y": labels, "p": p}).groupby("group").agg(
        observed=("y", "sum"), expected=("p", "sum"), n=("y", "size"))
    table["variance"] = table.expected * (1 - table.expected / table.n)
    statistic = float(((table.observed - table.expected) ** 2 / table.variance).sum())
    return [statistic, float(stats.chi2.sf(statistic, groups)), float(stats.chi2.sf(statistic, groups - 2))]


def make_calibration():
    n = 500
    labels = (random.random(n) < 0.35).astype(int)
    logits = 1.4 * (labels - 0.4) + random.normal(size=n)
    # Distinct, so that groups of equally many images are the same everywhere; far out, so that the slope is below 1.
    weights = 1 / (np.arange(1, 1000) * np.arange(999, 0, -1))
    thousandths = np.empty(n, dtype=int)
    chosen = random.choice(np.arange(1, 1000), n, replace=False, p=weights / weights.sum())
    thousandths[np.argsort(logits)] = np.sort(chosen)
    p = thousandths / 1000
    x = np.log(p / (1 - p))
    slope = sm.GLM(labels, sm.add_constant(x), family=sm.families.Binomial()).fit(tol=1e-14)
    intercept = sm.GLM(labels, np.ones(n), family=sm.families.Binomial(), offset=x).fit(tol=1e-14)
    observed, predicted = calibration.calibration_curve(labels, p, n_bins=10)
    edges = np.linspace(0, 1, 11)
    counts = np.bincount(np.searchsorted(edges[1:-1], p), minlength=10)  # as calibration_curve does
    counts = counts[counts > 0]
    ece = float(np.sum(counts / n * np.abs(observed - predicted)))
    quantile_observed, quantile_predicted = calibration.calibration_curve(labels, p, n_bins=10, strategy="quantile")
    prevalence = labels.mean()
    levels, index = np.unique(thousandths // 100 / 10, return_inverse=True)
    shares = np.array([labels[index == level].mean() for level in range(len(levels))])
    sizes = np.bincount(index)

    # scaling, with scikit-learn's optimizers on the same data
    regression = isotonic.IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(p, labels)
    grid = np.linspace(0, 1, 21)
    platt = calibration._SigmoidCalibration().fit(x.reshape(-1), labels)
    classes = 3
    truth = random.integers(classes, size=200)
    raw = np.exp(2.5 * (0.8 * np.eye(classes)[truth] + 0.6 * random.normal(size=(200, classes))))
    rows = np.floor(1000 * raw / raw.sum(axis=1, keepdims=True)).astype(int)
    rows[:, 2] += 1000 - rows.sum(axis=1)
    shares32 = (rows / 1000).astype(np.float32).astype(float)
    logs = np.log(np.maximum(shares32, 2.0**-23))

    def loss(beta):
        return float(np.mean(special.logsumexp(beta * logs, axis=1) - beta * logs[np.arange(200), truth]))

    best = optimize.minimize_scalar(loss, bounds=(1e-3, 50), method="bounded", options={"xatol": 1e-12})
    return {
        "labels": "".join(map(str, labels)),
        "thousandths": thousandths.tolist(),
        "slope": numbers([slope.params[1], slope.bse[1], *slope.conf_int()[1]]),
        "intercept": numbers([intercept.params[0], intercept.bse[0], *intercept.conf_int()[0]]),
        "bins": {"observed": numbers(observed), "predicted": numbers(predicted), "counts": counts.tolist()},
        "massBins": {"observed": numbers(quantile_observed), "predicted": numbers(quantile_predicted)},
        "ece": ece,
        "ground": {
            # forecasts of one decimal: the decomposition over distinct values is exact
            "brier": float(metrics.brier_score_loss(labels, levels[index])),
            "reliability": float(np.sum(sizes * (levels - shares) ** 2) / n),
            "resolution": float(np.sum(sizes * (shares - prevalence) ** 2) / n),
            "uncertainty": float(prevalence * (1 - prevalence)),
        },
        "hosmerLemeshow": hosmer_lemeshow(labels, p, 10),
        "isotonic": numbers(regression.predict(grid)),
        "platt": numbers([-platt.a_, -platt.b_]),
        "temperature": {
            "labels": "".join(map(str, truth)), "thousandths": rows[:, :-1].ravel().tolist(),
            "value": 1 / best.x,
        },
    }


# --- operating points: scikit-learn, dcurves, statsmodels

def chosen_thresholds(labels, scores):
    """By scikit-learn's ROC curve; the middle between the lowest score called positive and the next lower one."""
    fpr, tpr, thresholds = metrics.roc_curve(labels, scores, drop_intermediate=False)
    distinct = np.unique(scores)

    def middle(threshold):
        below = distinct[distinct < threshold]
        return float((threshold + (below.max() if len(below) else 0)) / 2)

    def lowest(candidates, key):
        best = max(key(index) for index in candidates)
        return middle(min(thresholds[index] for index in candidates if key(index) >= best - 1e-15))

    inside = range(1, len(thresholds))
    result = {}
    for least in (0.8, 0.95, 1):
        result[f"sensitivity>={least}"] = lowest([i for i in inside if tpr[i] >= least - 1e-12], lambda i: -fpr[i])
        candidates = [i for i in inside if 1 - fpr[i] >= least - 1e-12 and tpr[i] > 0]
        if candidates:
            result[f"specificity>={least}"] = lowest(candidates, lambda i: tpr[i])
    for missed, alarm, prevalence in [(5, 1, None), (1, 3, None), (5, 1, 0.1)]:
        share = labels.mean() if prevalence is None else prevalence
        name = f"costs={missed}:{alarm}" + ("" if prevalence is None else f"@{prevalence}")
        result[name] = lowest(inside, lambda i: -(missed * share * (1 - tpr[i]) + alarm * (1 - share) * fpr[i]))
    return result


def make_points():
    labels, (thousandths, other) = draw(150, 2.0)
    scores = thousandths / 1000
    decided = (scores >= 0.5).astype(int)
    matrix = metrics.confusion_matrix(labels, decided)
    precision, recall, thresholds = metrics.precision_recall_curve(labels, scores)
    frame = pd.DataFrame({"label": labels, "model": scores})
    steps = [0.05, 0.2, 0.35, 0.5, 0.8]

    def curve(**options):
        table = dca(data=frame, outcome="label", modelnames=["model"], thresholds=np.array(steps), **options)
        pick = lambda name: numbers(table[table.model == name].sort_values("threshold").net_benefit)
        return {"model": pick("model"), "all": pick("all")}

    three = random.integers(0, 30, size=(3, 3)) + np.eye(3, dtype=int) * 40
    first, second = zip(*[(i, j) for i in range(3) for j in range(3) for _ in range(three[i, j])])
    (tn, fp), (fn, tp) = matrix
    positive_ratio, negative_ratio = metrics.class_likelihood_ratios(labels, decided)
    # Simel's interval by statsmodels' ratio of two independent proportions.
    positive = proportion.confint_proportions_2indep(tp, tp + fn, fp, fp + tn, compare="ratio", method="log")
    negative = proportion.confint_proportions_2indep(fn, tp + fn, tn, fp + tn, compare="ratio", method="log")
    return {
        "labels": "".join(map(str, labels)),
        "thousandths": thousandths.tolist(),
        "thresholds": chosen_thresholds(labels, scores),
        "precisionRecall": {
            "precision": numbers(precision[-2::-1]), "recall": numbers(recall[-2::-1]),
            "threshold": numbers(thresholds[::-1]),
        },
        "decision": {"thresholds": steps, "data": curve(), "tenPercent": curve(prevalence=0.1)},
        "matrix": matrix.tolist(),
        "likelihoodRatios": {
            "values": numbers([positive_ratio, negative_ratio]),
            "positive": numbers(positive), "negative": numbers(negative),
        },
        "kappa": {
            "matrix": three.tolist(),
            "values": numbers([
                metrics.cohen_kappa_score(first, second, weights=weights) for weights in (None, "linear", "quadratic")
            ]),
        },
    }


def make_subgroups():
    tables = [[[30, 10], [22, 20]], [[9, 1], [8, 4], [30, 30]], [[100, 3], [90, 0]]]
    return [
        {"table": table, "pearson": [float(value) for value in stats.chi2_contingency(table, correction=False)[:3]]}
        for table in tables
    ]


fixture = {
    "distributions": make_distributions(),
    "proportions": make_proportions(),
    "delong": make_delong(),
    "bca": make_bca(),
    "comparisons": make_comparisons(),
    "calibration": make_calibration(),
    "points": make_points(),
    "subgroups": make_subgroups(),
}
target = pathlib.Path(__file__).parent.parent / "src" / "__fixtures__" / "statistics.json"
target.write_text(json.dumps(fixture, separators=(",", ":"), allow_nan=False) + "\n")
print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")
