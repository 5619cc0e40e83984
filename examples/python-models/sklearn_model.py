import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from files import data, write

train, test, train_labels, test_labels = data()
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(train, train_labels)
skops.io.dump(model, "model.skops")
write("model.skops", test, test_labels, model.predict(test), model.predict_proba(test))
