# Measures the library itself with one thread, and prints that as JSON: see benchmark.ts.
import json
import os
import re
import sys
import time

import numpy as np

library, path, rows_path, columns = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
rows = np.fromfile(rows_path).reshape(-1, columns)
one = rows[:1]
# What calls a model row by row knows its parameters before.
if library == "xgboost":
    import xgboost

    def load():
        model = xgboost.Booster(model_file=path)
        model.set_param({"nthread": 1})
        return model

    def predict(model, rows):
        return model.inplace_predict(rows)

elif library == "lightgbm":
    import lightgbm

    def load():
        return lightgbm.Booster(model_file=path)

    def predict(model, rows):
        return model.predict(rows, num_threads=1)

else:
    import catboost

    def load():
        model = catboost.CatBoostClassifier()
        model.load_model(path, format="json")
        return model

    def predict(model, rows):
        return model.predict(rows, prediction_type="Probability", thread_count=1)[:, 1]


def resident():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) * 1024


before = resident()
start = time.perf_counter()
model = load()
loading = time.perf_counter() - start
memory = resident() - before
found = predict(model, rows)
times = []
for _ in range(300):
    start = time.perf_counter()
    predict(model, one)
    times.append(time.perf_counter() - start)
start = time.perf_counter()
predict(model, rows)
batch = time.perf_counter() - start
print(json.dumps({
    "one": sorted(times)[len(times) // 2] * 1e6,
    "batch": len(rows) / batch,
    "load": loading * 1e3,
    "memory": memory / os.path.getsize(path),
    "sum": float(np.sum(found)),
}))
