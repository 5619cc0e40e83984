"""Models of families beyond linear models and trees."""

import numpy as np
from cases import (
    SVC,
    SVR,
    BernoulliNB,
    CalibratedClassifierCV,
    CategoricalNB,
    ComplementNB,
    CountVectorizer,
    DecisionTreeClassifier,
    FunctionTransformer,
    GaussianNB,
    HashingVectorizer,
    KMeans,
    KNeighborsClassifier,
    KNeighborsRegressor,
    LabelBinarizer,
    LabelEncoder,
    LinearRegression,
    LinearSVC,
    LinearSVR,
    LogisticRegression,
    MiniBatchKMeans,
    MLPClassifier,
    MLPRegressor,
    MultinomialNB,
    NuSVC,
    NuSVR,
    OneClassSVM,
    PCA,
    PolynomialFeatures,
    RandomForestClassifier,
    RandomForestRegressor,
    Ridge,
    StackingClassifier,
    StackingRegressor,
    StandardScaler,
    TfidfTransformer,
    TfidfVectorizer,
    TransformedTargetRegressor,
    TruncatedSVD,
    VotingClassifier,
    VotingRegressor,
    make_pipeline,
)
from data import counts, documents, hard

REGULAR = dict(max_depth=4, random_state=0)


def families(version, tag, numbers, X, y, binary, classes, missing):
    text, labels, new = documents()
    scaled = lambda model: make_pipeline(StandardScaler(), model)
    probable = dict(probability=True, random_state=0)
    for name, model, target in [
        ("svc-binary", scaled(SVC(**probable)), binary),
        ("svc-three", scaled(SVC(**probable)), classes),
        ("neighbours", KNeighborsClassifier(), classes),
        ("neighbours-numbers", KNeighborsRegressor(), y),
        ("gaussian-bayes", GaussianNB(), classes),
        ("network", scaled(MLPClassifier((8, 6), max_iter=25, random_state=0)), classes),
        ("means", KMeans(5, n_init=2, random_state=0), y),
        ("calibrated-sigmoid", CalibratedClassifierCV(LinearSVC(dual=False), cv=3), binary),
        ("calibrated-isotonic", CalibratedClassifierCV(RandomForestClassifier(n_estimators=2, **REGULAR), cv=3, method="isotonic"), classes),
        ("components", make_pipeline(StandardScaler(), PCA(3), LogisticRegression()), classes),
        ("polynomials", make_pipeline(StandardScaler(), PolynomialFeatures(3), Ridge()), y),
        ("target-logarithm", TransformedTargetRegressor(Ridge(), func=np.log1p, inverse_func=np.expm1), np.exp(y / 4)),
        ("voting-soft", VotingClassifier([("a", LogisticRegression(max_iter=500)), ("b", DecisionTreeClassifier(**REGULAR))], voting="soft", weights=[2, 1]), classes),
        ("stacking", StackingClassifier([("a", GaussianNB()), ("b", DecisionTreeClassifier(**REGULAR))], cv=3), binary),
    ]:
        yield numbers(name, model, target)
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(text, labels)
    yield f"text-tfidf-{tag}", model, new, {}
    if version != "1.9":
        return
    both = np.column_stack([y, -y + X[:, 1]])
    whole = np.round(X)
    for name, model, target, *more in [
        ("svc-linear", SVC(kernel="linear"), binary),
        ("svc-poly", scaled(SVC(kernel="poly", degree=3, coef0=1)), classes),
        ("svc-sigmoid", scaled(SVC(kernel="sigmoid")), binary),
        ("svc-pairs", scaled(SVC(decision_function_shape="ovo")), classes),
        ("svc-ties", scaled(SVC(break_ties=True)), classes),
        ("svc-five", scaled(SVC(**probable)), np.digitize(y, np.quantile(y, [0.2, 0.4, 0.6, 0.8]))),
        ("nu-svc", scaled(NuSVC(nu=0.3, **probable)), binary),
        ("svr", scaled(SVR()), y),
        ("svr-linear", scaled(SVR(kernel="linear")), y),
        ("nu-svr", scaled(NuSVR()), y),
        ("one-class", scaled(OneClassSVM(nu=0.1)), y),
        ("linear-svc", LinearSVC(dual=False), classes),
        ("linear-svr", LinearSVR(dual=False, loss="squared_epsilon_insensitive"), y),
        ("neighbours-distance", KNeighborsClassifier(7, weights="distance"), classes),
        ("neighbours-manhattan", KNeighborsClassifier(p=1), binary),
        ("neighbours-chebyshev", KNeighborsRegressor(4, metric="chebyshev", weights="distance"), both),
        ("neighbours-p3", KNeighborsRegressor(4, p=3), y),
        ("neighbours-brute", KNeighborsClassifier(algorithm="brute"), classes, whole),
        ("neighbours-brute-manhattan", KNeighborsRegressor(algorithm="brute", p=1, weights="distance"), y),
        ("neighbours-alike", KNeighborsClassifier(6, leaf_size=5), classes, whole),
        ("network-binary", scaled(MLPClassifier((6,), activation="tanh", max_iter=25, random_state=0)), binary),
        ("network-logistic", scaled(MLPClassifier((6,), activation="logistic", max_iter=25, random_state=0)), classes),
        ("network-numbers", scaled(MLPRegressor(hidden_layer_sizes=(8,), max_iter=25, random_state=0)), both),
        ("means-batches", MiniBatchKMeans(4, n_init=2, random_state=0), y),
        ("components-white", PCA(3, whiten=True), y),
        ("truncated", TruncatedSVD(3, random_state=0), y),
        ("polynomials-alone", PolynomialFeatures((2, 4), interaction_only=True, include_bias=False), y),
        ("polynomials-range", PolynomialFeatures((2, 3)), y),
        ("target-scaled", TransformedTargetRegressor(LinearRegression(), transformer=StandardScaler()), y),
        ("voting-hard", VotingClassifier([("a", LogisticRegression(max_iter=500)), ("b", DecisionTreeClassifier(**REGULAR)), ("c", GaussianNB())]), binary),
        ("voting-numbers", VotingRegressor([("a", Ridge()), ("b", RandomForestRegressor(n_estimators=3, **REGULAR))]), y),
        ("stacking-numbers", StackingRegressor([("a", Ridge()), ("b", RandomForestRegressor(n_estimators=3, **REGULAR))], cv=3, passthrough=True), y),
        ("stacking-three", StackingClassifier([("a", LogisticRegression(max_iter=500)), ("b", DecisionTreeClassifier(**REGULAR))], final_estimator=DecisionTreeClassifier(**REGULAR), cv=3), classes),
        ("calibrated-forest", CalibratedClassifierCV(RandomForestClassifier(n_estimators=2, **REGULAR), cv=3, ensemble=False), binary),
    ]:
        extra = {"X": more[0]} if more else {}
        if name == "neighbours-brute":
            extra["limit"] = 1e100
        # Terms of these sums cancel: how many digits are left depends on the order in which they are added.
        if name.startswith(("svc", "nu-sv", "svr")):
            extra["tolerance"] = 1e-8 if name == "svc-linear" else 1e-11
        yield numbers(name, model, target, **extra)
    numbers_of, kinds = counts()
    rows = np.abs(hard(numbers_of))
    for name, model in [
        ("multinomial-bayes", MultinomialNB()),
        ("bernoulli-bayes", BernoulliNB(binarize=1.5)),
        ("complement-bayes", ComplementNB()),
        ("categorical-bayes", CategoricalNB()),
    ]:
        yield f"{name}-{tag}", model.fit(numbers_of, kinds), counts(10)[0] if name.startswith("categorical") else rows, {}
    for name, model in [
        ("text-counts", make_pipeline(CountVectorizer(ngram_range=(1, 2), min_df=2), MultinomialNB())),
        ("text-letters", CountVectorizer(analyzer="char_wb", ngram_range=(2, 3), max_features=60)),
        ("text-chars", TfidfVectorizer(analyzer="char", ngram_range=(1, 2), max_features=60, norm="l1")),
        ("text-sublinear", TfidfVectorizer(sublinear_tf=True, stop_words="english", binary=False)),
        ("text-weights", make_pipeline(CountVectorizer(binary=True, stop_words=["the", "and"]), TfidfTransformer(use_idf=False), LogisticRegression())),
        ("text-hashes", make_pipeline(HashingVectorizer(n_features=256), LogisticRegression())),
        ("text-truncated", make_pipeline(TfidfVectorizer(), TruncatedSVD(4, random_state=0))),
    ]:
        yield f"{name}-{tag}", model.fit(text, labels), new, {}
    words = ["no", "maybe", "yes", "maybe"]
    yield f"labels-{tag}", LabelEncoder().fit(words), words * 50, dict(flat=True)
    yield f"labels-columns-{tag}", LabelBinarizer(neg_label=-1).fit(words), words * 50, dict(flat=True)
