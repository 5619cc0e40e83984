"""Names that code for ML Launchpad imports from here."""

from mllaunchpad._project import clear_caches, predict, retest, train_model

__all__ = ["train_model", "retest", "predict", "clear_caches"]
