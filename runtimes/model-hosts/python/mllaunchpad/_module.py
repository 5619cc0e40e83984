"""The module of a model: functions of its own, or the classes of ML Launchpad."""

import importlib
import importlib.util
import inspect
import os
import sys

from mllaunchpad import _data
from mllaunchpad.model_interface import ModelInterface, ModelMakerInterface

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ELSEWHERE = ("site-packages", "dist-packages", "node_modules")
FUNCTIONS = ("train", "test", "predict", "predict_batch")


class ModuleError(Exception):
    """A module that is no model."""


class Module:
    """A module that was imported; its functions are called in one way, whichever form it has."""

    def __init__(self, settings):
        self.settings = settings
        self.config = settings["config"]
        path, roots = settings["module"], settings["roots"]
        for root in reversed(roots):
            if root not in sys.path:
                sys.path.insert(0, root)
        # In front of a package of the same name that is installed.
        if HERE in sys.path:
            sys.path.remove(HERE)
        sys.path.insert(0, HERE)
        self.roots = roots
        self.module = import_file(path, roots)
        self.makers = _classes(self.module, ModelMakerInterface)
        self.models = _classes(self.module, ModelInterface)
        self.form = "mllaunchpad" if self.makers or self.models else "functions"
        self.functions = self._functions()
        self.saves = callable(getattr(self.module, "save", None)) and callable(getattr(self.module, "load", None))
        if self.saves:
            self.save, self.load = self.module.save, self.module.load
        self.plugins = None
        self._maker = None
        self._wrapped = {}

    def _functions(self):
        if self.form == "functions":
            found = [name for name in FUNCTIONS if callable(getattr(self.module, name, None))]
            if not found:
                raise ModuleError(
                    "%s: functions train, test and predict expected, or classes that inherit ModelMakerInterface and ModelInterface; "
                    "found neither" % self.settings["module"]
                )
            return found
        for what, classes in (("ModelMakerInterface", self.makers), ("ModelInterface", self.models)):
            if len(classes) != 1:
                names = ", ".join(kind.__name__ for kind in classes) or "none"
                raise ModuleError("%s: one class that inherits %s expected, found %s" % (self.settings["module"], what, names))
        return ["train", "test", "predict"]

    def _data(self, action, call):
        sources = _data.entries("source", _data.Source, self.settings["sources"], action, call, self.plugins)
        sinks = _data.entries("sink", _data.Sink, self.settings["sinks"], action, call)
        return sources, sinks

    def run(self, action, call):
        """What a function of the module reaches, whichever form it has."""
        return _data.Run(self.config, *self._data(action, call), call)

    def maker(self):
        if self._maker is None:
            self._maker = self.makers[0]()
        return self._maker

    def train(self, call, previous):
        sources, sinks = self._data("train", call)
        if self.form == "functions":
            return self.module.train(_data.Run(self.config, sources, sinks, call, previous))
        model = self.maker().create_trained_model(self.config, sources, sinks, old_model=previous)
        _data.report("algorithm", repr(model)[:1000])
        return model

    def test(self, call, model):
        sources, sinks = self._data("test", call)
        if self.form == "functions":
            return self.module.test(model, _data.Run(self.config, sources, sinks, call))
        return self.maker().test_trained_model(self.config, sources, sinks, model)

    def predict(self, call, model, key, args):
        sources, sinks = self._data("predict", call)
        if self.form == "functions":
            return self.module.predict(model, args, _data.Run(self.config, sources, sinks, call))
        wrapped = None if key is None else self._wrapped.get(key)
        if wrapped is None:
            wrapped = self.models[0](contents=model)
            if key is not None:
                self._wrapped[key] = wrapped
        return wrapped.predict(self.config, sources, sinks, model, args)

    def predict_batch(self, call, model, frame):
        sources, sinks = self._data("predict", call)
        predictions = self.module.predict_batch(model, frame, _data.Run(self.config, sources, sinks, call))
        kind = type(predictions)
        if kind.__module__.split(".")[0] == "pandas" and kind.__name__ == "Series":
            # By position, whatever its index.
            return predictions.reset_index(drop=True)
        if kind.__module__.split(".")[0] == "pandas" and kind.__name__ == "DataFrame":
            return predictions.reset_index(drop=True)
        return predictions if hasattr(predictions, "__len__") and not isinstance(predictions, (dict, str)) else list(predictions)

    def forget(self, key):
        self._wrapped.pop(key, None)

    def files(self):
        """The modules of the project that are imported by now."""
        found = set()
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if not file or not file.endswith(".py"):
                continue
            file = os.path.abspath(file)
            if self.owns(file):
                found.add(file)
        return sorted(found)

    def owns(self, file):
        """Whether a file belongs to the project: not to a package, and not to Launchpad."""
        if file.startswith(HERE + os.sep) or any(part in file.split(os.sep) for part in ELSEWHERE):
            return False
        return any(file.startswith(root + os.sep) for root in self.roots)


def import_file(path, roots):
    """Imports a file under the name that other modules of the project would import it by."""
    for root in roots:
        inside = os.path.relpath(path, root)
        if inside.startswith(os.pardir) or os.path.isabs(inside):
            continue
        name = os.path.splitext(inside)[0].replace(os.sep, ".")
        if all(part.isidentifier() for part in name.split(".")):
            importlib.invalidate_caches()
            module = importlib.import_module(name)
            if os.path.abspath(getattr(module, "__file__", "") or "") == path:
                return module
            # Something else has that name, a module of Python itself perhaps.
            break
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _classes(module, base):
    """The classes of the module that inherit from a base and can be made; imported ones count if there are no others."""
    found = [
        kind
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, base) and kind is not base and not inspect.isabstract(kind)
    ]
    unique = list(dict.fromkeys(found))
    own = [kind for kind in unique if kind.__module__ == module.__name__]
    return own or unique
