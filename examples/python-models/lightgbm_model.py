import lightgbm

from files import data, write

train, test, train_labels, test_labels = data()
model = lightgbm.LGBMClassifier(n_estimators=50, verbose=-1).fit(train, train_labels)
model.booster_.save_model("model.txt")
write("model.txt", test, test_labels, model.predict(test), model.predict_proba(test))
