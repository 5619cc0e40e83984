"""Frames of the host protocol as those of pandas, polars or Arrow, and back. Libraries are imported when they are used."""

import sys

SAFE = 2**53 - 1

# What a source gives: pandas, polars or arrow (model.frames).
library = "pandas"


class FrameError(ValueError):
    """Values that no frame of Launchpad has a form for."""


def need(name):
    """Imports a library; the error says how to install it."""
    try:
        return __import__(name)
    except ImportError as error:
        if error.name != name:
            raise
        raise ImportError("%s is not installed: %s -m pip install %s" % (name, sys.executable, name), name=name) from None


def frame_of(header, buffers, dtypes=None, kind=None):
    """Creates the frame that a header describes."""
    kind = kind or library
    if kind == "pandas":
        return pandas_of(header, buffers, dtypes or {})
    table = _arrow_of(header, buffers)
    return table if kind == "arrow" else need("polars").from_arrow(table)


def pandas_of(header, buffers, dtypes):
    pd = need("pandas")
    columns = {}
    for column in header["columns"]:
        texts = _arrow_texts(pd, column, buffers, header["rows"]) if column["dtype"] == "str" else None
        columns[column["name"]] = array_of(column, buffers) if texts is None else texts
    frame = pd.DataFrame(columns, index=range(header["rows"]), copy=False)
    wanted = {name: dtype for name, dtype in dtypes.items() if name in columns}
    return frame.astype(wanted) if wanted else frame


def _arrow_texts(pd, column, buffers, rows):
    """Texts as pandas 3 keeps them, which are the buffers as they came; None where pandas, or what it has, is older."""
    if int(pd.__version__.split(".")[0]) < 3 or not pd.options.future.infer_string:
        return None
    np = need("numpy")
    dtype = pd.StringDtype(na_value=np.nan)
    if dtype.storage != "pyarrow":
        return None
    texts = _arrow_array(need("pyarrow"), np, column, buffers, rows)
    if texts.null_count == len(texts):
        return None
    return dtype.__from_arrow__(texts.dictionary_decode() if "codes" in column else texts)


def array_of(column, buffers):
    np = need("numpy")
    dtype = column["dtype"]
    if dtype == "str":
        return _texts(np, column, buffers)
    values = buffers[column["values"]]
    if dtype == "float64":
        return np.frombuffer(values, "<f8")
    if dtype == "int64":
        return np.frombuffer(values, "<i8") if column["as"] == "int64" else np.frombuffer(values, "<f8").astype("i8")
    if dtype == "bool":
        truth = np.frombuffer(values, "u1")
        if not (truth == 2).any():
            return truth.astype(bool)
        cells = truth.astype(bool).astype(object)
        cells[truth == 2] = np.nan
        return cells
    if dtype == "datetime":
        floats = np.frombuffer(values, "<f8")
        times = np.where(np.isnan(floats), 0, floats).astype("i8").astype("datetime64[ms]")
        times[np.isnan(floats)] = np.datetime64("NaT")
        # As pandas has it: nanoseconds, unless they do not reach so far.
        reach = floats[~np.isnan(floats)]
        return times if reach.size and (abs(reach) > 9.2e15 / 1000).any() else times.astype("datetime64[ns]")
    raise FrameError("column %r has an unknown dtype: %s" % (column["name"], dtype))


def _texts(np, column, buffers):
    offsets = np.frombuffer(buffers[column["offsets"]], "<u4")
    data = bytes(buffers[column["bytes"]])
    texts = np.empty(max(len(offsets) - 1, 0), dtype=object)
    texts[:] = _strings(np, data, offsets)
    if "codes" in column:
        codes = np.frombuffer(buffers[column["codes"]], "<i4")
        cells = texts.take(codes) if len(texts) else np.full(len(codes), np.nan, dtype=object)
        cells[codes < 0] = np.nan
        return cells
    if "missing" in column:
        texts[np.frombuffer(buffers[column["missing"]], "u1") == 1] = np.nan
    return texts


def _strings(np, data, offsets):
    """Decodes all at once, and cuts: a call for each would take many times as long."""
    whole = data.decode("utf-8")
    if len(whole) != len(data):
        begins = (np.frombuffer(data, "u1") & 0xC0) != 0x80
        offsets = np.concatenate(([0], np.cumsum(begins)))[offsets]
    cuts = offsets.tolist()
    return [whole[start:end] for start, end in zip(cuts, cuts[1:])]


