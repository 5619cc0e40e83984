"""Models of the corpus."""

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import (
    BayesianRidge,
    ElasticNet,
    GammaRegressor,
    HuberRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    LogisticRegressionCV,
    Perceptron,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
    SGDRegressor,
    TweedieRegressor,
)
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    LabelBinarizer,
    LabelEncoder,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, NuSVR, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeRegressor

from data import counts, hard, mixed, mixed_rows, numeric, with_missing


def cases(version):
    """Name, fitted model, rows to predict, and what else to know of each model."""
    X, y = numeric()
    binary = np.where(y > np.median(y), "yes", "no")
    classes = np.digitize(y, np.quantile(y, [0.33, 0.66]))
    missing = with_missing(X)
    tag = version.replace(".", "")

    def numbers(name, model, target, X=X, **extra):
        model.fit(X, target)
        rows = hard(X, model)
        if "limit" in extra:
            # Beyond it, what the library says depends on how its linear algebra rounds.
            rows = rows[~(np.abs(rows) > extra["limit"]).any(axis=1)]
        return f"{name}-{tag}", model, rows, extra

    trees = dict(n_estimators=5, max_depth=5, random_state=0)
    everywhere = [
        ("logistic-binary", LogisticRegression(), binary, dict(shap="linear")),
        ("logistic-three", LogisticRegression(max_iter=500), classes, {}),
        ("linear", LinearRegression(), y, dict(shap="linear")),
        ("tree-classes", DecisionTreeClassifier(max_depth=6, random_state=0), classes, dict(shap="tree")),
        ("tree-missing", DecisionTreeRegressor(max_depth=6, random_state=0), y, dict(X=missing)),
        ("forest-classes", RandomForestClassifier(**trees), classes, dict(shap="tree")),
        ("forest-numbers", RandomForestRegressor(**trees), y, dict(shap="tree")),
        ("extra-trees", ExtraTreesClassifier(**trees), binary, dict(shap="tree")),
        ("boosting-binary", GradientBoostingClassifier(n_estimators=5, random_state=0), binary, dict(shap="tree")),
        ("boosting-three", GradientBoostingClassifier(n_estimators=2, random_state=0), classes, {}),
        ("boosting-exponential", GradientBoostingClassifier(n_estimators=4, loss="exponential"), binary, {}),
        ("boosting-numbers", GradientBoostingRegressor(n_estimators=5, random_state=0), y, dict(shap="tree")),
        ("histogram-binary", HistGradientBoostingClassifier(max_iter=6), binary, dict(X=missing, shap="tree")),
        ("histogram-three", HistGradientBoostingClassifier(max_iter=3), classes, dict(X=missing)),
        ("histogram-numbers", HistGradientBoostingRegressor(max_iter=6), y, dict(X=missing, shap="tree")),
        ("isolation", IsolationForest(n_estimators=5, max_samples=64, random_state=0), y, {}),
    ]
    for name, model, target, extra in everywhere:
        yield numbers(name, model, target, **extra)
    yield from tables(version, tag)
    from families import families

    yield from families(version, tag, numbers, X, y, binary, classes, missing)
    if version == "1.9":
        yield from newest(tag, numbers, X, y, binary, classes, missing)


