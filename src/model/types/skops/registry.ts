import type { Read, Reader } from "./estimator.ts";
import { naiveBayes } from "./predictors/bayes.ts";
import { calibrated, frozen, transformedTarget } from "./predictors/calibration.ts";
import { dummy } from "./predictors/dummy.ts";
import { stacking, voting } from "./predictors/ensembles.ts";
import {
  decisive,
  discriminant,
  generalisedRegressor,
  linearRegressor,
  logistic,
  sgdClassifier,
} from "./predictors/linear.ts";
import { neighbours } from "./predictors/neighbours.ts";
import { clusters, network } from "./predictors/network.ts";
import { supportVectorClassifier, supportVectorRegressor } from "./predictors/vectors.ts";
import { columnTransformer, featureUnion, pipeline, search } from "./steps/compose.ts";
import { binsDiscretizer, oneHotEncoder, ordinalEncoder, targetEncoder } from "./steps/encoders.ts";
import { missingIndicator, simpleImputer } from "./steps/imputers.ts";
import { labelBinarizer, labelEncoder } from "./steps/labels.ts";
import { components, polynomials } from "./steps/projections.ts";
import {
  binarizer,
  functionTransformer,
  maxAbsScaler,
  minMaxScaler,
  normalizer,
  powerTransformer,
  quantileTransformer,
  robustScaler,
  standardScaler,
} from "./steps/scalers.ts";
import { termCounts, termHashes, termWeights } from "./steps/texts.ts";
import { gradientBoosting } from "./trees/boosting.ts";
import { histogramBoosting } from "./trees/histogram.ts";
import { isolationForest } from "./trees/isolation.ts";
import { decisionTree, forest } from "./trees/trees.ts";

/** Classes of scikit-learn by their package, and what reads them. Nothing else is read. */
const readers: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  linear_model: {
    LinearRegression: linearRegressor,
    Ridge: linearRegressor,
    RidgeCV: linearRegressor,
    Lasso: linearRegressor,
    LassoCV: linearRegressor,
    ElasticNet: linearRegressor,
    ElasticNetCV: linearRegressor,
    SGDRegressor: linearRegressor,
    HuberRegressor: linearRegressor,
    BayesianRidge: linearRegressor,
    ARDRegression: linearRegressor,
    PoissonRegressor: generalisedRegressor,
    GammaRegressor: generalisedRegressor,
    TweedieRegressor: generalisedRegressor,
    LogisticRegression: logistic,
    LogisticRegressionCV: logistic,
    RidgeClassifier: decisive,
    RidgeClassifierCV: decisive,
    Perceptron: decisive,
    PassiveAggressiveClassifier: decisive,
    SGDClassifier: sgdClassifier,
  },
  discriminant_analysis: { LinearDiscriminantAnalysis: discriminant },
  dummy: { DummyClassifier: dummy, DummyRegressor: dummy },
  tree: {
    DecisionTreeClassifier: decisionTree,
    DecisionTreeRegressor: decisionTree,
    ExtraTreeClassifier: decisionTree,
    ExtraTreeRegressor: decisionTree,
  },
  ensemble: {
    RandomForestClassifier: forest,
    RandomForestRegressor: forest,
    ExtraTreesClassifier: forest,
    ExtraTreesRegressor: forest,
    GradientBoostingClassifier: gradientBoosting,
    GradientBoostingRegressor: gradientBoosting,
    HistGradientBoostingClassifier: histogramBoosting,
    HistGradientBoostingRegressor: histogramBoosting,
    IsolationForest: isolationForest,
    VotingClassifier: voting,
    VotingRegressor: voting,
    StackingClassifier: stacking,
    StackingRegressor: stacking,
  },
  pipeline: { Pipeline: pipeline, FeatureUnion: featureUnion },
  compose: { ColumnTransformer: columnTransformer, TransformedTargetRegressor: transformedTarget },
  model_selection: {
    GridSearchCV: search,
    RandomizedSearchCV: search,
    HalvingGridSearchCV: search,
    HalvingRandomSearchCV: search,
  },
  preprocessing: {
    StandardScaler: standardScaler,
    MinMaxScaler: minMaxScaler,
    MaxAbsScaler: maxAbsScaler,
    RobustScaler: robustScaler,
    Normalizer: normalizer,
    Binarizer: binarizer,
    PowerTransformer: powerTransformer,
    QuantileTransformer: quantileTransformer,
    FunctionTransformer: functionTransformer,
    OneHotEncoder: oneHotEncoder,
    OrdinalEncoder: ordinalEncoder,
    TargetEncoder: targetEncoder,
    KBinsDiscretizer: binsDiscretizer,
    PolynomialFeatures: polynomials,
    LabelEncoder: labelEncoder,
    LabelBinarizer: labelBinarizer,
  },
  svm: {
    SVC: supportVectorClassifier,
    NuSVC: supportVectorClassifier,
    SVR: supportVectorRegressor,
    NuSVR: supportVectorRegressor,
    OneClassSVM: supportVectorRegressor,
    LinearSVC: decisive,
    LinearSVR: linearRegressor,
  },
  neighbors: { KNeighborsClassifier: neighbours, KNeighborsRegressor: neighbours },
  naive_bayes: {
    GaussianNB: naiveBayes,
    MultinomialNB: naiveBayes,
    BernoulliNB: naiveBayes,
    ComplementNB: naiveBayes,
    CategoricalNB: naiveBayes,
  },
  neural_network: { MLPClassifier: network, MLPRegressor: network },
  cluster: { KMeans: clusters, MiniBatchKMeans: clusters },
  calibration: { CalibratedClassifierCV: calibrated },
  frozen: { FrozenEstimator: frozen },
  decomposition: { PCA: components, TruncatedSVD: components },
  feature_extraction: {
    CountVectorizer: termCounts,
    TfidfVectorizer: termCounts,
    TfidfTransformer: termWeights,
    HashingVectorizer: termHashes,
  },
  impute: { SimpleImputer: simpleImputer, MissingIndicator: missingIndicator },
};

/**
 * Reads an estimator by the name of its class.
 *
 * @param fields The estimator.
 *
 * @throws MODEL_FILE_UNSUPPORTED with the name of a class that is not in the table.
 */
export const readEstimator: Read = (fields) => {
  const [library, room = ""] = fields.type.split(".");
  const table = library === "sklearn" && Object.hasOwn(readers, room) ? readers[room] : undefined;
  const reader = table && Object.hasOwn(table, fields.name) ? table[fields.name] : undefined;
  if (!reader) throw fields.refuse(fields.type);
  return reader(fields, readEstimator);
};
