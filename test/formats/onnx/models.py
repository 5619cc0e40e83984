"""Models to convert: each a name, and a function that gives the ONNX model, columns of rows, and whether some are missing."""

import alone
import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from onnx import TensorProto, helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as MlFloat
from skl2onnx import convert_sklearn
from skl2onnx.common import _container
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, BaggingRegressor, ExtraTreesClassifier, ExtraTreesRegressor,
    GradientBoostingClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor,
    IsolationForest, RandomForestClassifier, RandomForestRegressor, StackingClassifier, StackingRegressor, VotingClassifier, VotingRegressor,
)
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    BayesianRidge, ElasticNet, GammaRegressor, HuberRegressor, Lasso, LinearRegression, LogisticRegression, Perceptron,
    PoissonRegressor, QuantileRegressor, Ridge, RidgeClassifier, SGDClassifier, SGDRegressor, TweedieRegressor,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    Binarizer, KBinsDiscretizer, LabelEncoder, MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder,
    PolynomialFeatures, PowerTransformer, RobustScaler, StandardScaler,
)
from sklearn.svm import NuSVC, NuSVR, SVC, SVR, LinearSVC, LinearSVR, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from xgboost import XGBClassifier, XGBRegressor

# Converters give numbers of NumPy, which newer versions of onnx take for no integers.
make_node = _container.make_node
_container.make_node = lambda *names, **attributes: make_node(*names, **{name: plain(value) for name, value in attributes.items()})


