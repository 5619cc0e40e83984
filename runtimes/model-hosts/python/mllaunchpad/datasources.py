"""Names that plugins for ML Launchpad import from here."""

import logging
import os

from mllaunchpad.resource import DataSink, DataSource, Raw, get_user_pw

__all__ = ["DataSink", "DataSource", "Raw", "ensure_dir_to", "fill_nas", "get_connection_args", "get_user_pw"]

logger = logging.getLogger(__name__)


def get_connection_args(dbms_config):
    """The options of a database; those whose name ends with _var are read from the environment, under the name without it."""
    filled = {}
    for key, value in (dbms_config.get("options") or {}).items():
        found = os.environ.get(value) if key.endswith("_var") else None
        if found is not None:
            filled[key[: -len("_var")]] = found
            continue
        if key.endswith("_var"):
            logger.warning("the environment variable %s of %s is not set: it stays as it is", value, key)
        filled[key] = value
    return filled


def fill_nas(df, as_generator=False):
    """The same data with NaN for whatever is missing."""
    import numpy as np

    def filled(frame):
        return frame.where(frame.notna(), np.nan)

    return (filled(part) for part in df) if as_generator else filled(df)


def ensure_dir_to(file_path):
    """Makes the folder of a file."""
    folder = os.path.dirname(file_path)
    if folder:
        os.makedirs(folder, exist_ok=True)
