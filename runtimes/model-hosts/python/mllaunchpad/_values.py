"""Values of Python as JSON with tags, and back (docs/reference/host-protocol.md)."""

import datetime
import decimal
import enum
import io
import json
import math
import pathlib
import re
import sys
import uuid

from mllaunchpad import _frames

SAFE = 2**53 - 1
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MILLISECOND = datetime.timedelta(milliseconds=1)
DEEP = 200
# Shorter arrays are as well written as numbers.
LONG = 64

# A whole number that JavaScript might not hold, or a key that would be taken for a tag.
_doubtful = re.compile(r'(?<![.\d])\d{16,}(?![\d.eE])|"\$":')


class UploadedFile(io.BytesIO):
    """A file that a request brought: read() as usual; `filename` and `content_type` say what it was."""

    def __init__(self, data, filename, content_type):
        super().__init__(data)
        self.filename = filename
        self.name = filename
        self.content_type = content_type
        self.mimetype = content_type
        self.stream = self

    def save(self, path):
        with open(path, "wb") as file:
            file.write(self.getvalue())


def pack(value):
    """Creates (json text, tagged, buffers) of a value; TypeError names what JSON has no form for."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        if not _doubtful.search(text):
            return text, False, ()
    except (TypeError, ValueError, RecursionError):
        pass
    packer = _Packer()
    packed = packer.pack(value, "result", 0)
    text = json.dumps(packed, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text, packer.tagged, packer.buffers


class _Packer:
    def __init__(self):
        self.tagged = False
        self.buffers = []

    def tag(self, kind, **more):
        self.tagged = True
        return {"$": kind, **more}

    def pack(self, value, path, depth):
        if value is None or isinstance(value, (str, bool)):
            return str(value) if isinstance(value, str) else value
        if isinstance(value, enum.Enum):
            return self.pack(value.value, path, depth)
        if isinstance(value, int):
            return int(value) if -SAFE <= value <= SAFE else self.tag("int", v=str(int(value)))
        if isinstance(value, float):
            return self._float(float(value))
        if depth > DEEP:
            raise TypeError("%s contains itself, or is nested more than %d levels deep" % (path[:200], DEEP))
        if isinstance(value, dict):
            return self._dict(value, path, depth)
        if isinstance(value, (list, tuple, set, frozenset)) or type(value).__name__ in ("deque", "dict_values", "dict_keys", "range"):
            return [self.pack(item, "%s[%d]" % (path, at), depth + 1) for at, item in enumerate(value)]
        return self._other(value, path, depth)

    def _float(self, value):
        if math.isfinite(value):
            return value
        return self.tag("number", v="nan" if math.isnan(value) else "inf" if value > 0 else "-inf")

    def _dict(self, value, path, depth):
        items = [(_key(key, path), self.pack(item, "%s[%r]" % (path, key), depth + 1)) for key, item in value.items()]
        if any(key == "$" for key, _ in items):
            return self.tag("object", v=items)
        return dict(items)

    def _other(self, value, path, depth):
        if isinstance(value, datetime.datetime):
            if value != value:
                return None
            aware = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
            if type(value).__name__ == "Timestamp":
                aware = aware.to_pydatetime(warn=False)
            return self.tag("datetime", v=(aware - EPOCH) // MILLISECOND)
        if isinstance(value, (datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, decimal.Decimal):
            if not value.is_finite():
                return self._float(float(value))
            return float(value) if decimal.Decimal(repr(float(value))) == value else str(value)
        if isinstance(value, (uuid.UUID, pathlib.PurePath)):
            return str(value)
        library = type(value).__module__.split(".")[0]
        if library == "numpy":
            return self._numpy(value, path, depth)
        if library == "pandas":
            return self._pandas(value, path, depth)
        if library in ("polars", "pyarrow"):
            frame = _frames.header_of(value, self.buffers)
            if frame is not None:
                return self.tag("frame", **frame)
            for name in ("to_list", "to_pylist", "as_py"):
                if hasattr(value, name):
                    return self.pack(getattr(value, name)(), path, depth + 1)
        if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
            return self._dict({name: getattr(value, name) for name in value.__dataclass_fields__}, path, depth)
        if hasattr(value, "model_dump"):
            return self.pack(value.model_dump(), path, depth + 1)
        raise _refusal(value, path)

    def _numpy(self, value, path, depth):
        np = sys.modules["numpy"]
        if isinstance(value, np.ndarray):
            if value.ndim == 0:
                return self.pack(value.item() if value.dtype.kind not in "mM" else value[()], path, depth + 1)
            return self._array(np, value, path, depth)
        if isinstance(value, np.datetime64):
            if np.isnat(value):
                return None
            return self.tag("datetime", v=int(value.astype("datetime64[ms]").astype("int64")))
        if isinstance(value, (np.timedelta64, np.complexfloating)):
            raise _refusal(value, path)
        if isinstance(value, np.longdouble) and np.isfinite(value) and np.longdouble(float(value)) != value:
            raise TypeError("%s is a %s that no float holds" % (path, type(value).__name__))
        if isinstance(value, np.floating):
            return self._float(float(value))
        if isinstance(value, np.generic):
            return self.pack(value.item(), path, depth + 1)
        raise _refusal(value, path)

    def _array(self, np, value, path, depth):
        kind = value.dtype.kind
        if value.size < LONG or kind not in "fiub" or (kind == "u" and value.dtype.itemsize == 8):
            items = list(value) if kind in "mMcVg" or value.ndim > 1 else value.tolist()
            return [self.pack(item, "%s[%d]" % (path, at), depth + 1) for at, item in enumerate(items)]
        if kind == "f" and value.dtype.itemsize > 8:
            return [self.pack(item, "%s[%d]" % (path, at), depth + 1) for at, item in enumerate(value)]
        dtype = {"f": "float64", "b": "bool"}.get(kind) or ("int32" if value.dtype.itemsize < 4 or value.dtype == np.int32 else "int64")
        self.buffers.append(np.ascontiguousarray(value, dtype=dtype).reshape(-1).view("uint8"))
        return self.tag("array", b=len(self.buffers) - 1, dtype=dtype, shape=list(value.shape))

    def _pandas(self, value, path, depth):
        pd = sys.modules["pandas"]
        if value is pd.NA or value is pd.NaT:
            return None
        if isinstance(value, pd.DataFrame):
            named = [name for name in value.index.names if name is not None]
            frame = value.reset_index() if named else value
            return self.tag("frame", **_frames.header_of(frame, self.buffers))
        if isinstance(value, pd.Series):
            if not isinstance(value.index, pd.RangeIndex):
                return self._dict(dict(zip(value.index, value)), path, depth)
            return self.pack(value.array, path, depth) if value.dtype.kind in "Mm" else self._items(value, path, depth)
        if hasattr(value, "__iter__"):
            return self._items(value, path, depth)
        raise _refusal(value, path)

    def _items(self, value, path, depth):
        kind = getattr(value.dtype, "kind", "O")
        if kind in "fiub" and not hasattr(value.dtype, "na_value"):
            return self.pack(value.to_numpy(), path, depth + 1)
        return [self.pack(item, "%s[%d]" % (path, at), depth + 1) for at, item in enumerate(value)]


def _key(key, path):
    if isinstance(key, str):
        return str(key)
    if key is None or isinstance(key, (bool, int, float)):
        return json.loads(json.dumps({key: 0}, allow_nan=True).replace(": 0}", ": null}")).popitem()[0]
    if type(key).__module__.split(".")[0] == "numpy" and hasattr(key, "item"):
        return _key(key.item(), path)
    if isinstance(key, (datetime.date, uuid.UUID, enum.Enum)):
        return str(key.value if isinstance(key, enum.Enum) else key.isoformat() if hasattr(key, "isoformat") else key)
    raise TypeError("%s has a key that is a %s: keys must be text or numbers" % (path, type(key).__name__))


def _refusal(value, path):
    return TypeError("%s is a %s: JSON has no such value" % (path, type(value).__name__))


def unpack(value, tagged, buffers):
    """Creates the value that was packed."""
    return _unpack(value, buffers) if tagged else value


def _unpack(value, buffers):
    if isinstance(value, list):
        return [_unpack(item, buffers) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("$")
    if kind is None:
        return {key: _unpack(item, buffers) for key, item in value.items()}
    if kind == "number":
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf, "-0": -0.0}[value["v"]]
    if kind == "int":
        return int(value["v"])
    if kind == "datetime":
        return EPOCH + datetime.timedelta(milliseconds=value["v"])
    if kind == "bytes":
        data = bytes(buffers[value["b"]])
        return UploadedFile(data, value["name"], value.get("type", "")) if "name" in value else data
    if kind == "frame":
        return _frames.frame_of(value, buffers)
    if kind == "object":
        return {key: _unpack(item, buffers) for key, item in value["v"]}
    raise ValueError("a value of an unknown kind: %s" % kind)
