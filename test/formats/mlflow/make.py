"""Folders of MLflow as it writes them, one for each flavour, and what the libraries predict of the same rows."""

import argparse
import base64
import gzip
import json
import pathlib
import re
import tempfile

import catboost
import lightgbm
import mlflow.catboost
import mlflow.lightgbm
import mlflow.onnx
import mlflow.pyfunc
import mlflow.sklearn
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost
from mlflow.models import infer_signature
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# What says when and where a model was written differs from one making to the next.
OF_THE_MOMENT = re.compile(r"^(model_uuid|utc_time_created|model_id|run_id): .*\n", re.MULTILINE)
# Types of scikit-learn's trees, which skops asks to be trusted by whoever loads them in Python.
TREES = ["sklearn.tree._tree.Tree", "numpy.dtype"]


class Doubling(mlflow.pyfunc.PythonModel):
    def predict(self, model_input: list[float]) -> list[float]:
        return [2 * value for value in model_input]


def data():
    generator = np.random.default_rng(7)
    numbers = generator.normal(size=(60, 4)).astype(np.float32).astype(np.float64)
    frame = pd.DataFrame(numbers, columns=["age", "plan", "calls", "spent"])
    return frame, (numbers[:, 0] + numbers[:, 1] * numbers[:, 2] > 0.2).astype(np.int64)


def main(out: pathlib.Path) -> None:
    frame, labels = data()
    numbers = frame.to_numpy()
    signature = infer_signature(frame, labels)
    common = {"signature": signature, "pip_requirements": []}

    boosted = xgboost.XGBClassifier(n_estimators=5, max_depth=3).fit(frame, labels)
    light = lightgbm.train(
        {"objective": "binary", "verbose": -1, "min_data_in_leaf": 5}, lightgbm.Dataset(frame, labels), 5
    )
    light_wrapper = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1, min_child_samples=5).fit(frame, labels)
    cat = catboost.CatBoostClassifier(iterations=5, depth=3, verbose=False, allow_writing_files=False).fit(frame, labels)
    scaled = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, labels)
    forest = RandomForestClassifier(n_estimators=3, max_depth=3, random_state=0).fit(frame, labels)
    graph = to_onnx(scaled, numbers[:1].astype(np.float32), options={"zipmap": False})

    def save_sklearn(model, folder, kind):
        trusted = TREES if kind == "skops" else None
        mlflow.sklearn.save_model(model, folder, serialization_format=kind, skops_trusted_types=trusted, **common)

    # How each is written, and what predicts as it should; nothing where the format is refused.
    folders = {
        "xgboost-ubj": (lambda to: mlflow.xgboost.save_model(boosted, to, model_format="ubj", **common), boosted),
        "xgboost-json": (lambda to: mlflow.xgboost.save_model(boosted, to, model_format="json", **common), boosted),
        "lightgbm-text": (lambda to: mlflow.lightgbm.save_model(light, to, **common), light_wrapper),
        "lightgbm-skops": (lambda to: mlflow.lightgbm.save_model(light_wrapper, to, **common), None),
        "catboost-cbm": (lambda to: mlflow.catboost.save_model(cat, to, **common), None),
        "catboost-json": (lambda to: mlflow.catboost.save_model(cat, to, format="json", **common), cat),
        "sklearn-skops": (lambda to: save_sklearn(scaled, to, "skops"), scaled),
        "sklearn-forest": (lambda to: save_sklearn(forest, to, "skops"), forest),
        "sklearn-pickle": (lambda to: save_sklearn(scaled, to, "pickle"), None),
        "onnx": (lambda to: mlflow.onnx.save_model(graph, to, **common), scaled),
        "python": (lambda to: mlflow.pyfunc.save_model(to, python_model=Doubling(), pip_requirements=[]), None),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, (save, judge) in folders.items():
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary) / "model"
            save(str(folder))
            description = folder / "MLmodel"
            description.write_text(OF_THE_MOMENT.sub("", description.read_text()))
            files = {
                path.name: base64.b64encode(path.read_bytes()).decode()
                for path in sorted(folder.iterdir())
                if path.is_file() and path.suffix not in (".yaml", ".txt")
            }
        entry = {"name": name, "files": files, "columns": list(frame.columns), "rows": numbers[:20].tolist()}
        if judge is not None:
            entry["probabilities"] = judge.predict_proba(frame[:20])[:, 1].tolist()
        (out / f"{name}.json.gz").write_bytes(gzip.compress(json.dumps(entry).encode(), mtime=0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--tag", default="")
    main(pathlib.Path(parser.parse_args().out))
