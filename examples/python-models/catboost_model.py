import catboost

from files import data, write

train, test, train_labels, test_labels = data()
model = catboost.CatBoostClassifier(iterations=50, verbose=False, allow_writing_files=False).fit(train, train_labels)
model.save_model("model.json", format="json")
write("model.json", test, test_labels, model.predict(test), model.predict_proba(test))
