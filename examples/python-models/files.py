"""What every script writes besides its model: test data, what the library predicted, and the configuration."""

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

CONFIG = """\
datasources: {{ holdout: {{ type: csv, path: holdout.csv, tags: test }} }}
model_store: {{ location: ./model_store }}
model: {{ name: tumours, version: "1.0.0", module: ./{file}, target: benign, expected: expected.csv{more} }}
api: {{ name: tumours }}
"""


def data():
    """Thirty measurements of tumours as a DataFrame, and whether each was benign: a part to train on, and one to test on."""
    features, benign = load_breast_cancer(return_X_y=True, as_frame=True)
    features.columns = [name.replace(" ", "_") for name in features.columns]
    return train_test_split(features, benign, random_state=0)


def write(file, features, benign, labels, probabilities, more=""):
    """Writes holdout.csv, expected.csv and launchpad.yml for a model file."""
    features.assign(benign=benign).to_csv("holdout.csv", index=False)
    expected = features.assign(prediction=labels)
    for index in range(2):
        expected[f"probability_{index}"] = probabilities[:, index]
    expected.to_csv("expected.csv", index=False)
    with open("launchpad.yml", "w") as config:
        config.write(CONFIG.format(file=file, more=more))
