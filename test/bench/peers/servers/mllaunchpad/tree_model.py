# The iris tree as a model of ML Launchpad 1.1.0.
from mllaunchpad import ModelInterface, ModelMakerInterface, order_columns
from sklearn.metrics import accuracy_score
from sklearn.tree import DecisionTreeClassifier


class IrisMaker(ModelMakerInterface):
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        petals = data_sources["petals"].get_dataframe()
        tree = DecisionTreeClassifier(max_depth=4, random_state=0)
        tree.fit(order_columns(petals.drop("variety", axis=1)).values, petals["variety"])
        return tree

    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        petals = data_sources["petals_test"].get_dataframe()
        predicted = model.predict(order_columns(petals.drop("variety", axis=1)).values)
        return {"accuracy": accuracy_score(petals["variety"], predicted)}


class Iris(ModelInterface):
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        ordered = order_columns(args_dict)
        [variety] = model.predict([list(ordered.values())])
        return {"iris_variety": variety}