def _arrow_of(header, buffers):
    pa = need("pyarrow")
    np = need("numpy")
    names, arrays = [], []
    for column in header["columns"]:
        names.append(column["name"])
        arrays.append(_arrow_array(pa, np, column, buffers, header["rows"]))
    return pa.Table.from_arrays(arrays, names=names)


def _arrow_array(pa, np, column, buffers, rows):
    dtype = column["dtype"]
    if dtype != "str":
        if dtype == "bool":
            truth = np.frombuffer(buffers[column["values"]], "u1")
            return pa.array(truth == 1, mask=truth == 2)
        values = array_of(column, buffers)
        if dtype == "float64":
            return pa.array(values, mask=np.isnan(values))
        return pa.array(values.astype("datetime64[ms]") if dtype == "datetime" else values)
    offsets, data = pa.py_buffer(buffers[column["offsets"]]), pa.py_buffer(buffers[column["bytes"]])
    large = memoryview(buffers[column["bytes"]]).nbytes >= 2**31
    if large:
        offsets = pa.py_buffer(np.frombuffer(buffers[column["offsets"]], "<u4").astype("<i8"))
    kind = pa.large_string() if large else pa.string()
    if "codes" in column:
        codes = np.frombuffer(buffers[column["codes"]], "<i4")
        count = memoryview(buffers[column["offsets"]]).nbytes // 4 - 1
        words = pa.Array.from_buffers(kind, count, [None, offsets, data])
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)
    valid = None
    if "missing" in column:
        missing = np.frombuffer(buffers[column["missing"]], "u1")
        valid = pa.py_buffer(np.packbits(missing == 0, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, rows, [valid, offsets, data])


def header_of(value, buffers):
    """Describes a frame of any of the libraries; None for what is no frame."""
    kind = type(value).__module__.split(".")[0]
    if kind == "pandas" and hasattr(value, "columns"):
        frame = value
    elif kind == "polars" and hasattr(value, "to_pandas") and hasattr(value, "columns"):
        return _columns_of(value.columns, [value[name].to_list() for name in value.columns], buffers, value.height)
    elif kind == "pyarrow" and hasattr(value, "column_names"):
        return _columns_of(value.column_names, [column.to_pylist() for column in value.columns], buffers, value.num_rows)
    else:
        return None
    return _columns_of(frame.columns, [frame.iloc[:, at] for at in range(frame.shape[1])], buffers, len(frame))


def _columns_of(names, values, buffers, rows):
    pd = need("pandas") if any(type(one).__module__.startswith("pandas") for one in values) else None
    texts = [str(name) for name in names]
    twice = {name for name in texts if texts.count(name) > 1} if len(set(texts)) < len(texts) else ()
    if twice:
        raise FrameError("columns with names of their own expected, found several named %s" % ", ".join(map(repr, sorted(twice))))
    columns = []
    for name, one in zip(texts, values):
        series = one if pd is not None else _Listed(one)
        columns.append({"name": name, **_column(name, series, buffers)})
    return {"rows": rows, "columns": columns}


class _Listed:
    """Values of polars and Arrow, which have been made Python's own."""

    def __init__(self, values):
        self.values = values


def _column(name, series, buffers):
    np = need("numpy")
    if isinstance(series, _Listed):
        return _objects(np, name, series.values, buffers)
    dtype = series.dtype
    kind = str(dtype)
    if kind == "category":
        return _category(np, name, series, buffers)
    if kind.startswith("datetime64"):
        return _times(np, series, buffers)
    numpy_kind = dtype.kind if isinstance(dtype, np.dtype) else ""
    if numpy_kind == "f" and dtype.itemsize <= 8:
        return _add("float64", np.ascontiguousarray(series.to_numpy(), "<f8"), buffers)
    if numpy_kind in tuple("iu"):
        return _integers(np, name, series.to_numpy(), buffers)
    if numpy_kind == "b":
        return _add("bool", series.to_numpy().astype("u1"), buffers)
    if numpy_kind in tuple("cmV"):
        raise FrameError("column %r is %s, which no frame of Launchpad has. Convert it before" % (name, kind))
    return _objects(np, name, series.astype(object).tolist(), buffers)


def _add(dtype, array, buffers, **more):
    buffers.append(array.view("u1") if array.dtype != "u1" else array)
    return {"dtype": dtype, "values": len(buffers) - 1, **more}


def _integers(np, name, values, buffers):
    if values.size and values.dtype.kind == "u" and values.max() > 2**63 - 1:
        raise FrameError("column %r has a whole number beyond 64 bits with a sign" % name)
    if values.size and (values.max() > SAFE or values.min() < -SAFE):
        return _add("int64", np.ascontiguousarray(values, "<i8"), buffers, **{"as": "int64"})
    return _add("int64", np.ascontiguousarray(values, "<f8"), buffers, **{"as": "float64"})


def _times(np, series, buffers):
    zoned = series.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(series.dt, "tz", None) is not None else series
    times = zoned.to_numpy().astype("datetime64[ms]")
    floats = times.astype("i8").astype("<f8")
    floats[np.isnat(times)] = np.nan
    return _add("datetime", floats, buffers)


def _category(np, name, series, buffers):
    categories = list(series.cat.categories)
    if not all(isinstance(one, str) for one in categories):
        return _column(name, series.astype(series.cat.categories.dtype) if not series.isna().any() else series.astype(object), buffers)
    codes = np.ascontiguousarray(series.cat.codes, "<i4")
    return {"dtype": "str", **_text_buffers(np, categories, buffers), "codes": _push(codes, buffers)}


def _push(array, buffers):
    buffers.append(array.view("u1"))
    return len(buffers) - 1


def _text_buffers(np, texts, buffers):
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(encoded) + 1, "<u4")
    lengths = np.fromiter(map(len, encoded), "i8", len(encoded))
    if lengths.sum() > 2**32 - 1:
        raise FrameError("a column of text has more than 4 GB, the most a frame takes. Write it in batches")
    np.cumsum(lengths, out=offsets[1:])
    buffers.append(b"".join(encoded))
    return {"bytes": len(buffers) - 1, "offsets": _push(offsets, buffers)}