def plain(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [int(each) if isinstance(each, (np.integer, np.bool_, bool)) else each for each in value] if isinstance(value, list) else value


features = 5
random = np.random.RandomState(3)
X = random.randn(260, features)
X[:, 0] = np.round(X[:, 0] * 4) / 4
X[:, 1] = random.randint(0, 6, len(X))
X[:, 3] *= 100
X = X.astype(np.float32).astype(np.float64)
signal = X[:, 0] + 0.3 * X[:, 1] * (X[:, 2] > 0) + 0.01 * X[:, 3] + 0.2 * random.randn(len(X))
yr = signal
y2 = (signal > np.median(signal)).astype(int)
y3 = np.digitize(signal, np.quantile(signal, [0.33, 0.66]))
ys = np.array(["low", "mid", "high"])[y3]
yn = np.array([7, -2])[y2]
XM = X.copy()
XM[random.rand(*XM.shape) < 0.1] = np.nan

tame = np.vstack([X[:120], X[:80] + random.randn(80, features) * 0.3, np.round(X[100:140] * 3), np.zeros((1, features))])
tame = tame.astype(np.float32).astype(np.float64)
hard = [0.0, -0.0, 1e-45, -1e-38, 1e30, -1e30, 3.4e38, -3.4e38, 16777217.0, 0.1, np.inf, -np.inf, 64.0]


def rows(thresholds=None, missing=False):
    """Rows like those of training; for trees also hard values, and values at their thresholds and next to them."""
    found = [tame]
    if thresholds is not None:
        chance = np.random.RandomState(17)
        Y = X[:50].copy()
        mask = chance.rand(*Y.shape) < 0.35
        Y[mask] = chance.choice(hard + ([np.nan] * 4 if missing else []), int(mask.sum()))
        Z = X[50:90].copy()
        for feature, own in thresholds.items():
            for row in range(len(Z)):
                value = np.float32(own[chance.randint(len(own))])
                step = chance.randint(3)
                with np.errstate(all="ignore"):
                    Z[row, feature] = value if step == 0 else np.nextafter(value, np.float32(np.inf if step == 1 else -np.inf))
        found += [Y, Z]
    return np.vstack(found)


def thresholds_of(model):
    found = {}
    for node in model.graph.node:
        if not node.op_type.startswith("TreeEnsemble"):
            continue
        attributes = {a.name: a for a in node.attribute}
        values = list(attributes["nodes_values"].floats) if "nodes_values" in attributes else []
        for feature, value, mode in zip(attributes["nodes_featureids"].ints, values, attributes["nodes_modes"].strings):
            if mode != b"LEAF" and feature < features:
                found.setdefault(feature, []).append(value)
    return found or None


def options_of(model, zipmap, **more):
    return {id(model): {"zipmap": zipmap, **more}} if zipmap is not None else more.get("options")


def sk(model, y, zipmap=None, kind="float", opset=None, data=None, missing=False, hard_rows=True, transform=False, **options):
    """Converts a model of scikit-learn that takes one matrix."""

    def make():
        fitted = model.fit(X if data is None else data, y) if y is not None else model.fit(X if data is None else data)
        taken = (FloatTensorType if kind == "float" else DoubleTensorType)([None, features])
        chosen = {} if zipmap is None and not options else {id(fitted): {**({} if zipmap is None else {"zipmap": zipmap}), **options}}
        onnx_model = convert_sklearn(fitted, initial_types=[("X", taken)], options=chosen, target_opset=opset)
        asked = rows(thresholds_of(onnx_model) if hard_rows else None, missing)
        if data is not None and not missing and np.nanmin(data) >= 0:
            asked = np.clip(np.abs(asked), 0, 6)
        return onnx_model, list(asked.T), missing

    return make


def boosted(model, y, convert, opset=None, missing=True):
    def make():
        fitted = model.fit(XM if missing else X, y)
        onnx_model = convert(fitted, initial_types=[("X", MlFloat([None, features]))], target_opset=opset)
        return onnx_model, list(rows(thresholds_of(onnx_model), missing).T), missing

    return make


colours = np.array(["red", "green", "blue"])[random.randint(0, 3, len(X))]
sizes = np.array(["S", "M", "L", "XL"])[random.randint(0, 4, len(X))]
counts = random.randint(0, 9, len(X))
frame = pd.DataFrame({"age": X[:, 0], "income": X[:, 3], "count": counts, "colour": colours, "size": sizes})


def mixed(model, y, encoder, zipmap=False, opset=None, unseen=False):
    """Converts a pipeline over columns of numbers, whole numbers and texts."""

    def make():
        columns = ColumnTransformer([("numbers", StandardScaler(), ["age", "income"]), ("counts", StandardScaler(), ["count"]), ("texts", encoder, ["colour", "size"])])
        pipeline = make_pipeline(columns, model).fit(frame, y)
        types = [("age", FloatTensorType([None, 1])), ("income", FloatTensorType([None, 1])), ("count", Int64TensorType([None, 1])), ("colour", StringTensorType([None, 1])), ("size", StringTensorType([None, 1]))]
        chosen = {id(model): {"zipmap": zipmap}} if hasattr(model, "predict_proba") else {}
        onnx_model = convert_sklearn(pipeline, initial_types=types, options=chosen, target_opset=opset)
        asked = [frame["age"].values, frame["income"].values, counts, colours.astype(object), sizes.astype(object)]
        if unseen:
            asked[3] = np.where(np.arange(len(X)) % 7 == 0, "mauve", asked[3])
        return onnx_model, asked, False

    return make


def tree_v5(double):
    """Trees of version 5 of the operators, with sets of members and minima."""

    def make(aggregate=1, post=0):
        kind = TensorProto.DOUBLE if double else TensorProto.FLOAT
        real = np.float64 if double else np.float32
        tensor = lambda name, values: helper.make_tensor(name, kind, [len(values)], np.array(values, real))
        node = helper.make_node(
            "TreeEnsemble", ["X"], ["Y"], domain="ai.onnx.ml", n_targets=2, aggregate_function=aggregate, post_transform=post,
            tree_roots=[0, 3], nodes_modes=helper.make_tensor("modes", TensorProto.UINT8, [5], [0, 6, 1, 2, 5]),
            nodes_featureids=[0, 1, 2, 3, 1], nodes_splits=tensor("splits", [0.25, 0, 0.5, -10.0, 3.0]),
            membership_values=tensor("members", [1, 2, 4, np.nan]), nodes_missing_value_tracks_true=[1, 0, 1, 0, 1],
            nodes_truenodeids=[1, 0, 1, 4, 4], nodes_trueleafs=[0, 1, 1, 0, 1], nodes_falsenodeids=[2, 2, 3, 6, 5], nodes_falseleafs=[0, 1, 1, 1, 1],
            leaf_targetids=[0, 1, 0, 1, 0, 1, 0], leaf_weights=tensor("weights", [0.1, 0.7, -0.3, 1.5, 2.25, -0.125, 0.3]),
        )
        graph = helper.make_graph([node], "trees", [helper.make_tensor_value_info("X", kind, [None, features])], [helper.make_tensor_value_info("Y", kind, [None, 2])])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)], ir_version=10)
        asked = rows({0: [0.25], 1: [1.0, 2.0, 3.0], 2: [0.5], 3: [-10.0]}, True)
        return model, list(asked.T), True

    return make


