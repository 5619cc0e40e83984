import type { Read, Reader } from "./estimator.ts";
import { dummy } from "./predictors/dummy.ts";
import {
  decisive,
  discriminant,
  generalisedRegressor,
  linearRegressor,
  logistic,
  sgdClassifier,
} from "./predictors/linear.ts";
import { columnTransformer, featureUnion, pipeline, search } from "./steps/compose.ts";
import {
  binsDiscretizer,
  labelBinarizer,
  labelEncoder,
  oneHotEncoder,
  ordinalEncoder,
  targetEncoder,
} from "./steps/encoders.ts";
import { missingIndicator, simpleImputer } from "./steps/imputers.ts";
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
  },
  pipeline: { Pipeline: pipeline, FeatureUnion: featureUnion },
  compose: { ColumnTransformer: columnTransformer },
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
    LabelEncoder: labelEncoder,
    LabelBinarizer: labelBinarizer,
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
