"""Names that code for ML Launchpad imports from here, plugins above all."""

import abc
import json
import logging
import os
import time
from collections import OrderedDict
from typing import Dict, Union

from mllaunchpad._ordered import order_columns

__all__ = ["DataSource", "DataSink", "Raw", "get_user_pw", "order_columns", "to_plain_python_obj", "create_data_sources_and_sinks", "ModelStore"]

logger = logging.getLogger(__name__)

Raw = Union[str, bytes]


def copied(frame):
    """A copy of what is kept: who gets it may change it, and others get it as well."""
    copy = getattr(frame, "copy", None) or getattr(frame, "clone", None)
    return frame if copy is None else copy()


def _kept(read):
    """Keeps what a source reads for as long as its entry says."""

    def wrapper(self, params=None, chunksize=None):
        if self.expires == 0:
            return read(self, params, chunksize)
        if chunksize is not None:
            raise ValueError("chunksize goes with no cache: set expires: 0 for the source %s" % self.id)
        key = (read.__name__, json.dumps(params, sort_keys=True, default=str))
        if key in self._cache:
            value, at = self._cache[key]
            if self.expires < 0 or time.monotonic() - at <= self.expires:
                return copied(value)
        value = read(self, params, chunksize)
        self._cache[key] = (value, time.monotonic())
        while len(self._cache) > self.config.get("cache_size", 32):
            self._cache.popitem(last=False)
        return copied(value)

    wrapper.__doc__ = read.__doc__
    return wrapper


class DataSource(abc.ABC):
    """Where a model gets data from. A plugin inherits from it, says by `serves` which types it is for, and is called with the name and the
    entry of a source; for `type: dbms.NAME` also with the entry of the database."""

    serves = []

    def __init__(self, identifier, datasource_config, sub_config=None):
        self.id = identifier
        self.config = datasource_config
        self.options = datasource_config.get("options") or {}
        self.expires = datasource_config.get("expires") or 0
        self._cache = OrderedDict()

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        for name in ("get_dataframe", "get_raw"):
            if name in vars(cls):
                setattr(cls, name, _kept(vars(cls)[name]))

    def get_dataframe(self, params=None, chunksize=None):
        raise NotImplementedError("%s has no get_dataframe" % type(self).__name__)

    def get_raw(self, params=None, chunksize=None):
        raise NotImplementedError("%s has no get_raw" % type(self).__name__)

    # Words of a run.

    @property
    def name(self):
        return self.id

    def frame(self, params=None):
        return self.get_dataframe(params)

    def batches(self, size=10000, params=None):
        return iter(self.get_dataframe(params, chunksize=size))

    def raw(self):
        return self.get_raw()

    def text(self):
        raw = self.raw()
        return raw.decode("utf-8") if isinstance(raw, bytes) else raw

    def bytes(self):
        raw = self.raw()
        return raw.encode("utf-8") if isinstance(raw, str) else raw

    def __del__(self):
        pass


class DataSink(abc.ABC):
    """Where a model puts data. A plugin inherits from it, as from DataSource."""

    serves = []

    def __init__(self, identifier, datasink_config, sub_config=None):
        self.id = identifier
        self.config = datasink_config
        self.options = datasink_config.get("options") or {}

    def put_dataframe(self, dataframe, params=None, chunksize=None):
        raise NotImplementedError("%s has no put_dataframe" % type(self).__name__)

    def put_raw(self, raw_data, params=None, chunksize=None):
        raise NotImplementedError("%s has no put_raw" % type(self).__name__)

    def __del__(self):
        pass


def get_user_pw(user_var, password_var):
    """Reads user and password from environment variables; a user there must be."""
    user = os.environ.get(user_var)
    if user is None:
        raise ValueError("the environment variable %s (user) is not set" % user_var)
    password = os.environ.get(password_var) if password_var else None
    if password is None:
        logger.warning("the environment variable %s (password) is not set", password_var)
    return user, password


def to_plain_python_obj(value):
    """Makes of numbers, arrays and DataFrames what JSON can hold, as a prediction of the API is made plain."""
    if type(value).__name__ == "DataFrame" and hasattr(value, "to_dict"):
        return to_plain_python_obj(value.to_dict())
    if isinstance(value, dict):
        return {key: to_plain_python_obj(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain_python_obj(item) for item in value]
    if hasattr(value, "tolist") and type(value).__module__.split(".")[0] == "numpy":
        return value.tolist()
    return value


def create_data_sources_and_sinks(config: Dict, tags=None):
    """Sources and sinks of a configuration, for scripts of one's own."""
    from mllaunchpad import _project

    return _project.sources_and_sinks(config, tags)


class ModelStore:
    """The model store of a configuration, or at a location; only what is listed."""

    def __init__(self, config):
        self._config = config
        self.location = config["model_store"]["location"] if isinstance(config, dict) else str(config)

    def list_models(self):
        from mllaunchpad import _project

        return _project.list_models(self._config)
