"""Trains the models of CatBoost and writes what the library predicts of them."""

import base64
import json
import os
import sys
import tempfile

import catboost as cb
import numpy as np
import pandas as pd

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import argument, at_thresholds, packed, share, target, test_rows, training_rows, write  # noqa: E402

out, tag = argument("out"), argument("tag")
X = training_rows()
y = target(X)
common = {"iterations": 8, "depth": 3, "learning_rate": 0.4, "verbose": 0, "allow_writing_files": False,
          "thread_count": 1, "random_seed": 1, "border_count": 32}
explained = 12
count = 0


def file_of(model, pool):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        model.save_model(path, format="json", pool=pool)
        with open(path, "rb") as file:
            raw = file.read()
    document = json.loads(raw)
    # What training logged is of no use here, and most of a small file.
    for field in ("training", "output_options", "train_finish_time", "model_guid"):
        document["model_info"].pop(field, None)
    return json.dumps(document).encode()


def thresholds_of(raw):
    found = {}
    for feature in json.loads(raw)["features_info"].get("float_features", []):
        found[feature["flat_feature_index"]] = feature["borders"]
    return found


def predict(model, data, loss):
    kind = {"Logloss": "Probability", "CrossEntropy": "Probability", "Focal": "Probability", "MultiClass": "Probability",
            "MultiClassOneVsAll": "Probability", "MultiLogloss": "Probability", "MultiCrossEntropy": "Probability",
            "Poisson": "Exponent", "Tweedie": "Exponent", "RMSEWithUncertainty": "RMSEWithUncertainty",
            "LogLinQuantile": "Exponent"}.get(loss.split(":")[0], "RawFormulaVal")
    return model.predict(data, prediction_type=kind)


def finish(name, model, pool, data, few, entry):
    global count
    loss = model.get_all_params()["loss_function"]
    entry["expected"] = packed(np.asarray(predict(model, data, loss), dtype="f8"))
    entry["margins"] = packed(np.asarray(model.predict(data, prediction_type="RawFormulaVal"), dtype="f8"))
    if loss.split(":")[0] in ("Logloss", "CrossEntropy", "Focal", "MultiClass", "MultiClassOneVsAll"):
        classes = list(model.classes_) if len(model.classes_) else [0, 1]
        labels = np.asarray(model.predict(data, prediction_type="Class")).ravel()
        position = {str(value): index for index, value in enumerate(classes)}
        entry["labels"] = packed(np.array([position[str(label)] for label in labels], dtype="int32"))
    if few is not None:
        shap = model.get_feature_importance(cb.Pool(few, cat_features=pool.get_cat_feature_indices()), type="ShapValues")
        raw = np.asarray(model.predict(few, prediction_type="RawFormulaVal"))
        if np.allclose(np.asarray(shap).sum(axis=-1), raw, rtol=1e-6, atol=1e-6):
            entry["contributions"] = packed(np.asarray(shap, dtype="f8"))
        else:
            # CatBoost 1.2.2 has contributions of some trees that do not add up to its own scores.
            print(name, "has contributions that are wrong in the library itself")
    write(out, f"{tag}-{name}", entry)
    count += 1


def base(name, raw):
    return {"name": name, "library": f"catboost {cb.__version__}", "extension": ".json", "file": base64.b64encode(raw).decode()}


def save(name, params, labels=None, rows=X, contribs=True, **data):
    pool = cb.Pool(rows, y if labels is None else labels, **data)
    model = cb.CatBoost({**common, **params})
    model.fit(pool)
    raw = file_of(model, pool)
    entry = base(name, raw)
    first = test_rows()
    second = at_thresholds(thresholds_of(raw), 6, np.float32)
    few = test_rows(True)[-explained:]
    entry["shared"] = share(out, "rows", first)
    entry["rows"] = packed(second)
    if contribs:
        entry["explained"] = share(out, "rows-explained", few)
    finish(name, model, pool, np.vstack([first, second]), few if contribs else None, entry)


positive = np.exp(np.clip(y / 3, -2, 2))
binary = (y > 0).astype(int)
three = np.digitize(y, [-0.7, 0.9])
grades = np.digitize(y, [-1.0, 0.3, 1.5])
groups = {"group_id": np.repeat(np.arange(20), 20)}
both = np.column_stack([y, -2 * y])
marks = np.column_stack([binary, three > 0]).astype(int)
words = np.array(["low", "middle", "high"])[three]

