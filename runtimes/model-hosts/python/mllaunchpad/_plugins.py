"""Sources and sinks that are classes of plugins: made as ML Launchpad makes them, by the types that they serve."""

import sys

from mllaunchpad import _frames
from mllaunchpad.resource import DataSink, DataSource


class Plugins:
    """The classes of plugins, and one object for each entry that they serve."""

    def __init__(self, settings):
        from mllaunchpad import _module

        self.classes = {DataSource: {}, DataSink: {}}
        self.entries = {DataSource: settings["sources"], DataSink: settings["sinks"]}
        self._made = {}
        for one in settings["modules"]:
            if one["root"] not in sys.path:
                sys.path.append(one["root"])
            module = _module.import_file(one["path"], [one["root"]])
            for kind, served in self.classes.items():
                for found in vars(module).values():
                    if isinstance(found, type) and issubclass(found, kind) and found.__module__ == module.__name__:
                        served.update({type_: found for type_ in found.serves})

    def make(self, kind, name):
        """The object of an entry: made when it is first used, and kept."""
        key = (kind, name)
        if key not in self._made:
            entry = self.entries[kind][name]
            more = [entry["dbms"]] if "dbms" in entry else []
            self._made[key] = self.classes[kind][entry["type"]](name, entry["config"], *more)
        return self._made[key]

    def source(self, name):
        """The source of an entry; None where no plugin serves it."""
        return self.make(DataSource, name) if name in self.entries[DataSource] else None

    def read(self, name, params, buffers):
        """What a source reads, as the header of a frame."""
        frame = self.source(name).get_dataframe(params or None)
        header = _frames.header_of(frame, buffers)
        if header is None:
            raise TypeError("get_dataframe of %s expected to return a DataFrame, found a %s" % (name, type(frame).__name__))
        return header

    def write(self, name, frame=None, raw=None):
        """Has a sink write."""
        sink = self.make(DataSink, name)
        sink.put_raw(raw) if frame is None else sink.put_dataframe(frame)


def load(settings):
    """Imports the plugins of a configuration; None where there are none."""
    return Plugins(settings) if settings else None
