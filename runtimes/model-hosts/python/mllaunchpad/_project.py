"""Functions for scripts of one's own, and for tests of a model's code."""

import json
import os
import subprocess
import tempfile

from mllaunchpad import _contents, _session
from mllaunchpad.model_interface import ModelInterface


class Config(dict):
    """A configuration, and the file that it was read from."""

    path = None
    read = None


def _run(path, *arguments):
    done = subprocess.run([*_session.command(), "-c", path, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.strip() or "launchpad ended with exit code %d" % done.returncode)
    return json.loads(done.stdout)


def get_validated_config(filename=None):
    """Reads and checks a configuration; by default that of LAUNCHPAD_CFG, else ./LAUNCHPAD_CFG.yml."""
    path = filename or os.environ.get("LAUNCHPAD_CFG") or "./LAUNCHPAD_CFG.yml"
    config = Config(_run(path, "config"))
    config.path = path
    config.read = json.loads(json.dumps(config))
    return config


def get_validated_config_str(io):
    """Reads and checks the text of a configuration, whose paths are relative to the working folder."""
    text = io if isinstance(io, (str, bytes)) else io.read()
    with tempfile.NamedTemporaryFile("wb", suffix=".yml", prefix=".launchpad-", dir=os.getcwd(), delete=False) as file:
        file.write(text.encode("utf-8") if isinstance(text, str) else text)
    try:
        return Config(_run(file.name, "config"))
    finally:
        os.unlink(file.name)


class Trained(ModelInterface):
    """A trained model, as train_model returns it. `contents` is what create_trained_model, or train, returned."""

    def __init__(self, session, read):
        self._session = session
        self._read = read
        self._here = None
        self.name = session.settings["config"]["name"]
        self.version = session.settings["config"]["version"]
        self.have_columns_been_ordered = False

    @property
    def contents(self):
        if self._here is None:
            self._here = (self._read(),)
        return self._here[0]

    def predict(self, model_conf, data_sources, data_sinks, model, args_dict):
        return self._session.call("predict", lambda call: self._session.module.predict(call, model, None, args_dict))


def _inner(session, model):
    """What was trained, of a model that train_model returned, or of a class of the model's own."""
    if not hasattr(model, "contents"):
        raise TypeError("model: expected what train_model returned, found a %s" % type(model).__name__)
    return model.contents


def _previous(session, model):
    return () if model is None else (_contents.dump(_inner(session, model), _needed(session, "model")),)


def _needed(session, what):
    if session.module is None:
        raise NotImplementedError("%s: the model is not in Python, or is stored as a file: ask without it" % what)
    return session.module


def train_model(complete_conf, cache=True, persist=True, test=True, model=None):
    """Trains a model, tests and stores it unless told otherwise. `model` takes the place of the one before. Returns (model, metrics)."""
    session = _session.session_of(complete_conf, cache)
    if persist:
        answer, _ = session.ask({"type": "train", "test": bool(test)}, _previous(session, model))
        return Trained(session, session.contents), answer["value"]
    module = _needed(session, "persist=False")
    previous = _inner(session, model) if model is not None else _stored(session)
    contents = session.call("train", lambda call: module.train(call, previous))
    trained = Trained(session, lambda: contents)
    return trained, retest(complete_conf, cache, persist=False, model=trained) if test else {}


def _stored(session):
    from mllaunchpad._data import LaunchpadError

    try:
        return session.contents()
    except LaunchpadError as error:
        if error.code != "MODEL_NOT_TRAINED":
            raise
        return None


def retest(complete_conf, cache=True, persist=True, model=None):
    """Tests the stored model again, or `model`, and adds the metrics to its history unless told otherwise. Returns them."""
    session = _session.session_of(complete_conf, cache)
    if persist:
        return session.ask({"type": "retest"}, _previous(session, model))[0]["value"]
    module = _needed(session, "persist=False")
    contents = session.contents() if model is None else _inner(session, model)
    return _plain(session.call("test", lambda call: module.test(call, contents)))


def predict(complete_conf, arg_dict=None, cache=True, model=None, use_live_code=False):
    """Makes one prediction with the stored model, or with `model`. The code is always that of now."""
    session = _session.session_of(complete_conf, cache)
    if session.module is None:
        if model is not None:
            _needed(session, "model")
        return session.ask({"type": "predict", "args": arg_dict or {}})[0]["value"]
    contents = session.contents() if model is None else _inner(session, model)
    return _plain(session.call("predict", lambda call: session.module.predict(call, contents, None, dict(arg_dict or {}))))


def _plain(value):
    from mllaunchpad.resource import to_plain_python_obj

    return to_plain_python_obj(value)


def list_models(model_store_location_or_config_dict):
    """Lists the metadata of all stored models by name and version, with `latest` and `backups`."""
    conf = model_store_location_or_config_dict
    if isinstance(conf, str) and not conf.endswith((".yml", ".yaml", ".json")):
        conf = {"model_store": {"location": os.path.abspath(conf)}, "model": {"name": "none", "version": "0.0.0", "module": "none"}}
    session = _session.session_of(conf, keep=False)
    try:
        return session.ask({"type": "models"})[0]["value"]
    finally:
        session.close()


def sources_and_sinks(config, tags=None):
    """Sources and sinks of a configuration by name, those that have one of the tags, or none."""
    from mllaunchpad import _data

    session = _session.session_of(config)
    action = ([tags] if isinstance(tags, str) else list(tags or ["predict"]))[0]
    session.ask({"type": "call", "action": action})
    call = _data.Call.current = _session.ScriptCall(session)
    entries = session.settings
    return (
        _data.entries("source", _data.Source, entries["sources"], action, call, session.plugins),
        _data.entries("sink", _data.Sink, entries["sinks"], action, call),
    )


def clear_caches():
    """Forgets models that were read, and ends what has been attached."""
    _session.close_all()