for policy in ("SymmetricTree", "Depthwise", "Lossguide"):
    grow = {"grow_policy": policy}
    short = policy.lower()[:5]
    save(f"rmse-{short}", {"loss_function": "RMSE", **grow})
    save(f"logloss-{short}", {"loss_function": "Logloss", **grow}, binary)
    save(f"multiclass-{short}", {"loss_function": "MultiClass", **grow}, three)
    save(f"nan-max-{short}", {"loss_function": "RMSE", "nan_mode": "Max", **grow})
    save(f"words-{short}", {"loss_function": "MultiClass", **grow}, words)
for loss in ("MAE", "Quantile:alpha=0.3", "Expectile:alpha=0.3", "LogCosh", "Lq:q=1.5", "Huber:delta=1", "MAPE",
             "MultiQuantile:alpha=0.2,0.8"):
    save(loss.split(":")[0].lower(), {"loss_function": loss})
save("uncertainty", {"loss_function": "RMSEWithUncertainty"}, contribs=False)
for loss in ("Poisson", "Tweedie:variance_power=1.5", "LogLinQuantile:alpha=0.5"):
    save(loss.split(":")[0].lower(), {"loss_function": loss}, positive)
save("crossentropy", {"loss_function": "CrossEntropy"}, (binary + 0.1) / 1.3)
save("focal", {"loss_function": "Focal:focal_alpha=0.3;focal_gamma=2"}, binary)
save("onevsall", {"loss_function": "MultiClassOneVsAll"}, three)
save("multirmse", {"loss_function": "MultiRMSE"}, both)
save("multilogloss", {"loss_function": "MultiLogloss"}, marks)
save("cox", {"loss_function": "Cox"}, np.where(binary > 0, positive, -positive))
for loss in ("YetiRank", "QueryRMSE", "QuerySoftMax", "PairLogit"):
    save(loss.lower(), {"loss_function": loss}, grades / 3, **groups)
save("texts-binary", {"loss_function": "Logloss"}, np.where(binary, "yes", "no"))
save("deep", {"loss_function": "RMSE", "depth": 7, "iterations": 3})
save("zero-depth", {"loss_function": "RMSE", "depth": 1, "iterations": 20})
save("ordered", {"loss_function": "RMSE", "boosting_type": "Ordered"})
save("no-nan", {"loss_function": "RMSE"}, rows=np.nan_to_num(X, nan=0.5))
save("weights", {"loss_function": "Logloss", "auto_class_weights": "Balanced"}, binary)

# Categories: a few are compared one by one.
random = np.random.RandomState(17)
names = np.array(["red", "green", "blue", "grün", "black & white", "x" * 40])
codes = random.randint(0, 6, 400)
sizes = random.randint(0, 4, 400)
effect = np.array([0.0, 2.0, -1.0, 3.0, -2.0, 0.5])[codes] + sizes + np.nan_to_num(X[:, 0])


def frame(colours, numbers, weights):
    return pd.DataFrame({"colour": colours, "weight": weights, "size": numbers})


train = frame(names[codes], sizes, X[:, 0])
tests = frame(np.append(names, ["never", ""])[random.randint(0, 8, 240)], random.randint(-1, 6, 240), np.resize(test_rows()[:, 0], 240))
for policy in ("SymmetricTree", "Depthwise"):
    for loss, label in (("RMSE", effect), ("MultiClass", np.digitize(effect, [0, 2])), ("Logloss", (effect > 1).astype(int))):
        pool = cb.Pool(train, label, cat_features=["colour", "size"])
        model = cb.CatBoost({**common, "loss_function": loss, "one_hot_max_size": 20, "grow_policy": policy, "depth": 4})
        model.fit(pool)
        name = f"category-{loss.lower()}-{policy.lower()[:5]}"
        entry = base(name, file_of(model, pool))
        entry["columns"] = [{"values": tests["colour"].tolist()}, packed(tests["weight"].to_numpy(float)),
                            {"values": tests["size"].tolist()}]
        finish(name, model, pool, tests, None, entry)
pool = cb.Pool(train, effect, cat_features=["colour", "size"])
model = cb.CatBoost({**common, "loss_function": "RMSE", "one_hot_max_size": 1})
model.fit(pool)
write(out, f"refused-{tag}-ctr", base("ctr", file_of(model, pool)))
model = cb.CatBoost({**common, "loss_function": "RMSE", "one_hot_max_size": 20})
model.fit(pool)
write(out, f"refused-{tag}-texts", base("texts", file_of(model, None)))
print(cb.__version__, count)
