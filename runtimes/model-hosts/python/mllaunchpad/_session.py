"""What a script has attached to: a process of Launchpad, which reaches data, model and model store."""

import atexit
import json
import logging
import os
import shutil
import subprocess
import tempfile
import threading

from mllaunchpad import _contents, _wire

logger = logging.getLogger("mllaunchpad")


def command():
    """The command of Launchpad."""
    told = os.environ.get("LAUNCHPAD_COMMAND")
    if told:
        return told.split()
    for name in ("launchpad", "mllaunchpad"):
        beside = os.path.join("node_modules", ".bin", name)
        found = beside if os.path.exists(beside) else shutil.which(name)
        if found:
            return [found]
    raise FileNotFoundError("the command launchpad is not there: npm install mllaunchpad, or name it in LAUNCHPAD_COMMAND")


def file_of(conf):
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


class Session:
    """One configuration, as long as it does not change."""

    def __init__(self, conf):
        path, made = file_of(conf)
        # It is read again by whatever needs it, until the end.
        self._made = path if made else None
        self._process = None
        try:
            self._process = subprocess.Popen(
                [*command(), "-c", path, "script"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            self._said = []
            self._listener = threading.Thread(target=self._listen, daemon=True)
            self._listener.start()
            self.wire = _wire.Wire(os.dup(self._process.stdout.fileno()), os.dup(self._process.stdin.fileno()))
            self.settings, _ = self.ask({"type": "hello"})
        except BaseException:
            self.close()
            raise
        self._module = None
        self._plugins = None
        self._run = None
        self._model = None

    def _listen(self):
        for line in self._process.stderr:
            text = line.decode("utf-8", "replace").rstrip()
            self._said = [*self._said[-20:], text]
            logger.info(text)

    def ask(self, header, buffers=()):
        from mllaunchpad._data import LaunchpadError

        try:
            message = self.wire.ask(header, buffers)
        except OSError:
            message = None
        if message is None:
            self._process.wait()
            self._listener.join(5)
            errors = [line for line in self._said if line.startswith("launchpad: ")] or self._said
            raise RuntimeError("\n".join(errors) or "launchpad ended with exit code %s" % self._process.returncode)
        answer, data = message
        if answer["type"] == "failure":
            raise LaunchpadError(answer["message"], answer["code"], answer["failure"])
        return answer, data

    @property
    def module(self):
        """The module of the model; None where it is not in Python, or stored as a file that Python does not read."""
        if self._module is None and self.settings["module"] is not None:
            from mllaunchpad import _module

            module = _module.Module(self.settings)
            module.plugins = self.plugins
            self._module = module
        return self._module

    @property
    def plugins(self):
        """The plugins of the configuration; None where it has none in Python."""
        if self._plugins is None:
            from mllaunchpad import _plugins

            self._plugins = _plugins.load(self.settings.get("plugins"))
        return self._plugins

    def call(self, action, do):
        """Has code of the model do something here."""
        from mllaunchpad import _data
        from mllaunchpad._ordered import Ordered

        self.ask({"type": "call", "action": action})
        before = _data.Call.current
        call = ScriptCall(self)
        _data.Call.current = Ordered.current = call
        try:
            return do(call)
        finally:
            _data.Call.current = Ordered.current = before

    def contents(self):
        """What was trained, as it serves now: read again only where it is another."""
        answer, buffers = self.ask({"type": "contents", "known": self._run})
        if answer["run"] != self._run or self._run is None:
            self._model = _contents.load(buffers[0], self.module)
            self._run = answer["run"]
        return self._model

    def close(self):
        if self._made is not None:
            os.unlink(self._made)
            self._made = None
        if self._process is None:
            return
        if self._process.poll() is None:
            try:
                self.wire.write({"type": "close"})
                self._process.stdin.close()
                self._process.wait(10)
            except (AttributeError, OSError, subprocess.TimeoutExpired):
                self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            stream.close()


class ScriptCall:
    """What a call of the model's code reaches from a script."""

    def __init__(self, session):
        self._session = session
        self.ordered = False
        self.report = {}
        self.library = session.settings.get("frames") or "pandas"

    def ask(self, header, buffers=()):
        return self._session.ask(header, buffers)

    def tell(self, header, buffers=()):
        # A report is kept with what is stored, and this is not.
        pass


_sessions = {}


def session_of(conf, keep=True):
    """The session of a configuration."""
    key = conf if isinstance(conf, str) else json.dumps([getattr(conf, "path", None), conf], sort_keys=True, default=str)
    if not keep:
        return Session(conf)
    if key not in _sessions:
        _sessions[key] = Session(conf)
    return _sessions[key]


def close_all():
    """Ends what has been attached."""
    from mllaunchpad import _data

    while _sessions:
        _sessions.popitem()[1].close()
    _data.forget()


atexit.register(close_all)
