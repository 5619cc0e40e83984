"""Sources and sinks of a call: they ask Launchpad, which has opened them."""

import json
import logging

from mllaunchpad import _frames, _values
from mllaunchpad._ordered import Ordered, order_columns
from mllaunchpad.resource import DataSink, DataSource, copied

# What pandas has and a frame of Launchpad has not: asked for by `dtype`, it is made here.
NARROW = {"category", "string", "float32", "float16", "int8", "int16", "int32", "uint8", "uint16", "uint32", "boolean", "Int64", "Int32"}

# Frames that their source keeps, by source and parameters: the same need not come twice.
_kept = {}
_MAX_KEPT = 16


def forget():
    """Forgets frames that sources keep."""
    _kept.clear()


class LaunchpadError(Exception):
    """Something that Launchpad could not do; `code` says what."""

    def __init__(self, message, code, failure):
        super().__init__(message)
        self.code = code
        self.failure = failure


class Call:
    """What one call of the model's code reaches. `current` is that of the main thread."""

    current = None
    # That of the process.
    library = None

    def __init__(self, wire):
        self.wire = wire
        self.ordered = False

    def ask(self, header, buffers=()):
        if Call.current is not self:
            raise RuntimeError("sources and sinks belong to the call of train, test or predict, which has ended")
        message = self.wire.ask(header, buffers)
        if message is None:
            raise SystemExit("Launchpad has ended")
        answer, data = message
        if answer["type"] == "failure":
            raise LaunchpadError(answer["message"], answer["code"], answer["failure"])
        return answer, data

    def tell(self, header, buffers=()):
        if Call.current is self:
            self.wire.write(header, buffers)


def _params(params):
    if not params:
        return {}
    text, tagged, buffers = _values.pack(dict(params))
    if buffers:
        raise TypeError("parameters of a source expected to be single values")
    return {"params": json.loads(text), "tagged": tagged}


def narrow(dtypes):
    """Of the dtypes that are asked for, those that are made here."""
    return {name: kind for name, kind in dtypes.items() if kind in NARROW} if isinstance(dtypes, dict) else {}


class Source(DataSource):
    """A data source; the words are those of TypeScript."""

    def __init__(self, name, entry, call):
        super().__init__(name, entry)
        self.type = entry["type"]
        self.tags = entry["tags"]
        # Launchpad keeps what is to be kept.
        self.expires = 0
        self._call = call

    def __repr__(self):
        return "<source %s (%s)>" % (self.name, self.type)

    def frame(self, params=None):
        """All rows as one frame: a DataFrame of pandas, unless `model.frames` says otherwise."""
        asked = _params(params)
        key = (self.name, json.dumps(asked, sort_keys=True))
        keeps = self.config.get("expires", 0) not in (0, None)
        kept = _kept.get(key) if keeps else None
        known = {} if kept is None else {"known": kept[0]}
        answer, buffers = self._call.ask({"type": "source", "op": "frame", "name": self.name, **asked, **known})
        if answer.get("same"):
            return copied(kept[1])
        frame = self._made(answer["frame"], buffers)
        if not keeps:
            return frame
        while len(_kept) >= _MAX_KEPT:
            _kept.pop(next(iter(_kept), None), None)
        _kept[key] = (answer["key"], frame)
        return copied(frame)

    def batches(self, size=10000, params=None):
        """Frames of `size` rows, one at a time in memory."""
        opened, _ = self._call.ask({"type": "source", "op": "open", "name": self.name, "size": int(size), **_params(params)})
        try:
            while True:
                answer, buffers = self._call.ask({"type": "source", "op": "next", "handle": opened["handle"]})
                if answer.get("done"):
                    return
                yield self._made(answer["frame"], buffers)
        finally:
            if self._call is Call.current:
                self._call.ask({"type": "source", "op": "close", "handle": opened["handle"]})

    def raw(self):
        answer, buffers = self._call.ask({"type": "source", "op": "raw", "name": self.name})
        return bytes(buffers[0]) if answer.get("raw") else answer["text"]

    def _made(self, header, buffers):
        return _frames.frame_of(header, buffers, narrow(self.options.get("dtype")), self._call.library)

    # ML Launchpad's words.

    def get_dataframe(self, params=None, chunksize=None):
        """A DataFrame; with `chunksize`, an iterator of DataFrames of so many rows."""
        return self.frame(params) if chunksize is None else self.batches(chunksize, params)

    def get_raw(self, params=None, chunksize=None):
        """The text of a `text_file`, the bytes of any other file."""
        if chunksize is not None:
            raise NotImplementedError("get_raw has no chunksize: read the whole, or a source with rows by get_dataframe(chunksize=...)")
        return self.raw()


