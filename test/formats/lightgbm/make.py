"""Trains the models of LightGBM and writes what the library predicts of them."""

import base64
import os
import sys
import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import argument, at_thresholds, packed, share, target, test_rows, training_rows, write  # noqa: E402

warnings.filterwarnings("ignore")
out, tag = argument("out"), argument("tag")
X = training_rows()
y = target(X)
common = {"verbosity": -1, "num_threads": 1, "seed": 1, "num_leaves": 8, "learning_rate": 0.3, "min_data_in_leaf": 5,
          "deterministic": True, "force_row_wise": True}
explained = 12


def thresholds_of(booster):
    found = {}

    def walk(node):
        if "split_feature" in node:
            if node["decision_type"] == "<=":
                found.setdefault(node["split_feature"], []).append(node["threshold"])
            walk(node["left_child"])
            walk(node["right_child"])

    for tree in booster.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    return found


def base(name, booster, **save):
    text = booster.model_to_string(**save)
    return {"name": name, "library": f"lightgbm {lgb.__version__}", "extension": ".txt",
            "file": base64.b64encode(text.encode()).decode()}


def finish(name, entry, booster, rows, explain, contribs=True):
    entry["expected"] = packed(np.asarray(booster.predict(rows), dtype="f8"))
    entry["margins"] = packed(np.asarray(booster.predict(rows, raw_score=True), dtype="f8"))
    if contribs:
        entry["contributions"] = packed(np.asarray(booster.predict(explain, pred_contrib=True), dtype="f8"))
    entry["gains"] = packed(booster.feature_importance("gain").astype("f8"))
    write(out, f"{tag}-{name}", entry)


def save(name, params, labels=None, rounds=8, data=None, contribs=True, booster=None, **more):
    params = {**common, **params}
    if booster is None:
        booster = lgb.train(params, lgb.Dataset(X, y if labels is None else labels, params=params, **(data or {})), rounds, **more)
    entry = base(name, booster)
    first = test_rows()
    second = at_thresholds(thresholds_of(booster), 6)
    few = test_rows(True)[-explained:]
    entry["shared"] = share(out, "rows", first)
    entry["rows"] = packed(second)
    if contribs:
        entry["explained"] = share(out, "rows-explained", few)
    finish(name, entry, booster, np.vstack([first, second]), few, contribs)
    return booster


positive = np.exp(np.clip(y / 3, -2, 2))
binary = (y > 0).astype(float)
three = np.digitize(y, [-0.7, 0.9]).astype(float)
grades = np.digitize(y, [-1.0, 0.3, 1.5]).astype(int)
groups = {"group": [20] * 20}

save("regression", {"objective": "regression"})
save("binary", {"objective": "binary"}, binary)
save("multiclass", {"objective": "multiclass", "num_class": 3}, three)
save("multiclassova", {"objective": "multiclassova", "num_class": 3, "sigmoid": 0.7}, three)
save("poisson", {"objective": "poisson"}, np.round(positive))
save("lambdarank", {"objective": "lambdarank"}, grades, data=groups)
save("dart", {"boosting": "dart", "drop_rate": 0.4, "objective": "binary"}, binary, rounds=12)
save("forest", {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "objective": "binary"}, binary)
save("missing-none", {"use_missing": False})
save("missing-zero", {"zero_as_missing": True})
save("linear", {"linear_tree": True, "objective": "regression"}, contribs=False)
save("cross-entropy", {"objective": "cross_entropy"}, (binary + 0.1) / 1.3)
save("sqrt", {"objective": "regression", "reg_sqrt": True})
save("single-leaf", {"min_data_in_leaf": 5000})

