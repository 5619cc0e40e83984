"""The classes that a model for ML Launchpad is made of."""

import abc


class ModelMakerInterface(abc.ABC):
    """Trains and tests a model: inherit from it, once in a module."""

    @abc.abstractmethod
    def create_trained_model(self, model_conf, data_sources, data_sinks, old_model=None):
        """Trains a model.

        model_conf is the `model` section of the configuration; data_sources and data_sinks are those tagged `train`, by
        name; old_model is what the training before returned. Returns whatever `predict` needs.
        """

    @abc.abstractmethod
    def test_trained_model(self, model_conf, data_sources, data_sinks, model):
        """Measures a model, which is what create_trained_model returned. Returns a dict of metrics."""


class ModelInterface(abc.ABC):
    """Predicts: inherit from it, once in a module. What was trained is in `contents`, and comes as `model`, too."""

    def __init__(self, contents=None):
        self.contents = contents
        self.have_columns_been_ordered = False

    @abc.abstractmethod
    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        """Answers one request, whose arguments are in args_dict. Returns what JSON can hold."""

    def __del__(self):
        pass