class Sink(DataSink):
    """A data sink."""

    def __init__(self, name, entry, call):
        super().__init__(name, entry)
        self.name = name
        self.type = entry["type"]
        self.tags = entry["tags"]
        self._call = call

    def __repr__(self):
        return "<sink %s (%s)>" % (self.name, self.type)

    def write(self, data):
        """Writes a frame, or frames as they come."""
        buffers = []
        header = _frames.header_of(data, buffers)
        if header is not None:
            self._call.ask({"type": "sink", "op": "frame", "name": self.name, "frame": header}, buffers)
            return
        opened, _ = self._call.ask({"type": "sink", "op": "open", "name": self.name})
        for frame in data:
            buffers = []
            header = _frames.header_of(frame, buffers)
            if header is None:
                raise TypeError("sink %s: frames expected, found a %s" % (self.name, type(frame).__name__))
            self._call.ask({"type": "sink", "op": "batch", "handle": opened["handle"], "frame": header}, buffers)
        self._call.ask({"type": "sink", "op": "end", "handle": opened["handle"]})

    def write_raw(self, data):
        """Writes text or bytes as they are."""
        header = {"type": "sink", "op": "raw", "name": self.name}
        if isinstance(data, str):
            self._call.ask({**header, "text": data})
        else:
            self._call.ask(header, [data])

    def put_dataframe(self, dataframe, params=None, chunksize=None):
        self.write(dataframe)

    def put_raw(self, raw_data, params=None, chunksize=None):
        self.write_raw(raw_data)


class Entries(dict):
    """Sources or sinks by name."""

    def __init__(self, what, items):
        super().__init__(items)
        self._what = what

    def __missing__(self, name):
        raise KeyError("no data %s %r here; there are %s" % (self._what, name, ", ".join(map(repr, self)) or "none"))


def entries(what, kind, config, action, call, plugins=None):
    """Creates those that an action sees by their tags: code of the model reaches the source of a plugin itself."""
    seen = {name: entry for name, entry in config.items() if not entry["tags"] or action in entry["tags"]}
    made = {}
    for name, entry in seen.items():
        own = plugins.source(name) if plugins is not None and kind is Source else None
        made[name] = kind(name, entry, call) if own is None else own
    return Entries(what, made)


class Run:
    """What a call of train, test or predict reaches, in the words of TypeScript."""

    def __init__(self, config, sources, sinks, call, previous=None):
        self.config = config
        self.previous = previous
        self.log = logging.getLogger("model")
        self._sources = sources
        self._sinks = sinks
        self._call = call

    def source(self, name):
        return self._sources[name]

    def sink(self, name):
        return self._sinks[name]

    def report(self, name, value):
        report(name, value)

    def order_columns(self, data):
        return order_columns(data)

    def progress(self, message):
        """Tells whoever waits how far it is."""
        self._call.tell({"type": "progress", "message": str(message)})


def report(name, value):
    """Adds to the train report, which is kept with the model: what JSON can hold, or a frame, of which a summary is kept."""
    call = Call.current
    if call is None:
        logging.getLogger(__name__).info('report("%s") does nothing here', name)
        return
    text, tagged, buffers = _values.pack(value)
    head = json.dumps({"type": "report", "name": str(name), "tagged": tagged})
    call.tell('%s,"value":%s}' % (head[:-1], text), buffers)
