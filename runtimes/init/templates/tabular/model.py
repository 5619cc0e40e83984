"""A baseline for any table: numbers and categories, as a linear model takes them."""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler


def train(run):
    rows, labels = split(run)[0]
    run.report("data", rows)
    learner = Ridge() if is_regression(run) else LogisticRegression(max_iter=1000)
    return Pipeline([("features", features_of(rows)), ("learner", learner)]).fit(rows, labels)


def test(model, run):
    """Measures predictions for the rows that training did not see, beside the simplest that could be predicted."""
    (_, learned), (rows, labels) = split(run)
    predicted = model.predict(with_missing(rows))
    if is_regression(run):
        return {
            "rows": len(labels),
            # Of values that do not vary, there is nothing to explain.
            "r2": r2_score(labels, predicted) if labels.nunique() > 1 else None,
            "mae": mean_absolute_error(labels, predicted),
            "mae_of_usual": (labels - learned.mean()).abs().mean(),
        }
    return {
        "rows": len(labels),
        "accuracy": accuracy_score(labels, predicted),
        "accuracy_of_usual": (labels == learned.mode()[0]).mean(),
    }


def predict(model, args, run):
    row = pd.DataFrame([args], columns=model.feature_names_in_)
    for kind, _, columns in model["features"].transformers_:
        row[columns] = row[columns].astype("float64" if kind == "numbers" else "object")
    return {run.config["target"]: model.predict(with_missing(row))[0]}


def features_of(rows):
    """What makes numbers of the columns, each by its name."""
    filled = rows.columns[rows.notna().any()]
    dates = [name for name in filled if is_date(rows[name])]
    numbers = [name for name in filled if pd.api.types.is_numeric_dtype(rows[name]) and rows[name].dtype != bool]
    categories = [name for name in filled if name not in numbers and name not in dates]
    scaled = [SimpleImputer(), StandardScaler()]
    # A category that is there only once, such as a key, would be learned by heart.
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=2, max_categories=30, sparse_output=False)
    kinds = [
        ("numbers", make_pipeline(*scaled), numbers),
        ("categories", encoder, categories),
        ("dates", make_pipeline(FunctionTransformer(days), *scaled), dates),
    ]
    return ColumnTransformer([kind for kind in kinds if kind[2]])


def split(run):
    """Splits the rows that have a label into rows and labels of the training, and of the test: every fifth."""
    target = run.config["target"]
    frame = run.source("data").frame()
    frame = frame[frame[target].notna()].reset_index(drop=True)
    rows, labels = frame.drop(columns=target), frame[target].infer_objects()
    held_out = frame.index % 5 == 1
    return (rows[~held_out], labels[~held_out]), (rows[held_out], labels[held_out])


def is_regression(run):
    return run.config["task"] == "regression"


def is_date(column):
    if column.dtype.kind == "M":
        return True
    values = column.dropna()
    if not pd.api.types.is_string_dtype(values):
        return False
    return values.str.match(r"\d{4}-\d{2}-\d{2}").all() and pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601").notna().all()


def days(frame):
    """Moments as days since 1970."""
    moments = frame.apply(pd.to_datetime, errors="coerce", utc=True, format="ISO8601")
    return moments.apply(lambda column: (column - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1))


def with_missing(rows):
    """The same rows; what a request leaves out is missing as it is in the data."""
    return rows.where(rows.notna(), np.nan)
