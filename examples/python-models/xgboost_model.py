import xgboost

from files import data, write

train, test, train_labels, test_labels = data()
model = xgboost.XGBClassifier(n_estimators=50, max_depth=4).fit(train, train_labels)
model.save_model("model.ubj")
write("model.ubj", test, test_labels, model.predict(test), model.predict_proba(test))
