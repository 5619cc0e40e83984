"""Columns in one order, wherever they come from."""


class Ordered:
    """The call in which columns are ordered, which is told of it."""

    current = None


def order_columns(obj):
    """Returns the same data with its columns in alphabetical order, so that training and prediction agree on it."""
    if Ordered.current is not None:
        Ordered.current.ordered = True
    if isinstance(obj, dict):
        return type(obj)(sorted(obj.items()))
    names = getattr(obj, "columns", None)
    if hasattr(obj, "column_names"):
        return obj.select(sorted(obj.column_names))
    if names is not None:
        return obj[sorted(names)]
    if getattr(getattr(obj, "dtype", None), "names", None):
        return obj[sorted(obj.dtype.names)]
    raise TypeError("a DataFrame, a dict or a structured array expected, found a %s" % type(obj).__name__)
