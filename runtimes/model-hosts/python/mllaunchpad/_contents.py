"""Contents of a model as bytes: by the module's save and load, else a pickle, whose large arrays stay out of it."""

import importlib
import pickle
import platform

from mllaunchpad import _wire

# Pickle more than pickle itself does: functions without a name, classes of a notebook. Those that are installed.
PICKLERS = ("dill", "cloudpickle", "joblib.externals.cloudpickle")


class ContentsError(Exception):
    """Contents that cannot be written or read."""


def dump(model, module):
    """Creates the contents of a model."""
    if module.saves:
        data = module.save(model)
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise ContentsError("save(model) expected to return bytes, found a %s" % type(data).__name__)
        kind, buffers = "module", [data]
    else:
        kind = "pickle"
        buffers = _pickle(model)
    header = {"type": "contents", "kind": kind, "language": "python", "version": platform.python_version()}
    return _wire.encode(header, buffers)


def _pickle(model):
    outside = []
    try:
        # Small ones are kept inside: each has a size of its own to be told.
        def aside(buffer):
            raw = buffer.raw()
            if raw.nbytes < 4096:
                return True
            outside.append(raw)
            return False

        data = pickle.dumps(model, protocol=5, buffer_callback=aside)
        return [data, *outside]
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        for name in PICKLERS:
            try:
                other = importlib.import_module(name)
            except ImportError:
                continue
            return [other.dumps(model, protocol=5)]
        raise ContentsError(
            "what train returned cannot be stored: %s. Return something that pickle takes, install dill (python -m pip install "
            "dill), or give the module save(model) and load(bytes)" % error
        ) from error


def load(data, module):
    """Creates the model of its contents."""
    header, buffers = _wire.decode(data)
    if header.get("type") != "contents":
        raise ContentsError("contents of a model in Python expected, found other bytes")
    if header["kind"] == "module":
        if not module.saves:
            raise ContentsError("the contents were written by the module's save, but it has no load any more")
        return module.load(bytes(buffers[0]))
    try:
        return pickle.loads(buffers[0], buffers=buffers[1:])
    except Exception as error:
        raise ContentsError(
            "the contents cannot be read: %s: %s. They were written by Python %s, this is %s: the same packages are needed as "
            "for training" % (type(error).__name__, error, header.get("version"), platform.python_version())
        ) from error
