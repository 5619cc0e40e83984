"""Trains the models of XGBoost and writes what the library predicts of them."""

import base64
import json
import os
import sys
import warnings

import numpy as np
import pandas as pd
import xgboost as xgb

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import argument, at_thresholds, packed, share, target, test_rows, training_rows, write  # noqa: E402

warnings.filterwarnings("ignore")
out, tag = argument("out"), argument("tag")
version = tuple(int(part) for part in xgb.__version__.split(".")[:2])
X = training_rows()
y = target(X)
common = {"eta": 0.4, "max_depth": 3, "nthread": 1, "seed": 1, "base_score": None}
explained = 12


def document(booster):
    return json.loads(bytes(booster.save_raw("json")))


def thresholds_of(booster):
    found = {}
    gradient = document(booster)["learner"]["gradient_booster"]
    model = gradient.get("gbtree", gradient).get("model", {})
    for tree in model.get("trees", []):
        for left, feature, condition in zip(tree["left_children"], tree["split_indices"], tree["split_conditions"]):
            if left != -1:
                found.setdefault(feature, []).append(condition)
    return found


def base(name, booster, raw):
    return {
        "name": name,
        "library": f"xgboost {xgb.__version__}",
        "file": base64.b64encode(raw).decode(),
        "extension": ".json" if raw[1:2] in b'" \n' else ".ubj",
    }


def save(name, params, labels=None, rounds=8, form="ubj", finite=False, train=None, edit=None, limit=None, contribs=True,
         weights=None, **data):
    """Trains on the rows, predicts the hard ones, and writes both."""
    params = {key: value for key, value in {**common, **params}.items() if value is not None}
    matrix = xgb.DMatrix(X, label=y if labels is None else labels, **data)
    if weights is not None:
        matrix.set_weight(weights)
    booster = train(params, matrix) if train else xgb.train(params, matrix, rounds)
    raw = bytes(booster.save_raw(form))
    if edit:
        raw = edit(raw)
    linear = params.get("booster") == "gblinear"
    # Dropout by `inplace_predict` was less exact than by a matrix, which takes no infinity.
    by_matrix = linear or params.get("booster") == "dart"
    first = test_rows(finite or by_matrix)
    second = at_thresholds(thresholds_of(booster), 6, np.float32)
    rows = np.vstack([first, second])
    rng = (0, limit) if limit else (0, 0)

    def predict(rows, margin=False):
        if by_matrix:
            return booster.predict(xgb.DMatrix(rows), output_margin=margin)
        return booster.inplace_predict(rows, iteration_range=rng, predict_type="margin" if margin else "value")

    entry = base(name, booster, raw)
    entry["shared"] = share(out, "rows-finite" if finite or by_matrix else "rows", first)
    entry["rows"] = packed(second)
    entry["expected"] = packed(predict(rows).astype("f4"))
    entry["margins"] = packed(predict(rows, True).astype("f4"))
    if contribs:
        few = training_rows(99, explained) if linear else test_rows(True)[-explained:]
        matrix = xgb.DMatrix(few)
        entry["explained"] = share(out, "rows-explained-linear" if linear else "rows-explained", few)
        entry["contributions"] = packed(booster.predict(matrix, pred_contribs=True, iteration_range=rng).astype("f4"))
    if contribs and not linear:
        gains = booster.get_score(importance_type="total_gain")
        entry["gains"] = packed(np.array([gains.get(f"f{i}", 0.0) for i in range(6)]))
    write(out, f"{tag}-{name}", entry)


positive = np.exp(np.clip(y / 3, -2, 2))
binary = (y > 0).astype(float)
three = np.digitize(y, [-0.7, 0.9]).astype(float)
groups = [20] * 20
grades = np.digitize(y, [-1.0, 0.3, 1.5]).astype(float)
form = "json" if tag == "1.7" else "ubj"