if tag == "new":
    save("regression-l1", {"objective": "regression_l1"})
    save("huber", {"objective": "huber"})
    save("fair", {"objective": "fair"})
    save("quantile", {"objective": "quantile", "alpha": 0.3})
    save("mape", {"objective": "mape"}, positive + 1)
    save("gamma", {"objective": "gamma"}, positive)
    save("tweedie", {"objective": "tweedie", "tweedie_variance_power": 1.3}, positive)
    save("cross-entropy-lambda", {"objective": "cross_entropy_lambda"}, (binary + 0.1) / 1.3)
    save("xendcg", {"objective": "rank_xendcg"}, grades, data=groups)
    save("binary-sigmoid", {"objective": "binary", "sigmoid": 2.5, "is_unbalance": True}, binary)
    save("forest-multi", {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "objective": "multiclass", "num_class": 3}, three)
    save("forest-regression", {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "objective": "regression"})
    save("dart-multi", {"boosting": "dart", "drop_rate": 0.4, "objective": "multiclass", "num_class": 3}, three)
    save("goss", {"data_sample_strategy": "goss", "objective": "binary"}, binary)
    save("linear-binary", {"linear_tree": True, "objective": "binary", "linear_lambda": 0.1}, binary, contribs=False)
    save("linear-multi", {"linear_tree": True, "objective": "multiclass", "num_class": 3}, three, contribs=False)
    save("deep", {"num_leaves": 63, "min_data_in_leaf": 2}, rounds=4)
    save("stumps", {"num_leaves": 2}, rounds=20)
    save("sqrt-l1", {"objective": "regression_l1", "reg_sqrt": True})
    save("zero-none", {"zero_as_missing": True, "use_missing": False})
    save("monotone", {"monotone_constraints": [1, 0, 0, 0, 0, -1]})
    save("constant", {}, np.full(len(y), 1.5))
    save("extra", {"extra_trees": True, "path_smooth": 1.0})
    held = training_rows(21, 200)
    early = lgb.train({**common, "objective": "regression"}, lgb.Dataset(X, y), 40,
                      valid_sets=[lgb.Dataset(held, np.roll(target(held), 3))],
                      callbacks=[lgb.early_stopping(3, verbose=False)])
    save("early", {}, booster=early)

    def own(predictions, data):
        return predictions - data.get_label(), np.ones(len(predictions))

    save("custom", {"objective": own})

# Categories by code, then by the names that pandas has.
random = np.random.RandomState(17)
codes = random.randint(0, 6, 400)
many = random.randint(0, 80, 400)
effect = np.array([0.0, 2.0, -1.0, 3.0, -2.0, 0.5])[codes] + np.sin(many) * 2 + np.nan_to_num(X[:, 0])
numeric = np.column_stack([codes, many, X[:, 0]]).astype(float)
numeric[random.rand(400) < 0.05, 0] = np.nan
wild = np.column_stack([
    random.choice([0, 1, 2, 3, 4, 5, np.nan, -1, 6, 31, 32, 63, 64, 2.5, -0.5, 1e9, 3e9, 1e300, np.inf, -np.inf], 240),
    random.choice(list(range(90)) + [np.nan, -3], 240),
    np.resize(test_rows()[:, 0], 240),
]).astype(float)
tame = np.column_stack([random.randint(0, 6, 12), random.randint(0, 80, 12), training_rows(99, 12)[:, 0]]).astype(float)
for name, params, label in (
    ("category-onehot", {"max_cat_to_onehot": 100}, effect),
    ("category-sets", {"max_cat_to_onehot": 1, "cat_smooth": 1, "min_data_per_group": 2}, effect),
    ("category-binary", {"objective": "binary", "min_data_per_group": 2, "cat_smooth": 1}, (effect > 0.5).astype(float)),
    ("category-zero", {"zero_as_missing": True, "min_data_per_group": 2, "cat_smooth": 1}, effect),
):
    settings = {**common, **params}
    booster = lgb.train(settings, lgb.Dataset(numeric, label, categorical_feature=[0, 1], params=settings), 8)
    entry = base(name, booster)
    entry["shared"] = share(out, "rows-categories", wild)
    entry["explained"] = share(out, "rows-explained-categories", tame)
    finish(name, entry, booster, wild, tame)

names = ["red", "green", "blue", "grün", "black & white", "a=b c"]
sizes = [30, 10, 20]


def frame(rows, unseen=False):
    known = [None if np.isnan(code) else names[int(code)] for code in rows[:, 0]]
    numbers = [None if np.isnan(code) else sizes[int(code) % 3] for code in rows[:, 1]]
    return pd.DataFrame({
        "colour": pd.Categorical(known, categories=names),
        "weight": rows[:, 2],
        "size": pd.Categorical(numbers, categories=sizes),
    })


clean = np.column_stack([
    random.choice([0, 1, 2, 3, 4, 5, np.nan], 240), random.choice(list(range(80)) + [np.nan], 240), np.resize(test_rows()[:, 0], 240)])
for objective, label in (("regression", effect), ("binary", (effect > 0.5).astype(float))):
    settings = {**common, "objective": objective, "min_data_per_group": 2, "cat_smooth": 1}
    booster = lgb.train(settings, lgb.Dataset(frame(numeric), label, params=settings), 8)
    entry = base(f"names-{objective}", booster)
    tests = frame(clean)
    entry["columns"] = [packed(tests[c].to_numpy(float)) if c == "weight" else
                        {"values": [None if pd.isna(v) else v for v in tests[c].tolist()]} for c in tests]
    finish(f"names-{objective}", entry, booster, tests, tests, contribs=False)
print(lgb.__version__, len([name for name in os.listdir(out) if name.startswith(tag + "-")]))
