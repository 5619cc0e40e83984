"""Models as the files that their own libraries write: read by Launchpad without Python (`model.export`)."""

import os
import tempfile

from mllaunchpad import _frames
from mllaunchpad._module import ModuleError


class Export:
    """An estimator, and the format that it goes into."""

    def __init__(self, format, model, module, run):
        self.format = format
        self.rows = None
        own = getattr(module, "export", None)
        given = own(model, run()) if callable(own) else model
        if isinstance(given, tuple) and len(given) == 2:
            given, self.rows = given
        self.estimator = given
        self.library = _library(given)
        if (problem := _refused(format, given, self.library)) is not None:
            what = "export(model, run) returned" if callable(own) else "train returned"
            advice = (
                "Let export return the estimator"
                if callable(own)
                else "Return the estimator from train, or give the module a function export(model, run) that returns it"
            )
            raise ModuleError("model.export: %s: expected %s, and %s %s. %s." % (format, problem, what, _named(given), advice))

    def describe(self):
        """What Launchpad needs to find rows that the estimator takes."""
        names = getattr(self.estimator, "feature_names_in_", None)
        if names is None and self.library == "xgboost":
            names = _booster(self.estimator).feature_names
        if names is None and self.library == "lightgbm":
            names = _booster(self.estimator).feature_name()
        if names is None and self.library == "catboost":
            names = self.estimator.feature_names_
        classes = getattr(self.estimator, "classes_", None)
        return {
            "estimator": _named(self.estimator),
            "features": None if names is None else [str(name) for name in names],
            "classes": None if classes is None or not len(classes) or _is_nested(classes) else [_plain(one) for one in classes],
            "has_rows": self.rows is not None,
        }

    def write(self, sample):
        """The bytes of the file."""
        return globals()["_write_" + self.format](self.estimator, sample)

    def predictions(self, frame):
        """What the library predicts for rows."""
        return _predictions(self.estimator, self.library, _rows_of(self.estimator, self.library, frame))


def _library(estimator):
    names = {kind.__module__.split(".")[0] for kind in type(estimator).__mro__}
    return next((name for name in ("xgboost", "lightgbm", "catboost", "sklearn") if name in names), "")


def _named(value):
    kind = type(value)
    return "%s.%s" % (kind.__module__, kind.__qualname__) if kind.__module__ != "builtins" else "a " + kind.__name__


def _refused(format, estimator, library):
    if format in ("xgboost", "lightgbm", "catboost"):
        return None if library == format else "a model of " + {"xgboost": "XGBoost", "lightgbm": "LightGBM", "catboost": "CatBoost"}[format]
    # Those of boosters inherit from scikit-learn.
    inherits = any(kind.__module__.split(".")[0] == "sklearn" for kind in type(estimator).__mro__)
    return None if inherits and hasattr(estimator, "predict") else "an estimator of scikit-learn"


def _booster(model):
    if hasattr(model, "get_booster"):
        return model.get_booster()
    return getattr(model, "booster_", model)


def _write_skops(estimator, sample):
    _frames.need("skops")
    import skops.io

    return skops.io.dumps(estimator)


def _write_xgboost(model, sample):
    return bytes(_booster(model).save_raw("ubj"))


def _write_lightgbm(model, sample):
    return _booster(model).model_to_string().encode("utf-8")


def _write_catboost(model, sample):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        model.save_model(path, format="json")
        with open(path, "rb") as file:
            return file.read()


def _write_onnx(estimator, sample):
    _frames.need("skl2onnx")
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    classifies = hasattr(estimator, "classes_")
    options = {"zipmap": False} if classifies else None
    columns = getattr(sample, "dtypes", None)
    if sample is not None and columns is not None and any(kind.kind not in "fiub" for kind in columns):
        # Each column by its name, numbers as float32.
        numbers = {name: "float32" for name, kind in columns.items() if kind.kind in "fiub"}
        return to_onnx(estimator, sample.astype(numbers)[:1], options=options).SerializeToString()
    types = [("X", FloatTensorType([None, int(estimator.n_features_in_)]))]
    return to_onnx(estimator, initial_types=types, options=options).SerializeToString()


