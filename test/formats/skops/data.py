"""Rows to train on and rows to predict, the same for every version."""

import numpy as np
import pandas as pd

rng = np.random.RandomState(7)


def numeric(count=200, seed=0):
    """Five features of different sizes, and a target."""
    r = np.random.RandomState(seed)
    X = np.round(r.randn(count, 5) * [1, 10, 0.1, 3, 1] + [0, 5, 0, 0, 0], 3)
    y = X[:, 0] * 2 + np.sin(X[:, 1]) * 3 + X[:, 2] * X[:, 3] + r.randn(count) * 0.1
    return X, y


def with_missing(X, seed=1):
    r = np.random.RandomState(seed)
    X = X.copy()
    X[r.rand(*X.shape) < 0.15] = np.nan
    return X


def thresholds(model):
    """Numbers that the trees of a model compare with, by feature."""
    found = []
    stack = [model]
    while stack:
        part = stack.pop()
        if isinstance(part, (list, tuple, np.ndarray)):
            stack.extend(list(np.ravel(part)) if isinstance(part, np.ndarray) else part)
        elif hasattr(part, "tree_"):
            tree = part.tree_
            inner = tree.children_left >= 0
            found.extend(zip(tree.feature[inner], tree.threshold[inner]))
        elif hasattr(part, "nodes") and hasattr(part, "raw_left_cat_bitsets"):
            inner = part.nodes["is_leaf"] == 0
            found.extend(zip(part.nodes["feature_idx"][inner], part.nodes["num_threshold"][inner]))
        elif hasattr(part, "_predictors"):
            stack.append(part._predictors)
        elif hasattr(part, "estimators_"):
            stack.append(part.estimators_)
    return found


def hard(X, model=None, count=200, features=None):
    """Rows to predict: usual ones, training rows, exact thresholds, and numbers at the ends of float64."""
    r = np.random.RandomState(11)
    width = X.shape[1]
    usual = np.round(r.randn(90, width) * 1.5 * np.nanstd(X, axis=0) + np.nanmean(X, axis=0), 3)
    rows = [usual, X[:40]]
    exact = thresholds(model) if model is not None else []
    picked = usual[r.randint(0, len(usual), 40)].copy()
    for at, row in enumerate(picked):
        if exact:
            feature, value = exact[r.randint(0, len(exact))]
            if feature < width:
                row[feature] = [value, np.float64(np.float32(value)), np.nextafter(value, np.inf), np.nextafter(value, -np.inf)][at % 4]
        else:
            row[at % width] = X[at, at % width]
    rows.append(picked)
    special = [np.inf, -np.inf, np.nan, 1e300, -1e300, 1e39, -1e39, 3.4028235677973366e38, 1e30, -1e30, 1e20, 1e-300, -1e-300, 5e-324, -0.0, 0.0, 1e10, -1e10, 1e-10, 123456789.123]
    odd = usual[r.randint(0, len(usual), count - 170)].copy()
    for at, row in enumerate(odd):
        row[(at * 3 + at // len(special)) % width] = special[at % len(special)]
    rows.append(odd)
    return np.vstack(rows)[:count]


def mixed(count=240, seed=3):
    """A table with numbers, missing numbers, text of few kinds, rare kinds and missing text."""
    r = np.random.RandomState(seed)
    frame = pd.DataFrame(
        {
            "age": np.round(r.rand(count) * 60 + 18),
            "income": np.round(np.exp(r.randn(count)) * 1000, 2),
            "city": r.choice(["Bern", "Basel", "Genève", "Zürich", "Chur"], count, p=[0.35, 0.3, 0.2, 0.1, 0.05]),
            "plan": r.choice(["basic", "plus", "pro"], count),
            "visits": r.randint(0, 9, count),
        }
    )
    frame.loc[r.rand(count) < 0.12, "income"] = np.nan
    frame["city"] = frame["city"].astype(object)
    frame["plan"] = frame["plan"].astype(object)
    frame["visits"] = frame["visits"].astype(float)
    y = (frame["age"] / 40 + (frame["plan"] == "pro") * 2 + np.nan_to_num(frame["income"]) / 3000 + r.randn(count) * 0.3)
    return frame, y.to_numpy()


def mixed_rows(frame, missing_text=None):
    """Rows of the table to predict, with kinds that were never seen, missing values and numbers at the ends."""
    rows, _ = mixed(200, 5)
    rows.loc[3:12, "city"] = "Atlantis"
    rows.loc[13:16, "plan"] = "gold"
    rows["city"] = pd.Series([missing_text if 20 <= at <= 26 else v for at, v in enumerate(rows["city"])], dtype=object)
    rows.loc[30:34, "age"] = np.nan
    rows.loc[35, "income"] = np.inf
    rows.loc[36, "age"] = -np.inf
    rows.loc[37, "income"] = 1e300
    rows.loc[38, "income"] = -1e30
    rows.loc[39, "income"] = 1e-300
    rows.loc[40, "visits"] = np.nan
    rows.loc[41, "visits"] = 3.5
    rows.loc[42, "visits"] = -1
    rows.loc[43, "visits"] = 99
    return rows


def counts(seed=9, count=200):
    """Whole numbers from 0, as of words."""
    r = np.random.RandomState(seed)
    X = r.poisson(1.5, (count, 6)).astype(float)
    y = (X[:, 0] + X[:, 1] > X[:, 2] + X[:, 3]).astype(int) + (X[:, 4] > 2)
    return X, y


def documents(count=160):
    """Texts of two kinds with letters of many scripts, and texts to predict."""
    r = np.random.RandomState(21)
    kinds = [
        "the match was won in overtime by the home team and the crowd Straße cheered goal 2024".split(),
        "parliament passed the budget vote after debate minister élection Größe law tax 15 İstanbul".split(),
    ]
    shared = "a I it is not_very don't ΟΔΟΣ naïve 東京 x9 3.14 e-mail the of".split()
    labels = r.randint(0, 2, count)
    texts = [" ".join(r.choice(kinds[label] + shared, r.randint(4, 14))) for label in labels]
    new = [" ".join(r.choice(kinds[at % 2] + shared + ["unseen", "ǅ", "ﬁ", "٣٤", "½x", "𝒳𝒴", "a̐b"], r.randint(0, 14))) for at in range(190)]
    new += ["", " ", "\t\n tabs\x1c and\x85 spaces\u00a0\u2003here ", "UPPER lower MiXeD", "ß ẞ SS", "Σίσυφος ΣΊΣΥΦΟΣ", "aa bb  cc   dd", "e\u0301lection élection", "\ufeffgoal goal", "goal\u200bgoal team"]
    return texts, labels, new
