"""What the scripts that make the corpora share: values that test a format, and how a corpus is written."""

import base64
import gzip
import json
import os
import sys

import numpy as np


def packed(array):
    """Numbers as base64 of little-endian bytes, with their type."""
    array = np.ascontiguousarray(array)
    kinds = {"float32": "<f4", "float64": "<f8", "int32": "<i4", "int64": "<i4"}
    kind = kinds[str(array.dtype)]
    return {"type": kind, "base64": base64.b64encode(array.astype(kind).tobytes()).decode()}


def write(folder, name, content):
    """Writes one entry of a corpus; the same content gives the same bytes."""
    os.makedirs(folder, exist_ok=True)
    text = json.dumps(content, separators=(",", ":"), sort_keys=True)
    with open(os.path.join(folder, name + ".json.gz"), "wb") as file:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed_file:
            packed_file.write(text.encode())


def training_rows(seed=7, rows=400, features=6):
    """Rows with ties, missing values and columns of different scale."""
    random = np.random.RandomState(seed)
    X = random.randn(rows, features)
    X[:, 0] = np.round(X[:, 0] * 4) / 4
    X[:, 1] = random.randint(0, 6, rows)
    X[:, 2] *= 1e4
    X[:, 3] *= 1e-4
    X[:, 4] = np.where(random.rand(rows) < 0.3, 0.0, X[:, 4])
    X[random.rand(rows, features) < 0.08] = np.nan
    return X


def target(X, seed=3):
    """A number that depends on all columns, on missing values and on chance."""
    random = np.random.RandomState(seed)
    filled = np.nan_to_num(X, nan=0.7)
    scale = np.array([1.0, 0.3, 1e-4, 1e4, 1.0, 0.5])
    score = (filled * scale).sum(axis=1) + filled[:, 0] * (filled[:, 1] > 2) + np.isnan(X[:, 4])
    return score + 0.3 * random.randn(len(X))


def test_rows(finite=False, seed=11, features=6):
    """220 rows to predict: like those of training, on the grid of ties, and hard values."""
    X = training_rows(seed, 140, features)
    random = np.random.RandomState(seed + 1)
    hard = [0.0, -0.0, 1e-45, -1e-45, 1e-35, -1e-35, 1.0000000180025095e-35, 1.1754943508222875e-38, 1e-300,
            3.4028234663852886e38, -3.4028234663852886e38, 1e30, -1e30, 16777217.0, -16777216.0, 0.1, 1 / 3, np.nan]
    if not finite:
        hard += [np.inf, -np.inf, 1e300, -1e300, 5e-324]
    Y = training_rows(seed + 2, 80, features)
    Y[:, 0] = (np.arange(80) - 40) / 8
    Y[:, 1] = random.choice([-3.0, -1.0, -0.5, 0.5, 2.5, 3.0, 5.0, 6.0, 7.0, 64.0, 1e6], 80)
    mask = random.rand(*Y.shape) < 0.35
    Y[mask] = random.choice(hard, int(mask.sum()))
    return np.vstack([X, Y])


def at_thresholds(thresholds, features, exact=np.float64, rows=24, seed=5):
    """Rows of which each value is a threshold of its column, or next to one."""
    random = np.random.RandomState(seed)
    X = training_rows(seed, rows, features)
    for feature in range(features):
        own = np.array(sorted(set(thresholds.get(feature, []))), dtype=exact)
        if len(own) == 0:
            continue
        for row in range(rows):
            value = own[random.randint(len(own))]
            step = random.randint(3)
            if step:
                with np.errstate(all="ignore"):
                    value = np.nextafter(value, exact(np.inf if step == 1 else -np.inf), dtype=exact)
            X[row, feature] = value
    return X


def share(folder, name, rows):
    """Writes rows that several entries of a corpus have in common, and returns their name."""
    write(folder, name, {"rows": packed(rows)})
    return name


def argument(name):
    """Value of an argument of the script."""
    return sys.argv[sys.argv.index("--" + name) + 1]