def _is_missing(value):
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        # pandas.NA has no truth.
        return type(value).__name__ == "NAType"


def _milliseconds(np, value):
    import datetime

    if isinstance(value, np.datetime64):
        return float(value.astype("datetime64[ms]").astype("i8"))
    aware = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return float((aware - epoch) // datetime.timedelta(milliseconds=1))


def _objects(np, name, values, buffers):
    """Values of any kind: they must all be of one."""
    import datetime
    import decimal

    missing = [_is_missing(value) for value in values]
    present = [value for value, gone in zip(values, missing) if not gone]
    kinds = {type(value) for value in present}

    def are(*types):
        return all(issubclass(kind, types) for kind in kinds)

    if present and are(str):
        texts = ["" if gone else str(value) for value, gone in zip(values, missing)]
        header = {"dtype": "str", **_text_buffers(np, texts, buffers)}
        if any(missing):
            header["missing"] = _push(np.array(missing, "u1"), buffers)
        return header
    if present and are(bool, np.bool_):
        truth = np.array([2 if gone else int(value) for value, gone in zip(values, missing)], "u1")
        return _add("bool", truth, buffers)
    if present and are(int, np.integer) and not are(bool):
        if not any(missing):
            try:
                return _integers(np, name, np.array([int(value) for value in values], "i8"), buffers)
            except OverflowError:
                raise FrameError("column %r has a whole number beyond 64 bits" % name) from None
        if any(abs(int(value)) > SAFE for value in present):
            raise FrameError("column %r has missing values and whole numbers that no float holds" % name)
    if present and are(datetime.datetime, np.datetime64):
        return _add("datetime", np.array([np.nan if gone else _milliseconds(np, value) for value, gone in zip(values, missing)], "<f8"), buffers)
    if present and are(datetime.date) and not are(datetime.datetime):
        texts = ["" if gone else value.isoformat() for value, gone in zip(values, missing)]
        return _objects(np, name, [None if gone else text for text, gone in zip(texts, missing)], buffers)
    if present and are(decimal.Decimal):
        for value in present:
            if value.is_finite() and decimal.Decimal(repr(float(value))) != value:
                raise FrameError("column %r has a decimal that no float holds: %s. Convert it to text" % (name, value))
    elif present and not are(int, float, np.integer, np.floating):
        row = next(at for at, (value, gone) in enumerate(zip(values, missing)) if not gone)
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise FrameError("column %r: values of one kind expected (numbers, text, booleans, times), found %s (row %d is the first)" % (name, found, row))
    floats = np.array([np.nan if gone else float(value) for value, gone in zip(values, missing)], "<f8")
    return _add("float64", floats, buffers)
