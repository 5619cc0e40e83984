# Trains one model of a library on numbers that are the same in every run, and writes it: see benchmark.ts.
import sys

import numpy as np

library, path, trees, depth, rows = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
generator = np.random.default_rng(5)
x = generator.normal(size=(rows, 30)).astype(np.float32).astype(np.float64)
y = (x[:, 0] * x[:, 1] + np.sin(3 * x[:, 2]) + generator.normal(size=rows) > 0).astype(int)
if library == "xgboost":
    import xgboost

    settings = {"objective": "binary:logistic", "max_depth": depth, "eta": 0.05, "nthread": 1, "min_child_weight": 0}
    xgboost.train(settings, xgboost.DMatrix(x, y), trees).save_model(path)
elif library == "lightgbm":
    import lightgbm

    settings = {"objective": "binary", "max_depth": depth, "num_leaves": 2**depth, "learning_rate": 0.05}
    quiet = {"verbose": -1, "num_threads": 1, "min_data_in_leaf": 2}
    lightgbm.train({**settings, **quiet}, lightgbm.Dataset(x, y), trees).save_model(path)
else:
    import catboost

    settings = {"depth": depth, "learning_rate": 0.05, "thread_count": 1, "verbose": False}
    model = catboost.CatBoostClassifier(iterations=trees, allow_writing_files=False, **settings).fit(x, y)
    model.save_model(path, format="json")
