"""The loop of the process: reads what Launchpad wants, does it, answers."""

import json
import os
import platform
import signal
import sys
import traceback

from mllaunchpad import _wire

VERSION = 1


def main():
    wire, reading = _wire.take_streams()
    from mllaunchpad import _watchdog

    _watchdog.watch(reading)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    host = Host(wire)
    while True:
        message = wire.read()
        if message is None or message[0]["type"] == "close":
            break
        host.answer(*message)
    # Threads that a model has started must not keep it.
    sys.stdout.flush()
    os._exit(0)


class Host:
    def __init__(self, wire):
        self.wire = wire
        self.module = None
        self.plugins = None
        self.is_open = False
        self.models = {}
        self.exports = {}

    def answer(self, header, buffers):
        kind = header["type"]
        do = getattr(self, "do_" + kind, None)
        if do is None:
            self._error(ValueError("the host protocol has no %s" % kind), "HOST_FAILED")
            return
        try:
            do(header, buffers)
        except BaseException as error:  # sys.exit() of a model must not end it
            self._failed(error)

    def do_hello(self, header, buffers):
        if header["version"] != VERSION:
            self.wire.write({"type": "result", "version": VERSION})
            return
        _limit(header.get("memory_limit"))
        sys.path[:0] = [root for root in header["roots"] if root not in sys.path]
        _log_to(self.wire, header.get("debug", False))
        from mllaunchpad import _frames, _module, _plugins

        _frames.library = header.get("frames") or "pandas"
        if header["module"] is None:
            self._open_plugins(header)
            return
        self.module = _module.Module(header)
        self.plugins = self.module.plugins = _plugins.load(header.get("plugins"))
        self.is_open = True
        hello = {
            "language": "python",
            "version": platform.python_version(),
            "functions": self.module.functions,
            "form": self.module.form,
        }
        self.wire.write({"type": "result", "version": VERSION, "hello": hello})

    def _open_plugins(self, header):
        """A process of sources and sinks of plugins alone."""
        from mllaunchpad import _plugins

        self.plugins = _plugins.load(header.get("plugins"))
        self.is_open = True
        hello = {"language": "python", "version": platform.python_version(), "functions": [], "form": "plugins"}
        self.wire.write({"type": "result", "version": VERSION, "hello": hello})

    def do_read(self, header, buffers):
        made = []
        self.wire.write({"type": "result", "frame": self.plugins.read(header["name"], header["params"], made)}, made)

    def do_write(self, header, buffers):
        from mllaunchpad import _frames

        frame = _frames.frame_of(header["frame"], buffers) if "frame" in header else None
        self.plugins.write(header["name"], frame, None if frame is not None else bytes(buffers[0]))
        self.wire.write({"type": "result"})

    def do_describe(self, header, buffers):
        from importlib import metadata

        packages = {}
        for distribution in metadata.distributions():
            name = distribution.metadata["Name"]
            if name:
                packages.setdefault(name, distribution.version)
        self.wire.write({"type": "result", "packages": packages, "files": self.module.files(), "version": platform.python_version()})

    def do_train(self, header, buffers):
        if header.get("export"):
            self._train_to_export(header)
            return
        from mllaunchpad import _contents

        previous = self.models.get(header.get("previous"))
        call, model = self._call(lambda call: self.module.train(call, previous))
        data = _contents.dump(model, self.module)
        self.wire.write({"type": "result", "ordered": call.ordered}, [data])

    def _train_to_export(self, header):
        from mllaunchpad import _export

        key = header["model"]

        def train(call):
            model = self.module.train(call, None)
            self.exports[key] = _export.Export(header["export"], model, self.module.module, lambda: self.module.run("train", call))
            return model

        call, self.models[key] = self._call(train)
        self._result(call, self.exports[key].describe())

    def do_rows(self, header, buffers):
        from mllaunchpad import _frames

        buffers = []
        rows = _frames.header_of(self.exports[header["model"]].rows, buffers)
        if rows is None:
            raise TypeError("export(model, run) expected to return a frame of rows beside the estimator")
        self.wire.write({"type": "result", "frame": rows}, buffers)

    def do_export(self, header, buffers):
        self.wire.write({"type": "result"}, [self.exports[header["model"]].write(_rows(header, buffers))])

    def do_prove(self, header, buffers):
        export = self.exports[header["model"]]
        self._value(lambda call: export.predictions(_rows(header, buffers)))

    def do_load(self, header, buffers):
        from mllaunchpad import _contents

        self.models[header["model"]] = _contents.load(buffers[0], self.module)
        self.wire.write({"type": "result"})

    def do_unload(self, header, buffers):
        self.models.pop(header["model"], None)
        self.exports.pop(header["model"], None)
        self.module.forget(header["model"])
        self.wire.write({"type": "result"})

    def do_test(self, header, buffers):
        def model(call):
            if "exported" not in header:
                return self.models[header["model"]]
            from mllaunchpad import _export

            return _export.Exported(header["exported"], call)

        self._value(lambda call: self.module.test(call, model(call)))

    def do_predict(self, header, buffers):
        from mllaunchpad import _values

        key = header["model"]
        args = _values.unpack(header["args"], header.get("tagged", False), buffers)
        self._value(lambda call: self.module.predict(call, self.models[key], key, args))

    def do_predict_batch(self, header, buffers):
        from mllaunchpad import _frames

        frame = _frames.frame_of(header["frame"], buffers)
        self._value(lambda call: self.module.predict_batch(call, self.models[header["model"]], frame))

    def _call(self, do):
        from mllaunchpad import _data
        from mllaunchpad._ordered import Ordered

        call = _data.Call(self.wire)
        _data.Call.current = Ordered.current = call
        try:
            return call, do(call)
        finally:
            _data.Call.current = Ordered.current = None

    def _value(self, do):
        self._result(*self._call(do))

    def _result(self, call, value):
        from mllaunchpad import _values

        text, tagged, buffers = _values.pack(value)
        head = '{"type":"result","ordered":%s,"tagged":%s,"value":%s}'
        self.wire.write(head % (_json(call.ordered), _json(tagged), text), buffers)

    def _failed(self, error):
        from mllaunchpad import _contents, _data, _module

        if isinstance(error, _data.LaunchpadError):
            self._error(error, None, failure=error.failure)
        elif isinstance(error, _module.ModuleError):
            self._error(error, "MODULE_INVALID")
        elif isinstance(error, _contents.ContentsError):
            self._error(error, "CODEC_FAILED")
        elif not self.is_open:
            self._error(ImportError(_of_import(error)), "MODULE_INVALID")
        else:
            self._error(error, None)

    def _error(self, error, code, **more):
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if self.module and self.module.owns(frame.filename)]
        ours = os.path.dirname(os.path.abspath(__file__))
        outside = [frame for frame in frames if not frame.filename.startswith(ours)]
        last = (own or outside or [None])[-1]
        shown = "".join(traceback.format_list(outside) + traceback.format_exception_only(type(error), error))
        header = {
            "type": "error",
            "kind": type(error).__name__,
            "message": str(error)[:4000],
            "place": "%s:%d" % (last.filename, last.lineno) if last else None,
            "traceback": ("Traceback (most recent call last):\n" + shown)[-20000:],
            "code": code,
            **more,
        }
        try:
            self.wire.write(header)
        except OSError:
            os._exit(1)