def newest(tag, numbers, X, y, binary, classes, missing):
    positive = np.exp(y / 4)
    both = np.column_stack([y, -y + X[:, 1]])
    for name, model, target, extra in [
        ("logistic-lbfgs-l2", LogisticRegression(C=0.1), binary, {}),
        ("logistic-liblinear", LogisticRegression(solver="liblinear"), binary, {}),
        ("logistic-cv", LogisticRegressionCV(cv=3, max_iter=500), classes, {}),
        ("ridge", Ridge(), y, dict(shap="linear")),
        ("ridge-two", Ridge(), both, {}),
        ("ridge-classes", RidgeClassifier(), classes, {}),
        ("lasso", Lasso(alpha=0.1), y, {}),
        ("elastic-net", ElasticNet(alpha=0.1), y, {}),
        ("no-intercept", LinearRegression(fit_intercept=False), y, {}),
        ("bayesian-ridge", BayesianRidge(), y, {}),
        ("huber", HuberRegressor(max_iter=1000), y, {}),
        ("poisson", PoissonRegressor(), positive, {}),
        ("gamma", GammaRegressor(), positive, {}),
        ("tweedie", TweedieRegressor(power=1.5), positive, {}),
        ("sgd-numbers", SGDRegressor(random_state=0, eta0=1e-4), y, {}),
        ("sgd-log", SGDClassifier(loss="log_loss", random_state=0), classes, {}),
        ("sgd-huber", SGDClassifier(loss="modified_huber", random_state=0), classes, {}),
        ("sgd-hinge", SGDClassifier(random_state=0), binary, {}),
        ("perceptron", Perceptron(random_state=0), classes, {}),
        ("discriminant", LinearDiscriminantAnalysis(), classes, {}),
        ("tree-best-first", DecisionTreeClassifier(max_leaf_nodes=9, random_state=0), binary, {}),
        ("tree-two", DecisionTreeRegressor(max_depth=5), both, {}),
        ("tree-absolute", DecisionTreeRegressor(max_depth=4, criterion="absolute_error"), y, {}),
        ("tree-monotonic", DecisionTreeRegressor(max_depth=5, monotonic_cst=[1, 0, 0, 0, 0]), y, {}),
        ("extra-tree", ExtraTreeRegressor(max_depth=6, random_state=0), y, {}),
        ("extra-numbers", ExtraTreesRegressor(n_estimators=4, max_depth=5, random_state=0), y, dict(X=missing)),
        ("forest-missing", RandomForestClassifier(n_estimators=4, max_depth=5, random_state=0), classes, dict(X=missing)),
        ("boosting-huber", GradientBoostingRegressor(n_estimators=4, loss="huber", random_state=0), y, {}),
        ("boosting-quantile", GradientBoostingRegressor(n_estimators=4, loss="quantile", random_state=0), y, {}),
        ("boosting-zero", GradientBoostingClassifier(n_estimators=3, init="zero"), classes, {}),
        ("boosting-init", GradientBoostingRegressor(n_estimators=3, init=DecisionTreeRegressor(max_depth=2)), y, {}),
        ("histogram-poisson", HistGradientBoostingRegressor(max_iter=5, loss="poisson"), positive, dict(X=missing)),
        ("histogram-gamma", HistGradientBoostingRegressor(max_iter=5, loss="gamma"), positive, {}),
        ("histogram-quantile", HistGradientBoostingRegressor(max_iter=5, loss="quantile", quantile=0.8), y, {}),
        ("isolation-features", IsolationForest(n_estimators=5, max_features=3, contamination=0.1, random_state=0), y, {}),
        ("grid-search", GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [0.1, 1]}, cv=3), binary, {}),
        ("random-search", RandomizedSearchCV(Ridge(), {"alpha": [0.1, 1, 10]}, n_iter=2, cv=3, random_state=0), y, {}),
        ("scaled-standard", make_pipeline(StandardScaler(), Ridge()), y, {}),
        ("scaled-robust", make_pipeline(RobustScaler(), Ridge()), y, {}),
        ("scaled-range", make_pipeline(MinMaxScaler(clip=True), Ridge()), y, {}),
        ("scaled-absolute", make_pipeline(MaxAbsScaler(), LogisticRegression()), binary, {}),
        ("normalized", make_pipeline(Normalizer(), LogisticRegression()), binary, {}),
        ("powered", PowerTransformer(), y, {}),
        ("box-cox", make_pipeline(FunctionTransformer(np.exp), PowerTransformer(method="box-cox")), y, dict(X=X[:, :1])),
        ("quantiles", QuantileTransformer(n_quantiles=50), y, {}),
        ("binarized", Binarizer(threshold=0.5), y, {}),
        ("bins-onehot", make_pipeline(KBinsDiscretizer(4), Ridge()), y, {}),
        ("bins-ordinal", KBinsDiscretizer(5, encode="ordinal", strategy="uniform"), y, {}),
        ("imputed", make_pipeline(SimpleImputer(strategy="median", add_indicator=True), Ridge()), y, dict(X=missing)),
        ("indicator", MissingIndicator(), y, dict(X=missing)),
        ("functions", make_pipeline(FunctionTransformer(np.square), StandardScaler()), y, {}),
        ("union", make_pipeline(FeatureUnion([("a", StandardScaler()), ("b", MinMaxScaler())], transformer_weights={"b": 3}), Ridge()), y, {}),
    ]:
        yield numbers(name, model, target, **extra)