def _rows_of(estimator, library, rows):
    """Rows as the estimator was trained on them: by name, or by position."""
    if not hasattr(rows, "columns"):
        return rows
    names = getattr(estimator, "feature_names_in_", None)
    if names is not None and set(names) <= set(rows.columns):
        return rows[list(names)]
    if library == "sklearn" and names is None:
        return rows.to_numpy()
    return rows


def _predictions(estimator, library, rows):
    """`predicted` and `probabilities` of an estimator; `raw` of a booster, which has one answer for both."""
    np = _frames.need("numpy")
    if library == "xgboost" and not hasattr(estimator, "get_booster"):
        xgb = _frames.need("xgboost")
        return {"raw": np.asarray(estimator.predict(xgb.DMatrix(rows, enable_categorical=True)), dtype="float64")}
    if library == "lightgbm" and not hasattr(estimator, "booster_"):
        return {"raw": np.asarray(estimator.predict(rows), dtype="float64")}
    if library == "catboost" and not hasattr(estimator, "predict_proba"):
        kind = str(estimator.get_all_params().get("loss_function", ""))
        if kind in ("Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll"):
            labels = np.asarray(estimator.predict(rows, prediction_type="Class")).reshape(len(rows))
            chances = np.asarray(estimator.predict(rows, prediction_type="Probability"), dtype="float64")
            return {"predicted": [_plain(label) for label in labels], "probabilities": chances}
        return {"raw": np.asarray(estimator.predict(rows), dtype="float64")}
    found = np.asarray(estimator.predict(rows))
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    predicted = found if found.dtype.kind == "f" else [_plain(one) for one in found]
    if not hasattr(estimator, "predict_proba"):
        return {"predicted": predicted}
    return {"predicted": predicted, "probabilities": np.asarray(estimator.predict_proba(rows), dtype="float64")}


def _is_nested(classes):
    return any(hasattr(one, "__len__") and not isinstance(one, str) for one in classes)


def _plain(label):
    return label.item() if hasattr(label, "item") else label


class Exported:
    """What stands for an exported model where it is tested: Launchpad predicts, as it will when it serves."""

    def __init__(self, header, call):
        self._call = call
        self._features = header["features"]
        np = _frames.need("numpy")
        if header["classes"] is not None:
            self.classes_ = np.asarray(header["classes"])
        self.feature_names_in_ = np.asarray(self._features, dtype=object)
        self.n_features_in_ = len(self._features)

    def predict(self, rows):
        """The label, or the number, of each row."""
        return self._ask(rows)["prediction"]

    def predict_proba(self, rows):
        """A probability for each row and class."""
        np = _frames.need("numpy")
        found = self._ask(rows)
        if "p0" not in found:
            raise AttributeError("this model has no probabilities")
        return np.column_stack([found["p%d" % at] for at in range(len(self.classes_))])

    def score(self, rows, truth):
        """Accuracy of a classification, R² of a regression."""
        np = _frames.need("numpy")
        found, truth = self.predict(rows), np.asarray(truth)
        if hasattr(self, "classes_"):
            return float(np.mean(found == truth))
        return float(1 - np.sum((truth - found) ** 2) / np.sum((truth - truth.mean()) ** 2))

    def _ask(self, rows):
        if not hasattr(rows, "columns") and not hasattr(rows, "column_names"):
            np = _frames.need("numpy")
            array = np.asarray(rows)
            if array.ndim != 2 or array.shape[1] != len(self._features):
                raise ValueError(
                    "rows expected as a frame, or as an array of %d columns: the model was exported (model.export), and Launchpad "
                    "predicts with its file; found %s" % (len(self._features), _named(rows))
                )
            rows = _frames.need("pandas").DataFrame(array, columns=self._features)
        buffers = []
        header = _frames.header_of(rows, buffers)
        answer, data = self._call.ask({"type": "exported", "frame": header}, buffers)
        return {column["name"]: _frames.array_of(column, data) for column in answer["frame"]["columns"]}