def _rows(header, buffers):
    """Rows as a DataFrame, with the dtypes that their source gives them."""
    if "frame" not in header:
        return None
    from mllaunchpad import _data, _frames

    return _frames.pandas_of(header["frame"], buffers, _data.narrow(header.get("dtypes")))


def _json(value):
    return "true" if value else "false"


def _of_import(error):
    """What is wrong with a module that cannot be imported: where, and what to install."""
    if isinstance(error, SyntaxError):
        return "%s:%s: %s: %s" % (error.filename, error.lineno, type(error).__name__, error.msg)
    text = "%s: %s" % (type(error).__name__, error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = os.path.dirname(os.path.abspath(__file__))
    own = [frame for frame in frames if not frame.filename.startswith(("<", ours)) and "importlib" not in frame.filename]
    place = "%s:%d: " % (own[-1].filename, own[-1].lineno) if own else ""
    advice = ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = {"sklearn": "scikit-learn", "yaml": "pyyaml", "cv2": "opencv-python", "PIL": "pillow"}.get(error.name.split(".")[0], error.name.split(".")[0])
        advice = ". Install it: %s -m pip install %s" % (sys.executable, package)
    return place + text + advice


def _limit(size):
    """Keeps the process from taking more memory: what is too much is a MemoryError of the model."""
    if not size:
        return
    try:
        import resource
    except ImportError:
        return
    # What it has allocated, where the system counts that; libraries reserve addresses by the gigabyte.
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    resource.setrlimit(kind, (int(size), int(size)))


def _log_to(wire, debug):
    """Hands over what is logged, with its level."""
    import logging

    levels = ((logging.ERROR, "error"), (logging.WARNING, "warning"), (logging.INFO, "info"))

    class Handler(logging.Handler):
        def emit(self, record):
            try:
                level = next((name for least, name in levels if record.levelno >= least), "debug")
                text = record.getMessage()
                if record.exc_info:
                    text += "\n" + "".join(traceback.format_exception(*record.exc_info))
                name = "" if record.name in ("root", "model") else record.name + ": "
                wire.write(json.dumps({"type": "log", "level": level, "message": (name + text)[:8192]}))
            except Exception:
                self.handleError(record)

    root = logging.getLogger()
    root.addHandler(Handler())
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    logging.captureWarnings(True)