save("squarederror", {"objective": "reg:squarederror"}, form="json")
save("squarederror-ubj", {"objective": "reg:squarederror", "tree_method": "exact"}, form="ubj")
save("logistic", {"objective": "binary:logistic"}, binary, form="ubj")
save("logistic-base", {"objective": "binary:logistic", "base_score": 0.2}, binary, form="json")
save("softprob", {"objective": "multi:softprob", "num_class": 3}, three, form=form)
save("softmax", {"objective": "multi:softmax", "num_class": 3}, three, form="json")
save("poisson", {"objective": "count:poisson", "max_delta_step": 0.7}, np.round(positive), form=form)
save("multi-output", {"objective": "reg:squarederror"}, np.column_stack([y, -2 * y, y * y]), form=form)
save("rank-ndcg", {"objective": "rank:ndcg"}, grades, form=form, group=groups)
dart = {"booster": "dart", "rate_drop": 0.4, "skip_drop": 0.1, "objective": "binary:logistic"}
save("dart", dart, binary, rounds=12, form=form)
save("linear", {"booster": "gblinear", "objective": "reg:squarederror", "max_depth": None}, form="json")


def with_stop(params, matrix):
    held = xgb.DMatrix(training_rows(21, 200), label=np.roll(target(training_rows(21, 200)), 3))
    return xgb.train(params, matrix, 30, evals=[(held, "held")], early_stopping_rounds=3, verbose_eval=False)


def limit_of(params, labels):
    """Iterations that early stopping counts."""
    matrix = xgb.DMatrix(X, label=labels)
    return with_stop({**{k: v for k, v in common.items() if v is not None}, **params}, matrix).best_iteration + 1


save("early", {"objective": "reg:squarederror"}, form=form, train=with_stop,
     limit=limit_of({"objective": "reg:squarederror"}, y))

