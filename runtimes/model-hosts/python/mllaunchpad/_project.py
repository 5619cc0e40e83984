"""Functions for scripts of one's own: each has the command line of Launchpad do it."""

import json
import os
import shutil
import subprocess
import tempfile


class Config(dict):
    """A configuration, and the file that it was read from."""

    path = None
    read = None


def _command():
    told = os.environ.get("LAUNCHPAD_COMMAND")
    if told:
        return told.split()
    found = shutil.which("launchpad")
    if found:
        return [found]
    if shutil.which("npx"):
        return ["npx", "--no-install", "launchpad"]
    raise FileNotFoundError("the command launchpad is not there: npm install launchpad, or name it in LAUNCHPAD_COMMAND")


def _run(conf, *arguments, text=None):
    path, made = _file_of(conf)
    try:
        done = subprocess.run([*_command(), "-c", path, *arguments], input=text, capture_output=True, text=True, check=False)
    finally:
        if made:
            os.unlink(path)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or "launchpad ended with exit code %d" % done.returncode)
    return json.loads(done.stdout)


def _file_of(conf):
    """The file of a configuration, or a new one beside it if it was changed: JSON is YAML."""
    if isinstance(conf, str):
        return conf, False
    path = getattr(conf, "path", None)
    if path and conf == conf.read:
        return path, False
    folder = os.path.dirname(os.path.abspath(path)) if path else os.getcwd()
    with tempfile.NamedTemporaryFile("w", suffix=".yml", prefix=".launchpad-", dir=folder, delete=False) as file:
        json.dump(conf, file)
    return file.name, True


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


class Trained:
    """A model in the store, as train_model returns it."""

    def __init__(self, name, version):
        self.name = name
        self.version = version


def train_model(complete_conf, cache=True, persist=True, test=True, model=None):
    """Trains, tests and stores a model. Returns (model, metrics)."""
    if not persist or not test or model is not None:
        raise NotImplementedError("train_model here always tests and stores, and takes no model: use `launchpad train`, or its options")
    metrics = _run(complete_conf, "train")
    conf = get_validated_config(complete_conf) if isinstance(complete_conf, str) else complete_conf
    return Trained(conf["model"]["name"], conf["model"]["version"]), metrics


def retest(complete_conf, cache=True, persist=True, model=None):
    """Tests the stored model again, and adds the metrics to its history. Returns them."""
    if not persist or model is not None:
        raise NotImplementedError("retest here tests the stored model, and keeps the metrics")
    return _run(complete_conf, "retest")


def predict(complete_conf, arg_dict=None, cache=True, model=None, use_live_code=False):
    """Makes one prediction with the stored model."""
    if model is not None:
        raise NotImplementedError("predict here uses the stored model")
    return _run(complete_conf, "predict", "-", text=json.dumps(arg_dict or {}))


def list_models(model_store_location_or_config_dict):
    """Lists the metadata of all stored models by name and version."""
    conf = model_store_location_or_config_dict
    if isinstance(conf, str) and not conf.endswith((".yml", ".yaml", ".json")):
        conf = {"model_store": {"location": os.path.abspath(conf)}, "model": {"name": "none", "version": "0.0.0", "module": "none"}}
    return _run(conf, "models", "--json")


def clear_caches():
    """Does nothing: nothing is kept between two calls."""
