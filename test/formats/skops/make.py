"""Trains the models of this folder's corpus, and writes what scikit-learn predicts.

`node test/formats/make.ts skops` runs it in an environment for each version of scikit-learn: `--out` names the folder
of the corpus, `--tag` the version.
"""

import argparse
import io
import json
import os
import warnings
import zipfile
from pathlib import Path

import brotli
import numpy as np
import pandas as pd
import sklearn
import skops.io

from cases import cases

def number(value):
    value = float(value)
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def scalar(value):
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return value


def table(rows):
    """Columns of rows as JSON: numbers as numbers, with words for those that JSON has not."""
    if isinstance(rows, pd.DataFrame):
        columns = []
        for name in rows.columns:
            column = rows[name]
            if column.dtype.kind in "fi":
                columns.append({"numbers": [number(v) for v in column]})
            else:
                columns.append({"values": [scalar(v) for v in column.astype(object)]})
        return columns
    if isinstance(rows, list):
        return [{"values": list(rows)}]
    return [{"numbers": [number(v) for v in rows[:, at]]} for at in range(rows.shape[1])]


def one(rows, at):
    if isinstance(rows, pd.DataFrame):
        return rows.iloc[[at]]
    return rows[at : at + 1]


def some(rows, places):
    if isinstance(rows, pd.DataFrame):
        return rows.iloc[places]
    if isinstance(rows, list):
        return [rows[at] for at in places]
    return rows[places]


def dense(values):
    return values.toarray() if hasattr(values, "toarray") else np.asarray(values)


def flat(values):
    return [number(value) for value in dense(values).astype(float).ravel()]


def outcome(model, rows):
    """What the model says of rows that it takes."""
    found = {}
    if hasattr(model, "predict"):
        predicted = model.predict(rows)
        kind = getattr(model, "_estimator_type", None)
        try:
            from sklearn.base import is_classifier

            classifies = is_classifier(model) or kind == "outlier_detector" or kind == "clusterer"
        except Exception:
            classifies = kind != "regressor"
        if classifies or np.asarray(predicted).dtype.kind in "USOi" and not kind == "regressor":
            found["labels"] = [scalar(value) for value in np.asarray(predicted).ravel()]
        else:
            found["values"] = flat(predicted)
        if hasattr(model, "predict_proba"):
            found["probabilities"] = flat(model.predict_proba(rows))
        if hasattr(model, "decision_function"):
            found["scores"] = flat(model.decision_function(rows))
    else:
        found["values"] = flat(model.transform(rows))
    return found


def explained(model, kind, rows):
    """Contributions as shap gives them, in float64 and by score."""
    import shap

    if kind == "linear":
        background = np.zeros((1, rows.shape[1]))
        explainer = shap.LinearExplainer(model, background)
    else:
        explainer = shap.TreeExplainer(model)
    values = explainer.shap_values(rows)
    if isinstance(values, list):
        values = np.stack(values, axis=-1)
    values = np.asarray(values)
    if values.ndim == 2:
        values = values[:, :, None]
    return {
        "values": flat(np.transpose(values, (0, 2, 1))),
        "baseline": flat(np.atleast_1d(explainer.expected_value)),
    }


# What is read of these has not changed between 1.3 or 1.9 and 1.5: without them the corpus is smaller.
SKIPPED = {f"{name}-15" for name in ["boosting-three", "boosting-numbers", "boosting-exponential", "isolation", "forest-numbers", "calibrated-isotonic", "extra-trees"]}


def make(version):
    for name, model, rows, extra in cases(version):
        if name in SKIPPED:
            continue
        model_file = io.BytesIO()
        skops.io.dump(model, model_file, compression=zipfile.ZIP_DEFLATED)
        count = len(rows)
        raised = []
        for at in range(count):
            try:
                outcome(model, one(rows, at))
            except Exception as error:
                raised.append(at)
        taken = [at for at in range(count) if at not in set(raised)]
        expected = {
            "name": name,
            "version": sklearn.__version__,
            "class": type(model).__name__,
            "rows": count,
            "columns": table(rows),
            "raised": raised,
            **(outcome(model, some(rows, taken)) if taken else {}),
        }
        if extra.get("shap") and version == "1.9":
            few = taken[:: max(1, len(taken) // 12)][:12]
            expected["explained"] = {"rows": few, **explained(model, extra["shap"], some(rows, few))}
        if extra.get("tolerance"):
            expected["tolerance"] = extra["tolerance"]
        yield name, model_file.getvalue(), expected


def write(version, folder):
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, model, expected in make(version):
        (folder / f"{name}.skops").write_bytes(model)
        made.append(expected)
        print(f"{name}: {len(model)} bytes, {len(expected['raised'])} of {expected['rows']} rows raise")
    text = json.dumps(made, separators=(",", ":"), allow_nan=False).encode()
    # Rows of one model are much like those of the others, but far apart.
    (folder / f"expected-{version}.json.br").write_bytes(brotli.compress(text, quality=11, lgwin=24))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tag", required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    os.environ["PYTHONWARNINGS"] = "ignore"
    write(options.tag, options.out)