def models():
    positive = np.abs(yr) + 0.1
    both = np.stack([yr, 2 * yr + X[:, 2]], axis=1)
    multi = np.stack([y2, y3], axis=1)
    listed = {
        "linear": sk(LinearRegression(), yr), "linear-double": sk(LinearRegression(), yr, kind="double"), "linear-two": sk(LinearRegression(), both),
        "linear-opset-9": sk(LinearRegression(), yr, opset=9), "ridge": sk(Ridge(), yr), "lasso": sk(Lasso(0.01), yr), "elastic-net": sk(ElasticNet(0.01), yr),
        "bayesian-ridge": sk(BayesianRidge(), yr), "huber": sk(HuberRegressor(max_iter=1000), yr), "quantile": sk(QuantileRegressor(alpha=0.01), yr),
        "sgd-regressor": sk(make_pipeline(StandardScaler(), SGDRegressor(random_state=0)), yr),
        "poisson": sk(make_pipeline(StandardScaler(), PoissonRegressor()), positive), "gamma": sk(make_pipeline(StandardScaler(), GammaRegressor()), positive),
        "tweedie-double": sk(make_pipeline(StandardScaler(), TweedieRegressor(power=1.5)), positive, kind="double"),
        "svr-rbf": sk(make_pipeline(StandardScaler(), SVR()), yr), "svr-poly": sk(make_pipeline(StandardScaler(), SVR(kernel="poly", degree=2)), yr),
        "svr-sigmoid": sk(make_pipeline(StandardScaler(), SVR(kernel="sigmoid", C=0.1)), yr), "svr-linear": sk(make_pipeline(StandardScaler(), NuSVR(kernel="linear")), yr),
        "linear-svr": sk(make_pipeline(StandardScaler(), LinearSVR(max_iter=5000)), yr),
        "tree-regressor": sk(DecisionTreeRegressor(max_depth=5, random_state=0), yr), "tree-two": sk(DecisionTreeRegressor(max_depth=4, random_state=0), both),
                "forest-regressor": sk(RandomForestRegressor(12, max_depth=5, random_state=0), yr), "extra-trees-regressor": sk(ExtraTreesRegressor(12, max_depth=5, random_state=0), yr),
        "boosting-regressor": sk(GradientBoostingRegressor(n_estimators=20, random_state=0), yr),
        "hist-regressor": sk(HistGradientBoostingRegressor(max_iter=15), yr, data=XM, missing=True),
        "ada-regressor": sk(AdaBoostRegressor(n_estimators=8, random_state=0), yr), "bagging-regressor": sk(BaggingRegressor(n_estimators=6, random_state=0, estimator=DecisionTreeRegressor(max_depth=4)), yr),
        "mlp-regressor": sk(make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(8, 4), max_iter=400, random_state=0)), yr),
        "mlp-tanh-double": sk(make_pipeline(StandardScaler(), MLPRegressor(hidden_layer_sizes=(6,), activation="tanh", max_iter=400, random_state=0)), yr, kind="double"),
        "voting-regressor": sk(VotingRegressor([("a", Ridge()), ("b", DecisionTreeRegressor(max_depth=3))]), yr),
        "stacking-regressor": sk(StackingRegressor([("a", Ridge()), ("b", DecisionTreeRegressor(max_depth=3))]), yr),
        "logistic": sk(LogisticRegression(max_iter=2000), y2, zipmap=False), "logistic-zipmap": sk(LogisticRegression(max_iter=2000), yn, zipmap=True),
        "logistic-texts": sk(LogisticRegression(max_iter=2000), ys, zipmap=True), "logistic-three": sk(LogisticRegression(max_iter=2000), y3, zipmap=False, opset=11),
        "logistic-double": sk(LogisticRegression(max_iter=2000), y3, zipmap=False, kind="double"), "logistic-raw": sk(LogisticRegression(max_iter=2000), y2, zipmap=False, raw_scores=True),
        "ridge-classifier": sk(RidgeClassifier(), y3, zipmap=False), "perceptron": sk(make_pipeline(StandardScaler(), Perceptron(random_state=0)), y3),
        "sgd-classifier": sk(make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=0)), y3), "sgd-huber": sk(make_pipeline(StandardScaler(), SGDClassifier(loss="modified_huber", random_state=0)), y2),
        "linear-svc": sk(LinearSVC(max_iter=5000), y3, raw_scores=True),
        "svc": sk(make_pipeline(StandardScaler(), SVC()), y3), "svc-two": sk(make_pipeline(StandardScaler(), SVC(kernel="poly")), y2), "svc-texts": sk(make_pipeline(StandardScaler(), SVC(kernel="linear")), ys),
        "nu-svc": sk(make_pipeline(StandardScaler(), NuSVC(kernel="sigmoid", nu=0.3)), yn),
        "svc-probability": sk(make_pipeline(StandardScaler(), SVC(probability=True, random_state=0)), y3), "svc-probability-two": sk(make_pipeline(StandardScaler(), SVC(probability=True, random_state=0)), y2),
        "gaussian-nb": sk(GaussianNB(), y3, zipmap=False), "bernoulli-nb": sk(BernoulliNB(), y3, zipmap=False), "multinomial-nb": sk(MultinomialNB(), y3, zipmap=False, data=np.clip(np.abs(X), 0, 6)),
        "complement-nb": sk(ComplementNB(), ys, zipmap=False, data=np.clip(np.abs(X), 0, 6)),
        "tree-classifier": sk(DecisionTreeClassifier(max_depth=5, random_state=0), ys, zipmap=False), "tree-classifier-two": sk(DecisionTreeClassifier(max_depth=5, random_state=0), yn, zipmap=True),
        "forest-classifier": sk(RandomForestClassifier(12, max_depth=5, random_state=0), y3, zipmap=False), "forest-classifier-two": sk(RandomForestClassifier(12, max_depth=5, random_state=0), y2, zipmap=True),
        "forest-missing": sk(RandomForestClassifier(8, max_depth=5, random_state=0), y2, data=XM, missing=True, zipmap=False),
        "extra-trees": sk(ExtraTreesClassifier(12, max_depth=5, random_state=0), ys, zipmap=True, opset=13), "boosting-classifier": sk(GradientBoostingClassifier(n_estimators=12, random_state=0), y2, zipmap=False),
        "boosting-three": sk(GradientBoostingClassifier(n_estimators=8, random_state=0), ys, zipmap=True), "hist-classifier": sk(HistGradientBoostingClassifier(max_iter=10), y2, data=XM, missing=True, zipmap=False),
        "hist-three": sk(HistGradientBoostingClassifier(max_iter=6), ys, data=XM, missing=True, zipmap=False), "ada-classifier": sk(AdaBoostClassifier(n_estimators=8, random_state=0), y3, zipmap=False),
        "bagging-classifier": sk(BaggingClassifier(n_estimators=5, random_state=0, estimator=DecisionTreeClassifier(max_depth=4)), y3, zipmap=False),
        "mlp-classifier": sk(make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=400, random_state=0)), y3), "mlp-logistic": sk(make_pipeline(StandardScaler(), MLPClassifier((8,), activation="logistic", max_iter=400, random_state=0)), y2),
        "lda": sk(LinearDiscriminantAnalysis(), y3, zipmap=False), "qda": sk(QuadraticDiscriminantAnalysis(), y3, zipmap=False),
        "calibrated": sk(CalibratedClassifierCV(LogisticRegression(max_iter=2000), cv=2), y2, zipmap=False), "calibrated-isotonic": sk(CalibratedClassifierCV(GaussianNB(), cv=2, method="isotonic"), y2, zipmap=False),
        "one-vs-rest": sk(OneVsRestClassifier(LogisticRegression(max_iter=2000)), y3, zipmap=False),
        "voting": sk(VotingClassifier([("a", LogisticRegression(max_iter=2000)), ("b", DecisionTreeClassifier(max_depth=3))], voting="soft", flatten_transform=False), y3, zipmap=False),
        "stacking": sk(StackingClassifier([("a", LogisticRegression(max_iter=2000)), ("b", DecisionTreeClassifier(max_depth=3))]), y3, zipmap=False),
        "kmeans": sk(make_pipeline(StandardScaler(), KMeans(4, random_state=0, n_init=2)), None), "minibatch-kmeans": sk(make_pipeline(StandardScaler(), MiniBatchKMeans(3, random_state=0, n_init=2)), None, opset=15),
        "isolation-forest": sk(IsolationForest(n_estimators=20, random_state=0), None, opset={"": 17, "ai.onnx.ml": 3}), "one-class-svm": sk(make_pipeline(StandardScaler(), OneClassSVM(nu=0.2)), None),
        "standard-scaler": sk(StandardScaler(), None), "min-max": sk(MinMaxScaler(), None), "max-abs": sk(MaxAbsScaler(), None), "robust": sk(RobustScaler(), None),
        "normalizer-l1": sk(Normalizer(norm="l1"), None), "normalizer-l2": sk(Normalizer(norm="l2"), None), "normalizer-max": sk(Normalizer(norm="max"), None), "binarizer": sk(Binarizer(threshold=0.25), None),
        "pca": sk(make_pipeline(StandardScaler(), PCA(3)), None), "pca-whiten-double": sk(PCA(2, whiten=True), None, kind="double"), "svd": sk(make_pipeline(StandardScaler(), TruncatedSVD(2, random_state=0)), None),
        "polynomial": sk(make_pipeline(StandardScaler(), PolynomialFeatures(2), Ridge()), yr), "bins": sk(KBinsDiscretizer(4, encode="onehot-dense", strategy="quantile"), None), "bins-ordinal": sk(KBinsDiscretizer(4, encode="ordinal", strategy="uniform"), None),
        "power": sk(make_pipeline(StandardScaler(), PowerTransformer()), None), "select": sk(make_pipeline(SelectKBest(k=3), LogisticRegression(max_iter=2000)), y3),
        "imputer": sk(make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=2000)), y3, data=XM, missing=True, hard_rows=False),
        "imputer-forest": sk(make_pipeline(SimpleImputer(strategy="median", add_indicator=False), RandomForestRegressor(6, max_depth=4, random_state=0)), yr, data=XM, missing=True),
        "union": sk(make_pipeline(FeatureUnion([("a", StandardScaler()), ("b", PCA(2))]), Ridge()), yr),
        "mixed-logistic": mixed(LogisticRegression(max_iter=2000), ys, OneHotEncoder(handle_unknown="ignore"), unseen=True), "mixed-zipmap": mixed(LogisticRegression(max_iter=2000), yn, OneHotEncoder(handle_unknown="ignore"), zipmap=True, opset=12, unseen=True),
        "mixed-strict": mixed(Ridge(), yr, OneHotEncoder()), "mixed-forest": mixed(RandomForestClassifier(8, max_depth=4, random_state=0), y3, OneHotEncoder(handle_unknown="ignore")),
        "mixed-ordinal": mixed(GradientBoostingRegressor(n_estimators=10, random_state=0), yr, OrdinalEncoder(), opset=17), "mixed-opset-21": mixed(LogisticRegression(max_iter=2000), y2, OneHotEncoder(), opset=21),
        "xgboost": boosted(XGBRegressor(n_estimators=12, max_depth=4), yr, convert_xgboost), "xgboost-two": boosted(XGBClassifier(n_estimators=10, max_depth=4), y2, convert_xgboost),
        "xgboost-three": boosted(XGBClassifier(n_estimators=6, max_depth=4), y3, convert_xgboost, 12), "xgboost-poisson": boosted(XGBRegressor(n_estimators=8, objective="count:poisson"), np.round(positive), convert_xgboost),
        "xgboost-logistic": boosted(XGBRegressor(n_estimators=8, objective="reg:logistic"), y2, convert_xgboost),
        "lightgbm": boosted(LGBMRegressor(n_estimators=12, verbose=-1), yr, convert_lightgbm), "lightgbm-two": boosted(LGBMClassifier(n_estimators=10, verbose=-1), y2, convert_lightgbm),
        "lightgbm-three": boosted(LGBMClassifier(n_estimators=6, verbose=-1), ys, convert_lightgbm), "lightgbm-opset-9": boosted(LGBMClassifier(n_estimators=6, verbose=-1), y3, convert_lightgbm, 9),
        "lightgbm-poisson": boosted(LGBMRegressor(n_estimators=8, objective="poisson", verbose=-1), positive, convert_lightgbm), "lightgbm-complete": boosted(LGBMRegressor(n_estimators=12, verbose=-1), yr, convert_lightgbm, missing=False),
        "trees-5": tree_v5(False), "trees-5-double": tree_v5(True), "trees-5-least": lambda: tree_v5(False)(2), "trees-5-greatest": lambda: tree_v5(False)(3), "trees-5-mean": lambda: tree_v5(True)(0),
        "trees-5-softmax-zero": lambda: tree_v5(False)(1, 3),
    }
    for name, make in listed.items():
        yield name, make()
    yield from alone.models(tame)