def tables(version, tag):
    frame, y = mixed()
    label = (y > np.median(y)).astype(int)
    with_none = frame.copy()
    with_none.loc[5:20, "city"] = np.nan
    with_none["city"] = with_none["city"].astype(object)
    none = with_none.copy()
    none["city"] = pd.Series([None if pd.isna(v) else v for v in none["city"]], dtype=object)

    def table(name, model, target, frame=frame, columns=None, missing=None):
        part = frame if columns is None else frame[columns]
        model.fit(part, target)
        rows = mixed_rows(frame, missing)
        return f"{name}-{tag}", model, rows if columns is None else rows[columns], {}

    text = ["city", "plan"]
    usual = ["age", "income", "visits"]
    filled = make_pipeline(SimpleImputer(), StandardScaler())
    yield table(
        "columns",
        Pipeline([("c", ColumnTransformer([("n", filled, usual), ("t", OneHotEncoder(handle_unknown="ignore"), text)])), ("m", LogisticRegression())]),
        label,
    )
    yield table(
        "columns-trees",
        make_pipeline(
            ColumnTransformer([("t", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), text)], remainder="passthrough"),
            RandomForestClassifier(n_estimators=6, max_depth=5, random_state=0),
        ),
        label,
        frame=frame.fillna({"income": 0}),
    )
    if version == "1.3":
        return
    yield table(
        "columns-filled",
        make_pipeline(
            ColumnTransformer(
                [
                    ("t", make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(drop="first")), text),
                    ("n", SimpleImputer(strategy="constant", fill_value=-1), ["income"]),
                    ("gone", "drop", ["visits"]),
                ],
                remainder=StandardScaler(),
            ),
            Ridge(),
        ),
        y,
        frame=with_none,
        missing=np.nan,
    )
    coded = frame.copy()
    coded["city"] = coded["city"].astype("category")
    coded["plan"] = coded["plan"].astype("category")
    model = HistGradientBoostingClassifier(max_iter=8, categorical_features=["city", "plan"]).fit(frame, label)
    yield f"histogram-categories-{tag}", model, mixed_rows(frame, np.nan), {}
    if version != "1.9":
        return
    yield table("onehot-infrequent", OneHotEncoder(min_frequency=30, handle_unknown="infrequent_if_exist"), label, columns=text)
    yield table("onehot-infrequent-ignore", OneHotEncoder(max_categories=3, handle_unknown="ignore", drop="if_binary"), label, columns=text)
    yield table("onehot-missing", OneHotEncoder(), label, frame=with_none, columns=text, missing=np.nan)
    yield table("onehot-none", OneHotEncoder(), label, frame=none, columns=text, missing=None)
    yield table("onehot-drop", OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False), label, columns=text)
    yield table("onehot-numbers", OneHotEncoder(handle_unknown="ignore"), label, columns=["visits"])
    yield table("ordinal", OrdinalEncoder(), label, columns=text)
    yield table(
        "ordinal-missing",
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=-2, min_frequency=20),
        label,
        frame=with_none,
        columns=text,
        missing=np.nan,
    )
    yield table("target-binary", make_pipeline(TargetEncoder(random_state=0), LogisticRegression()), label, columns=text)
    yield table("target-three", TargetEncoder(random_state=0), np.digitize(y, np.quantile(y, [0.33, 0.66])), columns=text)
    yield table("target-numbers", TargetEncoder(random_state=0), y, columns=text)
    yield table("imputed-text", make_pipeline(SimpleImputer(strategy="constant", fill_value="?"), OrdinalEncoder()), label, frame=with_none, columns=text, missing=np.nan)
    positions = ColumnTransformer([("a", StandardScaler(), [0, 4]), ("b", "passthrough", slice(1, 2))])
    yield table("columns-positions", positions, label)
