"""What scikit-learn says of the cases on standard input, one JSON document each way."""

import json
import sys
import warnings

import numpy as np
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
from sklearn.preprocessing import label_binarize

warnings.simplefilter("ignore")


def of_classes(truth, said, classes):
    average = {"average": "binary", "pos_label": classes[1]} if len(classes) == 2 else {"average": "macro"}
    return {
        "rows": len(truth),
        "accuracy": m.accuracy_score(truth, said),
        "balanced_accuracy": m.balanced_accuracy_score(truth, said),
        "precision": m.precision_score(truth, said, zero_division=0, **average),
        "recall": m.recall_score(truth, said, zero_division=0, **average),
        "f1": m.f1_score(truth, said, zero_division=0, **average),
    }


def of_residuals(truth, said):
    truth, said = np.array(truth), np.array(said)
    return {
        "rows": len(truth),
        "r2": m.r2_score(truth, said),
        "mae": m.mean_absolute_error(truth, said),
        "rmse": m.root_mean_squared_error(truth, said),
        "mape": m.mean_absolute_percentage_error(truth, said),
        "max_error": m.max_error(truth, said),
        "bias": float(np.mean(truth - said)),
    }


def slices(case, one):
    truth, said = np.array(case["labels"]), np.array(case["predictions"])
    return {
        name: {
            str(value): one(*(list(x[np.array(column) == value]) for x in (truth, said)))
            for value in sorted(set(column))
        }
        for name, column in case.get("by", {}).items()
    }


def curve(truth, scores, probabilities):
    fpr, tpr, _ = m.roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, _ = m.precision_recall_curve(truth, scores)
    found = {"fpr": fpr, "tpr": tpr, "precision": precision, "recall": recall}
    if probabilities:
        actual, predicted = calibration_curve(truth, scores, n_bins=10)
        counts = np.bincount(np.searchsorted(np.linspace(0, 1, 11)[1:-1], scores), minlength=10)
        counts = counts[counts > 0]
        error = float(np.sum(counts * np.abs(actual - predicted)) / np.sum(counts))
        found |= {"calibration": list(zip(counts.tolist(), predicted, actual)), "error": error}
    return {name: np.asarray(values).tolist() if name != "calibration" else values for name, values in found.items()}


def classification(case):
    truth, said, classes = case["labels"], case["predictions"], case["classes"]
    found = of_classes(truth, said, classes)
    found["matthews"] = m.matthews_corrcoef(truth, said)
    found["confusion_matrix"] = m.confusion_matrix(truth, said, labels=classes).tolist()
    if case["kind"] != "none":
        scores = np.array(case["scores"])
        hot = label_binarize(truth, classes=classes)
        hot = hot if len(classes) > 2 else np.hstack([1 - hot, hot])
        own = scores if scores.ndim == 2 else np.column_stack([1 - scores, scores])
        judged = [1] if len(classes) == 2 else range(len(classes))
        if len(classes) == 2:
            found["roc_auc"] = m.roc_auc_score(hot[:, 1], own[:, 1])
            found["average_precision"] = m.average_precision_score(hot[:, 1], own[:, 1])
        elif case["kind"] == "probabilities":
            found["roc_auc"] = m.roc_auc_score(truth, own, multi_class="ovr", labels=classes)
            found["average_precision"] = m.average_precision_score(hot, own)
        if case["kind"] == "probabilities":
            found["log_loss"] = m.log_loss(truth, own, labels=classes)
            found["brier"] = m.brier_score_loss(
                truth, own[:, 1] if len(classes) == 2 else own, labels=classes,
                **({"pos_label": classes[1]} if len(classes) == 2 else {}),
            )
        curves = [curve(hot[:, at], own[:, at], case["kind"] == "probabilities") for at in judged]
        if case["kind"] == "probabilities" and len(classes) <= 20:
            found["calibration_error"] = float(np.mean([c["error"] for c in curves]))
        found["curves"] = curves
    found["slices"] = slices(case, lambda t, s: of_classes(t, s, classes))
    return found


def regression(case):
    found = of_residuals(case["labels"], case["predictions"])
    found["median_absolute_error"] = m.median_absolute_error(case["labels"], case["predictions"])
    found["slices"] = slices(case, of_residuals)
    return found


judges = {"classification": classification, "regression": regression}
json.dump([judges[case["task"]](case) for case in json.load(sys.stdin)], sys.stdout)
