# Trains the iris tree with scikit-learn, as the iris example trains its own: python train.py CSV FORM OUT
# FORM says how it is kept: joblib, or as MLflow keeps models.
import csv
import sys

from sklearn.tree import DecisionTreeClassifier

path, form, out = sys.argv[1:]
with open(path, newline="") as file:
    rows = list(csv.DictReader(file))
names = ["sepal.length", "sepal.width", "petal.length", "petal.width"]
tree = DecisionTreeClassifier(max_depth=4, random_state=0)
tree.fit([[float(row[name]) for name in names] for row in rows], [row["variety"] for row in rows])

if form == "joblib":
    import joblib

    joblib.dump(tree, out)
else:
    import mlflow
    import pandas

    example = pandas.DataFrame([[4.9, 2.4, 3.3, 1.0]], columns=names)
    # It is ours, made two lines above.
    trusted = ["sklearn.tree._tree.Tree"]
    mlflow.sklearn.save_model(tree, out, input_example=example, pip_requirements=[], skops_trusted_types=trusted)