if tag in ("1.7", "3.4"):
    save("linear-multi", {"booster": "gblinear", "objective": "multi:softprob", "num_class": 3, "max_depth": None}, three, form="json")
    save("logistic-regression", {"objective": "reg:logistic"}, (binary + 0.1) / 1.3, form=form)
    save("logitraw", {"objective": "binary:logitraw"}, binary, form=form)
    save("hinge", {"objective": "binary:hinge"}, binary, form=form)
    save("squaredlog", {"objective": "reg:squaredlogerror"}, positive, form=form)
    save("pseudohuber", {"objective": "reg:pseudohubererror"}, form=form)
    save("absolute", {"objective": "reg:absoluteerror"}, form=form)
    save("gamma", {"objective": "reg:gamma"}, positive, form=form)
    save("tweedie", {"objective": "reg:tweedie", "tweedie_variance_power": 1.3}, positive, form=form)
    save("cox", {"objective": "survival:cox"}, np.where(binary > 0, positive, -positive), form=form)
    save("aft", {"objective": "survival:aft"}, form=form, label_lower_bound=positive, label_upper_bound=positive * 1.5)
    save("rank-pairwise", {"objective": "rank:pairwise"}, grades, form=form, group=groups)
    save("rank-map", {"objective": "rank:map"}, (grades > 1).astype(float), form=form, group=groups)
    save("forest", {"objective": "binary:logistic", "num_parallel_tree": 4, "subsample": 0.6, "eta": 1}, binary, rounds=3, form=form)
    save("lossguide", {"tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 24, "max_depth": 0}, rounds=4, form=form)
    save("gamma-pruned", {"gamma": 2.0, "tree_method": "exact", "max_depth": 6}, rounds=6, form=form)
    save("approx", {"tree_method": "approx"}, form=form)
    save("dart-multi", {"booster": "dart", "rate_drop": 0.5, "objective": "multi:softprob", "num_class": 3}, three, form="json")
    save("stumps", {"max_depth": 1}, form=form, rounds=20)
    save("constant", {"max_depth": 2}, np.full(len(y), 1.5), form=form)
    save("multi-label", {"objective": "binary:logistic"}, np.column_stack([binary, 1 - binary, three > 0]), form=form)
if version >= (2, 0):
    quantiles = {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9]}
    save("quantile", quantiles, form=form)
    vector = {"multi_strategy": "multi_output_tree", "tree_method": "hist"}
    save("vector-leaves", vector, np.column_stack([y, -2 * y, y * y]), form="json", contribs=version >= (3, 4))
    save("vector-classes", {**vector, "objective": "multi:softprob", "num_class": 3}, three, contribs=version >= (3, 4))
if version >= (3, 2):
    save("expectile", {"objective": "reg:expectileerror", "expectile_alpha": [0.2, 0.5, 0.8]})

# Categories: codes by themselves, and names of a data frame.
random = np.random.RandomState(17)
names = ["red", "green", "blue", "grün", "black & white", "x" * 40]
codes = random.randint(0, 6, 400)
many = random.randint(0, 40, 400)
effect = np.array([0.0, 2.0, -1.0, 3.0, -2.0, 0.5])[codes] + np.sin(many) * 2 + np.nan_to_num(X[:, 0])
numeric = np.column_stack([codes, many, X[:, 0]]).astype(float)
numeric[random.rand(400) < 0.05, 0] = np.nan
types = ["c", "c", "q"]
tests = np.column_stack([
    random.choice([0, 1, 2, 3, 4, 5, np.nan], 240),
    random.choice(list(range(45)) + [np.nan], 240),
    np.resize(test_rows(True)[:, 0], 240),
]).astype(float)
wild = tests.copy()
wild[:60, 0] = random.choice([-1, 6, 31, 32, 33, 63, 64, 1000, 16777215, 16777216, 2e7, 2.5, 0.9], 60)
modes = {"onehot": 100, "partition": 1}
for mode, most in modes.items():
    for objective, label in (("reg:squarederror", effect), ("binary:logistic", (effect > 0.5).astype(float))):
        params = {"objective": objective, "tree_method": "hist", "max_cat_to_onehot": most, "max_depth": 4, "nthread": 1}
        matrix = xgb.DMatrix(numeric, label=label, feature_types=types, enable_categorical=True)
        booster = xgb.train(params, matrix, 8)
        raw = bytes(booster.save_raw("json" if objective[0] == "r" else "ubj"))
        entry = base(f"category-{mode}-{objective.split(':')[1]}", booster, raw)
        rows = xgb.DMatrix(wild, feature_types=types, enable_categorical=True)
        entry["shared"] = share(out, "rows-categories", wild)
        entry["expected"] = packed(booster.predict(rows).astype("f4"))
        entry["margins"] = packed(booster.predict(rows, output_margin=True).astype("f4"))
        few = xgb.DMatrix(tests[:explained], feature_types=types, enable_categorical=True)
        entry["explained"] = share(out, "rows-explained-categories", tests[:explained])
        entry["contributions"] = packed(booster.predict(few, pred_contribs=True).astype("f4"))
        write(out, f"{tag}-{entry['name']}", entry)

if version >= (3, 1):
    if version < (3, 4):
        # These versions write names beyond ASCII with wrong ends; nobody can tell what they were.
        matrix = xgb.DMatrix(pd.DataFrame({"colour": pd.Categorical.from_codes(codes, categories=names)}), label=effect, enable_categorical=True)
        write(out, f"refused-{tag}-names", base("names-broken", xgb.train({}, matrix, 1), bytes(xgb.train({}, matrix, 1).save_raw("ubj"))))
        names[3] = "green too"

    def frame(rows, unseen=False):
        known = [None if np.isnan(code) else names[int(code)] for code in rows[:, 0]]
        numbers = [None if np.isnan(code) else int(code) * 10 for code in rows[:, 1] % 12]
        return pd.DataFrame({
            "colour": pd.Categorical(known, categories=names),
            "size": pd.Categorical(numbers, categories=[i * 10 for i in range(12)]),
            "weight": rows[:, 2],
        })

    for kind in ("texts", "both"):
        train_frame, test_frame = frame(numeric), frame(tests)
        if kind == "texts":
            train_frame, test_frame = train_frame.drop(columns="size"), test_frame.drop(columns="size")
        booster = xgb.train({"tree_method": "hist", "max_depth": 4}, xgb.DMatrix(train_frame, label=effect, enable_categorical=True), 8)
        for form in ("json", "ubj"):
            entry = base(f"names-{kind}-{form}", booster, bytes(booster.save_raw(form)))
            rows = xgb.DMatrix(test_frame, enable_categorical=True)
            columns = []
            for column in test_frame:
                values = test_frame[column]
                columns.append(packed(values.to_numpy(float)) if column == "weight" else
                               {"values": [None if pd.isna(v) else v for v in values.tolist()]})
            entry["columns"] = columns
            entry["expected"] = packed(booster.predict(rows).astype("f4"))
            entry["margins"] = packed(booster.predict(rows, output_margin=True).astype("f4"))
            write(out, f"{tag}-{entry['name']}", entry)
print(xgb.__version__, len([name for name in os.listdir(out) if name.startswith(tag + "-")]))
