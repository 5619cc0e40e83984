"""What a model in Python imports. It stands in the place of the package ML Launchpad, whose names it has; Launchpad does the
work."""

from mllaunchpad._data import Run, order_columns, report
from mllaunchpad.model_interface import ModelInterface, ModelMakerInterface

# That of ML Launchpad whose names these are.
__version__ = "1.1.0"

__all__ = [
    "train_model",
    "retest",
    "predict",
    "get_validated_config",
    "get_validated_config_str",
    "ModelInterface",
    "ModelMakerInterface",
    "Run",
    "order_columns",
    "report",
    "list_models",
    "clear_caches",
]

_of_project = {"train_model", "retest", "predict", "get_validated_config", "get_validated_config_str", "list_models", "clear_caches"}


def __getattr__(name):
    # Only scripts need these.
    if name in _of_project:
        from mllaunchpad import _project

        return getattr(_project, name)
    raise AttributeError("module 'mllaunchpad' has no attribute %r" % name)
