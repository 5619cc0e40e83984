/**
 * Projects as ML Launchpad publishes them, written anew: the same names of files, classes, keys, arguments and calls, by which
 * unchanged projects stand or fall.
 */

const head = (title: string, about: string) => `#%RAML 0.8
---
title: ${title}
baseUri: https://{host}/x/{version}  # a comment
version: v0
documentation:
    - title: ${about}
      content: |
        A text of several
        lines.

securitySchemes:
 - basic:
      description: For trying
      type: Basic Authentication
      settings:
        requestTokenUri:
        authorizationUri:
        tokenCredentialsUri:

`;

const measures = ["sepal.length", "sepal.width", "petal.length", "petal.width"]
  .map(
    (name) => `      ${name}:
        displayName: ${name}
        type: number
        description: Measured in centimetres
        example: 3.14
        required: false
        minimum: 0
`,
  )
  .join("");

const result = (property: string, more: string) => `    responses:
      200:  # OK
        body:
          application/json:
            schema: | #prediction_result
              {
                "type": "object",
                "$schema": "http://json-schema.org/draft-03/schema",
                "id": "http://jsonschema.net",
                "required": true,
                "properties": {
                  "${property}": ${more}
                }
              }
            example: |
              {
                "${property}": ${property === "sum" ? "42.24" : '"Setosa"'}
              }
`;

const varieties = `{ "type": "string", "required": true, "enum": ["Virginica", "Versicolor", "Setosa"] },
                  "probability": { "type": "number", "required": false }`;

const irisData = `datasources:
  petals:
    type: csv
    path: ./iris_train.csv  # or a URL
    expires: 0
    options: {}
    tags: train
  petals_test:
    type: csv
    path: ./iris_holdout.csv
    expires: 3600
    options: {}
    tags: test
`;

const rest = (name: string, version: string, module: string, api: string, raml: string, preload: string) => `
model_store:
  location: ./model_store

model:
  name: ${name}
  version: '${version}'
  module: ${module}
  train_options: {}
  predict_options: {}

api:
  name: ${api}
  raml: ${raml}
  preload_datasources: ${preload}
  root_path: .
`;

const addition = {
  "addition_cfg.yml": `# No data\n${rest("LameModel", "0.0.1", "addition_model", "add", "addition.raml", "False")}`,
  "addition.raml": `${head("Sums", "Adding")}
/sum:
  get:
    description: Adds x1 and x2
    queryParameters:
      x1:
        displayName: First number
        type: number
        description: The first of them
        example: 7.7
        required: false
        default: 0.0
      x2:
        displayName: Second number
        type: number
        description: The second of them
        example: 7.7
        required: false
        default: 0.0
${result("sum", '{ "type": "number", "required": true }')}`,
  "addition_model.py": `import logging

from mllaunchpad import ModelInterface, ModelMakerInterface

logger = logging.getLogger(__name__)


class Maker(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        logger.info("%s gets ready", model_conf["name"])

        def add(x1, x2):
            return x1 + x2

        return {"lame_pred": add}

    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        return {"accuracy": 1 if model["lame_pred"](3, 7) == 10 else 0, "precision": "whatever"}


class Adder(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        logger.info("%s adds", model_conf["name"])
        return {"my_addition_result": model["lame_pred"](args_dict["x1"], args_dict["x2"])}
`,
};

const bogus = `import logging

from mllaunchpad.resource import DataSource
import pandas as pd

logger = logging.getLogger(__name__)


class BogusDataSource(DataSource):
    """Nonsense"""

    serves = ["bogus"]

    def get_dataframe(self, params=None, chunksize=None):
        if chunksize:
            raise NotImplementedError("not in parts")
        kw_options = self.options
        return pd.DataFrame({"a": [3, 4, 5], "b": [6, 7, 8]}, **kw_options)

    def get_raw(self, params=None, chunksize=None):
        raise NotImplementedError("not raw")
`;

