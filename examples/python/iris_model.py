from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.tree import DecisionTreeClassifier


def train(run):
    petals = run.order_columns(run.source("petals").frame())
    run.report("petals", petals)
    tree = DecisionTreeClassifier(max_depth=run.config["max_depth"], random_state=0)
    return tree.fit(petals.drop(columns="variety"), petals["variety"])


def test(model, run):
    petals = run.order_columns(run.source("petals_test").frame())
    predicted = model.predict(petals.drop(columns="variety"))
    return {
        "accuracy": accuracy_score(petals["variety"], predicted),
        "confusion_matrix": confusion_matrix(petals["variety"], predicted),
    }


def predict_batch(model, frame, run):
    petals = run.order_columns(frame)
    return [{"variety": variety} for variety in model.predict(petals)]