const tree = {
  "bogusdatasource.py": bogus,
  "iris_pred_input.csv": `myid,sepal.length,sepal.width,petal.length,petal.width
11,5.1,3.5,1.4,0.2
12,6.5,3.0,5.8,2.2
`,
  "tree_cfg.yml": `plugins:
  - examples.bogusdatasource

${irisData}  batch_input:
    type: csv
    path: ./iris_pred_input.csv
    expires: 3600
    options: {}
    tags: predict
  blabla:
    type: bogus

datasinks:
  predictions:
    type: csv
    path: ./iris_pred_output.csv
    options: {}
    tags: [predict]
${rest("IrisModel", "0.0.2", "tree_model", "iris", "tree.raml", "True")}`,
  "tree.raml": `${head("Iris varieties", "Predicting them")}
/varieties:
  get:
    description: The variety of a flower
    queryParameters:
${measures}${result("iris_variety", varieties)}  /{test_key}: # by its key
    get:
      description: One that is known
      queryParameters:
        hallo:
          description: A test
          type: string
          required: true
          enum: ['metric', 'imperial']
${result("iris_variety", varieties).replace(/^/gm, "  ")}`,
  "tree_model.py": `import logging

from mllaunchpad import ModelInterface, ModelMakerInterface, order_columns, report
import pandas as pd
from sklearn import tree
from sklearn.metrics import accuracy_score, confusion_matrix

logger = logging.getLogger(__name__)


class Maker(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        df = data_sources["petals"].get_dataframe()
        X = order_columns(df.drop("variety", axis=1))
        assert data_sources["blabla"].get_dataframe()["b"].sum() == 21
        my_tree = tree.DecisionTreeClassifier(random_state=0)
        my_tree.fit(X, df["variety"])
        report("meaning_of_life", 42)
        report("train_data_used", df)
        return my_tree

    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        df = data_sources["petals_test"].get_dataframe()
        report("test_data_used", df)
        y_predict = model.predict(order_columns(df.drop("variety", axis=1)))
        conf = confusion_matrix(df["variety"], y_predict).tolist()
        return {"accuracy": accuracy_score(df["variety"], y_predict), "confusion_matrix": conf}


class Predictor(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        if "test_key" in args_dict:
            key = args_dict["test_key"]
            logger.info("looking up %s", key)
            df = data_sources["batch_input"].get_dataframe()
            df["myid"] = df["myid"].apply(str)
            X = order_columns(df.loc[df["myid"] == key])
            return {"iris_variety": model.predict(X.drop("myid", axis=1))[0]}
        elif "sepal.length" not in args_dict or args_dict["sepal.length"] is None:
            X = order_columns(data_sources["batch_input"].get_dataframe())
            X["pred"] = model.predict(X.drop("myid", axis=1))
            data_sinks["predictions"].put_dataframe(X)
            return {"status": "ok"}
        X = order_columns(pd.DataFrame(args_dict, index=[0]))
        return {"iris_variety": model.predict(X)[0]}
`,
};

const r = {
  "r_example_cfg.yml": `${irisData}${rest("RExampleModel", "0.0.1", "r_model\n  r_file: r_example.R\n  r_dependencies: [rpart]", "some", "r_example.raml", "False")}`,
  "r_example.raml": `${head("Iris varieties by R", "Predicting them")}
/varieties:
  get:
    description: The variety of a flower
    queryParameters:
${measures}${result("iris_variety", varieties)}`,
  "r_model.py": "import rpy2  # the bridge to R\n",
  "r_example.R": `library(rpart)

create_trained_model <- function(model_conf, old_model=NULL) {
    print(paste("Hello from", model_conf$name))
    df <- get_dataframe("petals")
    print(head(df))
    print(old_model)
    tree <- rpart(variety ~ ., data = df, method = "class")
    finished_model <- list(mymodel=tree, favcolor="green")
    print(finished_model)
    return(finished_model)
}

test_trained_model <- function(model_conf, model) {
    df <- get_dataframe("petals_test")
    tree <- model$mymodel
    pred <- predict(tree, df, type="class")
    acc <- mean(pred == df$variety)
    return(list(accuracy=acc, favoritecolor=model$favcolor))
}

predict_with_model <- function(model_conf, args_list, model) {
    print(args_list)
    pred <- predict(model$mymodel, data.frame(args_list), type="class")
    print(pred)
    return(list(iris_variety=pred, probability=0.9999, test="hello"))
}
`,
};

/** A plugin as that of Spark is: a class for a type of database, with options from the environment and methods of its own. */
const plugins = {
  "plugged/data.py": `import logging
from typing import Dict, Optional

from mllaunchpad.resource import DataSink, DataSource, Raw
from mllaunchpad.datasources import fill_nas, get_connection_args
import pandas as pd

logger = logging.getLogger(__name__)


class Numbers(DataSource):
    serves = ["bogus"]
    reads = 0

    def get_dataframe(self, params=None, chunksize=None):
        Numbers.reads += 1
        n = (params or {}).get("n", 3)
        frame = pd.DataFrame({"a": range(n), "b": pd.Categorical(["x"] * n)})
        return frame

    def get_raw(self, params=None, chunksize=None) -> Raw:
        return b"raw"


class Cluster(DataSource):
    serves = ["dbms.cluster"]

    def __init__(self, identifier: str, datasource_config: Dict, dbms_config: Dict):
        super().__init__(identifier, datasource_config)
        self.dbms_config = dbms_config
        assert get_connection_args(dbms_config) == {"principal": "b", "fixed": 1}, get_connection_args(dbms_config)
        assert dbms_config["master"] == "local[*]"

    def get_cluster_frame(self, params: Optional[Dict] = None):
        return [self.config["query"], params["id"]]

    def get_dataframe(self, params=None, chunksize=None):
        query, number = self.get_cluster_frame(params)
        assert query == "SELECT :id"
        return fill_nas(pd.DataFrame({"number": [number, None]}), as_generator=chunksize is not None)


class Text(DataSink):
    serves = ["text_of_rows"]

    def put_dataframe(self, dataframe, params=None, chunksize=None):
        with open(self.config["path"], "a") as file:
            for row in dataframe.itertuples():
                file.write("a=%d,b=%s;" % (row.a, row.b))

    def put_raw(self, raw_data, params=None, chunksize=None):
        raise NotImplementedError()
`,
  "plugin_cfg.yml": `plugins:
  - examples.plugged.data
dbms:
  my_cluster:
    type: cluster
    master: local[*]
    options:
      principal_var: BOGUS_COLUMNS
      fixed: 1
datasources:
  numbers:
    type: bogus
  kept:
    type: bogus
    expires: -1
    cache_size: 2
  queried:
    type: dbms.my_cluster
    query: SELECT :id
    tags: [test]
datasinks:
  lines:
    type: text_of_rows
    path: ./written.txt
    tags: train
model_store:
  location: ./model_store
model:
  name: Plugged
  version: '1.0.0'
  module: plugin_model
api:
  name: plugged
`,
  "plugin_model.py": `import pandas as pd
from mllaunchpad import ModelInterface, ModelMakerInterface


class Maker(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        assert isinstance(data_sources["numbers"].get_dataframe()["b"].dtype, pd.CategoricalDtype)
        assert data_sources["numbers"].get_raw() == b"raw"
        data_sinks["lines"].put_dataframe(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}))
        return {}

    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        source = data_sources["queried"]
        df = source.get_dataframe({"id": 33})
        kept = data_sources["kept"]
        before = type(kept).reads
        same = kept.get_dataframe({"n": 7}).equals(kept.get_dataframe({"n": 7}))
        sums = [int(df["number"].sum()), source.get_cluster_frame({"id": 33})[1]]
        return {"rows": len(df), "sums": sums, "kept": same and type(kept).reads == before + 1}


class Predictor(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        df = data_sources["numbers"].get_dataframe({"n": int(args_dict["n"])})
        return {"rows": len(df), "kind": type(df["b"].dtype).__name__}
`,
};

export const examples = { addition, tree, r, plugins } as const;
